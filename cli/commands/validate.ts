/** exatwin validate: predictions against published points, under a protocol that says what may be known. */
import { join, resolve } from "node:path";
import { InputError, showProblem, unknownName, type Problem } from "../../model/problems.ts";
import { fitProtocols, layerProtocols, readCatalogue, validate as validateRuns, validateCatalogue, validateLayerCatalogue } from "../../calibrate/index.ts";
import { parseDocument, protocols } from "../../model/index.ts";
import { corpusOf } from "../../model/schema/calibration.ts";
import { csvOption } from "../arguments.ts";
import type { Call, Command } from "../command.ts";
import { readCatalogueRules, readFitDocuments } from "../host/catalogue.ts";
import { documentsIn, duplicateProblems, type NamedDocument } from "../host/document-files.ts";
import { readLayerHost } from "../host/layer-catalogue.ts";
import { idsOf } from "../host/library.ts";
import { readJsonFile, readJsonStream } from "../host/read-json.ts";
import { looksLikeFile } from "../host/selection.ts";
import { sheetOf, type Cell } from "../host/sheet.ts";
import { isInside, writeValidation } from "../text/validation.ts";

const columns = ["run", "point", "machine", "devices", "metric", "unit", "measured", "predicted", "low80", "high80", "low95", "high95", "error", "stepTimeError", "inside95"] as const;

export const validate: Command = {
  name: "validate",
  summary: "predictions against published points: error, bias, and how often the intervals hold",
  usage: ["validate [RUN or FILE...] [--protocol P]"],
  description: "Without names, every run of the scenarios folder. A file holds one run document or a list of them, or is a catalogue of published runs, of transformers or of vision and science networks; - is standard input. A catalogue stands alone, and knows leave-twins-out, leave-one-machine-out and extrapolate too. Protocols: leave-one-series-out (no fitted parameter has seen a point that is compared), cold (no fitted parameter has seen a training run), in-sample (all have).",
  options: { all: { type: "boolean", help: "also points that a run names for calibration, apart and not in the summary" }, protocol: { type: "string", value: "P", help: `one of ${protocols.join(", ")}; the first is the default. For a catalogue also ${fitProtocols.filter((name) => !protocols.some((known) => known === name)).join(", ")}` }, ...csvOption },
  examples: [
    { line: "validate", shows: "all runs, each predicted without its own published points" },
    { line: "validate summit-deeplabv3plus-fp16-2018 --protocol cold", shows: "one run, from data sheets and kernel benchmarks only" },
    { line: "validate --protocol in-sample --json", shows: "summary and cases as JSON" },
  ],
  async run(call) {
    const problems: Problem[] = [];
    const catalogue = await findCatalogue(call);
    if (catalogue) return isLayerCatalogue(catalogue.value) ? answerLayerCatalogue(call, catalogue.value) : answerCatalogue(call, catalogue);
    const protocol = protocols.find((name) => name === (call.value("protocol") ?? protocols[0]));
    if (protocol === undefined) problems.push(unknownName("--protocol", "protocol", call.value("protocol") ?? "", protocols));
    const { library } = call.load();
    const runs = call.positionals.filter((word) => !isFile(word));
    for (const run of runs) {
      if (!Object.hasOwn(library.documents.run, run)) problems.push(unknownName("the command line", "run", run, idsOf(library, "run")));
    }
    const documents = await readRunFiles(call, problems);
    problems.push(...duplicateProblems(documents));
    if (problems.length > 0 || protocol === undefined) throw new InputError(problems);
    const answer = validateRuns(library, { protocol, all: call.flag("all"), ...(call.positionals.length > 0 ? { runs } : {}), ...(documents.length > 0 ? { extraRuns: documents.map(({ name, value }) => ({ name, document: value })) } : {}) });
    if (answer.validation === undefined) throw new InputError(answer.problems);
    const { validation } = answer;
    const rows = validation.cases.map((item) => ({ ...item, inside95: isInside(item) }) satisfies Record<(typeof columns)[number], Cell>);
    return {
      json: { protocol: validation.protocol, summary: validation.summary, cases: validation.cases, excluded: validation.excluded, ...(validation.calibrationCases ? { calibrationCases: validation.calibrationCases } : {}) },
      csv: () => sheetOf(columns, rows),
      text: (look) => writeValidation(validation, look),
    };
  },
};

/** The catalogue that a call names, which is then its only file: a list of series with points and a source, not of run documents. */
async function findCatalogue(call: Call): Promise<{ name: string; value: unknown } | undefined> {
  const [word, ...others] = call.positionals;
  if (word === undefined || word === "-" || !isFile(word)) return undefined;
  const read = readJsonFile(resolve(call.io.cwd, word), word);
  if (read.problems.length > 0 || !isCatalogue(read.value)) return undefined;
  if (others.length > 0) throw new InputError([{ code: "conflict", path: "the command line", got: `a catalogue and ${others.length} more`, expected: "a catalogue alone" }]);
  return { name: word, value: read.value };
}

