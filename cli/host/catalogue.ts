/** Reads what a fit of a catalogue needs from disk: the rules, and all documents of devices, machines, transformer stacks and transformers. */
import { dirname, join } from "node:path";
import type { FitDocuments } from "../../calibrate/fit/transformer/runs.ts";
import type { ArchitectureOf } from "../../calibrate/readers/catalogue/prose.ts";
import type { Problem } from "../../model/problems.ts";
import { corpusOf, type Calibration, type CorpusCalibration } from "../../model/schema/calibration.ts";
import type { CatalogueRules } from "../../model/schema/catalogue-rules.ts";
import type { LaunchRecipes } from "../../model/schema/launch-recipes.ts";
import type { Device } from "../../model/schema/device.ts";
import type { Machine } from "../../model/schema/machine.ts";
import type { AnyStack } from "../../model/schema/stack.ts";
import type { TransformerStack } from "../../model/schema/stack-transformer.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { Workload } from "../../model/schema/workload.ts";
import { makeArchitecture } from "../../model/workload/transformer/make-architecture.ts";
import { readLibrary } from "./library.ts";
import { readJsonFile } from "./read-json.ts";

export interface ReadRules {
  readonly rules?: CatalogueRules;
  /** Of the frameworks that the rules name. */
  readonly launches: readonly LaunchRecipes[];
  readonly problems: readonly Problem[];
}

/** The rules in `file`, and the launch recipes that lie beside it. */
export function readCatalogueRules(file: string): ReadRules {
  const read = readJsonFile(file, "catalogue rules");
  if (read.problems.length > 0) return { launches: [], problems: read.problems };
  const { document, problems } = parseDocument("catalogue-rules", read.value, "catalogue rules");
  if (document === undefined) return { launches: [], problems };
  const all: Problem[] = [...problems];
  const launches = document.launches.flatMap((id): LaunchRecipes[] => {
    const own = readJsonFile(join(dirname(file), `${id}.json`), `launch recipes ${id}`);
    const parsed = own.problems.length > 0 ? own : parseDocument("launch-recipes", own.value, `launch recipes ${id}`);
    all.push(...parsed.problems);
    return "document" in parsed && parsed.document !== undefined ? [parsed.document] : [];
  });
  return { rules: document, launches, problems: all };
}

export interface ReadFitDocuments {
  readonly documents: FitDocuments;
  /** Of a workload document that is a transformer. */
  readonly architectureOf: ArchitectureOf;
  /** The stored fit of such runs. */
  readonly corpus: CorpusCalibration | undefined;
  readonly problems: readonly Problem[];
}

export function readFitDocuments(scenarios: string): ReadFitDocuments {
  const { library, problems: unread } = readLibrary(scenarios);
  const problems = [...unread];
  const parse = <T>(kind: "calibration" | "device" | "machine" | "stack" | "workload"): Array<[string, T]> =>
    Object.entries(library.documents[kind]).flatMap(([id, value]): Array<[string, T]> => {
      const parsed = parseDocument(kind, value, `${kind}s/${id}`);
      problems.push(...parsed.problems);
      return parsed.document === undefined ? [] : [[id, parsed.document as T]];
    });
  const stacks = parse<AnyStack>("stack").filter((entry): entry is [string, TransformerStack] => entry[1].kind === "transformer");
  const architectures = new Map(parse<Workload>("workload").flatMap(([id, one]) => (one.family === "transformer" ? [[id, makeArchitecture(one.options)] as const] : [])));
  return { documents: { devices: Object.fromEntries(parse<Device>("device")), machines: Object.fromEntries(parse<Machine>("machine")), stacks: Object.fromEntries(stacks) }, architectureOf: (id) => architectures.get(id), corpus: corpusOf(parse<Calibration>("calibration").map(([, one]) => one), "transformer"), problems };
}
