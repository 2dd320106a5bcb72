/** exatwin validate: predictions against published points, under a protocol that says what may be known. */
import { resolve } from "node:path";
import { InputError, unknownName, type Problem } from "../../model/problems.ts";
import { fitProtocols, validate as validateRuns } from "../../calibrate/index.ts";
import { protocols } from "../../model/index.ts";
import { csvOption } from "../arguments.ts";
import type { Call, Command } from "../command.ts";
import { documentsIn, duplicateProblems, type NamedDocument } from "../host/document-files.ts";
import { idsOf } from "../host/library.ts";
import { readCorpus } from "../host/published-runs.ts";
import { readJsonFile, readJsonStream } from "../host/read-json.ts";
import { looksLikeFile } from "../host/selection.ts";
import { sheetOf, type Cell } from "../host/sheet.ts";
import { validateCatalogueFile } from "../host/validated-catalogue.ts";
import { isInside, writeKinds, writeValidation } from "../text/validation.ts";

const columns = ["run", "point", "machine", "devices", "metric", "unit", "measured", "predicted", "low80", "high80", "low95", "high95", "error", "stepTimeError", "inside95"] as const;

export const validate: Command = {
  name: "validate",
  summary: "predictions against published points: error, bias, and how often the intervals hold",
  usage: ["validate [RUN or FILE...] [--protocol P]", "validate published [--protocol P]"],
  description: "Without names, every run of the scenarios folder. A file holds one run document or a list of them, or is a catalogue of published runs, of transformers, of vision and science networks, or of both, each predicted by its own model; - is standard input. published is the catalogue of the scenarios folder (runs/published), which the stored fits learn from. A catalogue stands alone, and knows leave-twins-out, leave-one-machine-out and extrapolate too: what the fits have learned from is fitted again without what the protocol leaves out, which takes from seconds to minutes. Protocols: leave-one-series-out (no fitted parameter has seen a point that is compared), cold (no fitted parameter has seen a training run), in-sample (all have).",
  options: { all: { type: "boolean", help: "also points that a run names for calibration, apart and not in the summary" }, protocol: { type: "string", value: "P", help: `one of ${protocols.join(", ")}; the first is the default. For a catalogue also ${fitProtocols.filter((name) => !protocols.some((known) => known === name)).join(", ")}` }, ...csvOption },
  examples: [
    { line: "validate", shows: "all runs, each predicted without its own published points" },
    { line: "validate summit-deeplabv3plus-fp16-2018 --protocol cold", shows: "one run, from data sheets and kernel benchmarks only" },
    { line: "validate --protocol in-sample --json", shows: "summary and cases as JSON" },
    { line: "validate published --protocol cold --csv", shows: "every published run that can be read beside its prediction, no run learned from" },
  ],
  async run(call) {
    const problems: Problem[] = [];
    const catalogue = await findCatalogue(call);
    if (catalogue) return answerCatalogue(call, catalogue.value);
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

/** The word for the catalogue of the scenarios folder. */
const stored = "published";

/** The catalogue that a call names, which is then its only word: the stored one, or a file with a list of series with points and a source, not of run documents. */
async function findCatalogue(call: Call): Promise<{ name: string; value: unknown } | undefined> {
  const [word, ...others] = call.positionals;
  if (word === undefined || word === "-" || (word !== stored && !isFile(word))) return undefined;
  const read = word === stored ? readStored(call) : readJsonFile(resolve(call.io.cwd, word), word);
  if (read.problems.length > 0 || !isCatalogue(read.value)) return undefined;
  if (others.length > 0) throw new InputError([{ code: "conflict", path: "the command line", got: `a catalogue and ${others.length} more`, expected: "a catalogue alone" }]);
  return { name: word, value: read.value };
}

function readStored(call: Call): { value: unknown; problems: [] } {
  const { series, problems } = readCorpus(call.load().folder);
  if (problems.length > 0) throw new InputError(problems);
  return { value: series, problems: [] };
}

function isCatalogue(value: unknown): boolean {
  const first = Array.isArray(value) ? (value[0] as Record<string, unknown> | null | undefined) : undefined;
  return typeof first === "object" && first !== null && Array.isArray(first["points"]) && !("plan" in first) && ("model" in first || typeof first["source"] === "object");
}

function answerCatalogue(call: Call, value: unknown) {
  const wanted = call.value("protocol") ?? protocols[0];
  const protocol = fitProtocols.find((name) => name === wanted);
  if (protocol === undefined) throw new InputError([unknownName("--protocol", "protocol", wanted, fitProtocols)]);
  const { validation, kinds, computed, assumed, notes } = validateCatalogueFile(call.load().folder, value, protocol);
  const rows = validation.cases.map((item) => ({ ...item, inside95: isInside(item) }) satisfies Record<(typeof columns)[number], Cell>);
  return {
    json: { protocol: validation.protocol, summary: validation.summary, kinds, cases: validation.cases, excluded: validation.excluded, ...(computed ? { computed } : {}), ...(assumed ? { assumed } : {}), notes },
    csv: () => sheetOf(columns, rows),
    text: (look: Parameters<typeof writeValidation>[1]) => [writeValidation(validation, look), ...writeKinds(kinds, look)].join("\n"),
    notes,
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