function isCatalogue(value: unknown): boolean {
  const first = Array.isArray(value) ? (value[0] as Record<string, unknown> | null | undefined) : undefined;
  return typeof first === "object" && first !== null && Array.isArray(first["points"]) && !("plan" in first) && ("model" in first || typeof first["source"] === "object");
}

/** Networks made of layers are described by the words of a workload, transformers by the numbers of a model. */
function isLayerCatalogue(value: unknown): boolean {
  const series = (Array.isArray(value) ? value : []) as ReadonlyArray<Record<string, unknown> | null>;
  const named = (key: string): number => series.filter((one) => typeof one?.[key] === "object" && one[key] !== null).length;
  return named("workload") > named("model");
}

function answerLayerCatalogue(call: Call, value: unknown) {
  const wanted = call.value("protocol") ?? protocols[0];
  const protocol = layerProtocols.find((name) => name === wanted);
  if (protocol === undefined) throw new InputError([unknownName("--protocol", "protocol", wanted, layerProtocols)]);
  const host = readLayerHost(call.load().folder);
  if (host.problems.length > 0) throw new InputError(host.problems);
  const catalogue = host.read(value);
  if (catalogue.cases.length === 0) throw new InputError(catalogue.problems.length > 0 ? catalogue.problems : catalogue.skipped.map(({ id, rule, why }) => ({ code: "wrong-value", path: id, got: rule, expected: "a run that a rule can read", hint: why })));
  const { validation, notes } = validateLayerCatalogue(catalogue, host.documents, host.corpus, protocol);
  const rows = validation.cases.map((item) => ({ ...item, inside95: isInside(item) }) satisfies Record<(typeof columns)[number], Cell>);
  const assumed = catalogue.cases.map(({ id, assumed: list }) => ({ point: id, rules: list.map(({ rule, what }) => `${rule}: ${what}`) })).filter(({ rules }) => rules.length > 0);
  return {
    json: { protocol: validation.protocol, summary: validation.summary, cases: validation.cases, excluded: validation.excluded, assumed, notes },
    csv: () => sheetOf(columns, rows),
    text: (look: Parameters<typeof writeValidation>[1]) => writeValidation(validation, look),
    notes: [...notes, ...catalogue.problems.map(showProblem)],
  };
}

function answerCatalogue(call: Call, { value }: { name: string; value: unknown }) {
  const wanted = call.value("protocol") ?? protocols[0];
  const protocol = fitProtocols.find((name) => name === wanted);
  if (protocol === undefined) throw new InputError([unknownName("--protocol", "protocol", wanted, fitProtocols)]);
  const { library } = call.load();
  const rules = readCatalogueRules(join(call.load().folder, "catalogues", "transformer-runs.json"));
  const documents = readFitDocuments(call.load().folder);
  const problems = [...rules.problems, ...documents.problems];
  if (problems.length > 0 || rules.rules === undefined) throw new InputError(problems);
  const catalogue = readCatalogue(value, rules.rules, rules.launches);
  if (catalogue.cases.length === 0) throw new InputError(catalogue.problems.length > 0 ? catalogue.problems : catalogue.skipped.map(({ id, rule, why }) => ({ code: "wrong-value", path: id, got: rule, expected: "a complete run", hint: why })));
  const calibrations = Object.entries(library.documents.calibration).flatMap(([id, document]) => parseDocument("calibration", document, `calibrations/${id}`).document ?? []);
  const { validation, computed, notes } = validateCatalogue(catalogue, documents.documents, corpusOf(calibrations, "transformer"), protocol);
  const rows = validation.cases.map((item) => ({ ...item, inside95: isInside(item) }) satisfies Record<(typeof columns)[number], Cell>);
  return {
    json: { protocol: validation.protocol, summary: validation.summary, cases: validation.cases, excluded: validation.excluded, computed, notes },
    csv: () => sheetOf(columns, rows),
    text: (look: Parameters<typeof writeValidation>[1]) => writeValidation(validation, look),
    notes: [...notes, ...catalogue.problems.map(showProblem)],
  };
}

const isFile = (word: string) => word === "-" || looksLikeFile(word);

async function readRunFiles(call: Call, problems: Problem[]): Promise<NamedDocument[]> {
  const documents: NamedDocument[] = [];
  for (const word of new Set(call.positionals.filter(isFile))) {
    const read = word === "-" ? await readJsonStream(call.io.stdin, "standard input") : readJsonFile(resolve(call.io.cwd, word), word);
    const found = read.problems.length > 0 ? { documents: [], problems: read.problems } : documentsIn(read.value, word === "-" ? "standard input" : word, "run");
    problems.push(...found.problems);
    documents.push(...found.documents);
  }
  return documents;
}
