/**
 * A catalogue of published runs beside predictions, whatever its networks: series are read as transformers and as networks of layers, each kind is predicted by its own
 * model and stored fit, and the answer is one. A row that neither reads is left out once, by the rule that says most.
 */
import { join } from "node:path";
import { readCatalogue, validateCatalogue, validateLayerCatalogue, type FitProtocol } from "../../calibrate/index.ts";
import { isProse } from "../../calibrate/readers/catalogue/prose.ts";
import { listRows } from "../../calibrate/readers/catalogue/read-catalogue.ts";
import { summarise } from "../../calibrate/summarise.ts";
import type { Validation } from "../../model/prediction.ts";
import { InputError, showProblem, type Problem } from "../../model/problems.ts";
import { readCatalogueRules, readFitDocuments } from "./catalogue.ts";
import { readLayerHost } from "./layer-catalogue.ts";

/** Rule of a row that is no transformer: the reader of layers tells more. */
const otherKind = "no-transformer";

export interface CatalogueAnswer {
  readonly validation: Validation;
  /** Of each kind of network that the catalogue has cases of. */
  readonly kinds: Readonly<Partial<Record<"transformers" | "layers", Validation["summary"]>>>;
  /** Rows of transformers whose numbers are computed, scored apart. */
  readonly computed: Validation["summary"] | undefined;
  /** What rules filled in for networks of layers. */
  readonly assumed: ReadonlyArray<{ readonly point: string; readonly rules: readonly string[] }> | undefined;
  readonly notes: readonly string[];
}

export function validateCatalogueFile(scenarios: string, value: unknown, protocol: FitProtocol): CatalogueAnswer {
  const rows = listRows(value, []).points;
  const worded = rows.some(isProse);
  const transformers = validateTransformers(scenarios, value, protocol);
  const layers = worded ? validateLayers(scenarios, value, protocol) : undefined;
  const parts = [transformers, layers].filter((part): part is NonNullable<typeof part> => part !== undefined && part.read > 0);
  if (parts.length === 0) throw new InputError(layers?.reasons ?? transformers.reasons);

  const told = new Set(transformers.validation.excluded.flatMap(({ point, reason }) => (reason.startsWith(`${otherKind}:`) ? [] : [point])));
  const asTransformer = new Set([...transformers.validation.cases.map(({ point }) => point), ...told]);
  const excluded = layers === undefined ? transformers.validation.excluded : [...transformers.validation.excluded.filter(({ point }) => told.has(point)), ...layers.validation.excluded.filter(({ point }) => !asTransformer.has(point))];
  const cases = parts.flatMap((part) => part.validation.cases);
  const several = parts.length > 1;
  const scored = { transformers: transformers.read > 0 ? transformers : undefined, layers: layers !== undefined && layers.read > 0 ? layers : undefined };
  return {
    validation: { protocol, summary: summarise(cases), cases, excluded },
    kinds: { ...(scored.transformers ? { transformers: scored.transformers.validation.summary } : {}), ...(scored.layers ? { layers: scored.layers.validation.summary } : {}) },
    computed: scored.transformers?.computed,
    assumed: scored.layers?.assumed,
    notes: parts.flatMap(({ name, notes }) => notes.map((note) => (several ? `${name}: ${note}` : note))),
  };
}

interface Part {
  readonly name: string;
  /** Rows that became cases. */
  readonly read: number;
  readonly validation: Validation;
  readonly notes: readonly string[];
  /** Why there is no case. */
  readonly reasons: readonly Problem[];
}

function validateTransformers(scenarios: string, value: unknown, protocol: FitProtocol): Part & { computed: Validation["summary"] } {
  const rules = readCatalogueRules(join(scenarios, "catalogues", "transformer-runs.json"));
  const { documents, architectureOf, corpus, problems } = readFitDocuments(scenarios);
  if (rules.rules === undefined || rules.problems.length + problems.length > 0) throw new InputError([...rules.problems, ...problems]);
  const catalogue = readCatalogue(value, rules.rules, rules.launches, architectureOf);
  const { validation, computed, notes } = validateCatalogue(catalogue, documents, corpus, protocol);
  const reasons = catalogue.problems.length > 0 ? catalogue.problems : catalogue.skipped.map(({ id, rule, why }) => ({ code: "wrong-value" as const, path: id, got: rule, expected: "a complete run", hint: why }));
  return { name: "transformers", read: catalogue.cases.length, validation, computed, notes: [...notes, ...catalogue.problems.map(showProblem)], reasons };
}

function validateLayers(scenarios: string, value: unknown, protocol: FitProtocol): Part & { assumed: NonNullable<CatalogueAnswer["assumed"]> } {
  const host = readLayerHost(scenarios);
  if (host.problems.length > 0) throw new InputError(host.problems);
  const catalogue = host.read(value);
  const { validation, notes } = validateLayerCatalogue(catalogue, host.documents, host.corpus, protocol);
  const reasons = catalogue.problems.length > 0 ? catalogue.problems : catalogue.skipped.map(({ id, rule, why }) => ({ code: "wrong-value" as const, path: id, got: rule, expected: "a run that a rule can read", hint: why }));
  const assumed = catalogue.cases.map(({ id, assumed: list }) => ({ point: id, rules: list.map(({ rule, what }) => `${rule}: ${what}`) })).filter(({ rules }) => rules.length > 0);
  return { name: "layer networks", read: catalogue.cases.length, validation, notes: [...notes, ...catalogue.problems.map(showProblem)], reasons, assumed };
}
