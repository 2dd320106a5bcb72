/** exatwin validate: predictions against published points, under a protocol that says what may be known. */
import { resolve } from "node:path";
import { InputError, unknownName, type Problem } from "../../model/problems.ts";
import { validate as validateRuns } from "../../calibrate/index.ts";
import { protocols } from "../../model/index.ts";
import { csvOption } from "../arguments.ts";
import type { Call, Command } from "../command.ts";
import { documentsIn, duplicateProblems, type NamedDocument } from "../host/document-files.ts";
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
  description: "Without names, every run of the scenarios folder. A file holds one run document or a list of them; - is standard input. Protocols: leave-one-series-out (no fitted parameter has seen a point that is compared), cold (no fitted parameter has seen a training run), in-sample (all have).",
  options: { all: { type: "boolean", help: "also points that a run names for calibration, apart and not in the summary" }, protocol: { type: "string", value: "P", help: `one of ${protocols.join(", ")}; the first is the default` }, ...csvOption },
  examples: [
    { line: "validate", shows: "all runs, each predicted without its own published points" },
    { line: "validate summit-deeplabv3plus-fp16-2018 --protocol cold", shows: "one run, from data sheets and kernel benchmarks only" },
    { line: "validate --protocol in-sample --json", shows: "summary and cases as JSON" },
  ],
  async run(call) {
    const problems: Problem[] = [];
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
