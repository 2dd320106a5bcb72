/** exatwin show: one document with every fact, its source, and what is computed from it. */
import { knobs, resolveScenario } from "../../model/index.ts";
import { InputError, unknownName } from "../../model/problems.ts";
import { documentFolders, storedKinds, type StoredKind } from "../../model/schema/index.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { Run } from "../../model/schema/run.ts";
import type { TransformerWorkload } from "../../model/schema/transformer.ts";
import type { LayerWorkload, Workload } from "../../model/schema/workload.ts";
import { csvOption } from "../arguments.ts";
import { requireCount, type Answer, type Call, type Command } from "../command.ts";
import { factRows, sourcesNamed } from "../host/facts.ts";
import { describeWorkload, layerColumns } from "../host/layers.ts";
import { idsOf } from "../host/library.ts";
import { describeModel } from "../host/model-facts.ts";
import { sheetOf } from "../host/sheet.ts";
import { writeFacts, writeLayers, writeSources, writeTotals } from "../text/facts.ts";
import { bold, wrap } from "../text/look.ts";
import { writeModel } from "../text/model-facts.ts";
import { writeKnobs, writeRun } from "../text/run.ts";

const columns = ["path", "text", "value", "dimension", "low", "high", "kind", "source", "note"] as const;

export const show: Command = {
  name: "show",
  summary: "one document: every fact with its interval, kind and source, and what follows from it",
  usage: ["show ID", "show KIND ID [--layers]"],
  description: "For a workload: parameters, FLOP in each convention and input bytes, computed from its layers. For a transformer: parameters by component, all and those that a token meets, and FLOP of a token in each convention. For a run: its published points, the definitions of its words, and what --set changes most often. Values read as the file writes them; --json and --csv give SI.",
  options: { layers: { type: "boolean", help: "the layer table of a workload" }, ...csvOption },
  examples: [
    { line: "show summit", shows: "the machine, with the source of each number" },
    { line: "show run summit-deeplabv3plus-fp16-2018", shows: "the published points of a run and what its words mean" },
    { line: "show workload deeplabv3plus-climate-2018 --layers", shows: "a network layer by layer" },
    { line: "show deepseek-v3", shows: "a transformer: its parameters to the unit, and its FLOP as each source counts them" },
  ],
  run(call) {
    requireCount(call, 1, 2);
    const { kind, id } = find(call);
    const { library } = call.load();
    const name = `${documentFolders[kind]}/${id}`;
    const { document, problems } = parseDocument(kind, library.documents[kind][id], name);
    if (document === undefined) throw new InputError(problems);
    const isWorkload = kind === "workload";
    if (call.flag("layers") && !isWorkload) throw new InputError([{ code: "conflict", path: "--layers", got: `--layers with a ${kind}`, expected: "a workload", hint: idsOf(library, "workload").join(", ") }]);
    return answer(call, kind, document);
  },
};

function answer(call: Call, kind: StoredKind, document: { title: string; note?: string | undefined; source?: string | undefined }): Answer {
  const { library } = call.load();
  const rows = factRows(document);
  const run = kind === "run" ? (document as Run) : undefined;
  const named = [document.source ?? "", ...rows.map(({ source }) => source), ...(run?.points ?? []).map(({ source }) => source ?? ""), ...(run?.definitions ?? []).map(({ source }) => source ?? "")];
  const sources = sourcesNamed(named, library.sources);
  const scenario = run ? resolveScenario(library, { run: run.id }).scenario : undefined;
  const changeable = scenario ? knobs(scenario) : [];
  const computed = kind === "workload" && (document as Workload).family !== "transformer" ? describeWorkload(document as LayerWorkload) : undefined;
  const model = kind === "workload" && computed === undefined ? describeModel(document as TransformerWorkload) : undefined;
  const wantsLayers = call.flag("layers");
  if (wantsLayers && model) throw new InputError([{ code: "conflict", path: "--layers", got: "--layers with a transformer", expected: "a network that is a list of layers", hint: "exatwin explain MACHINE WORKLOAD lists a transformer's operations" }]);
  return {
    json: { kind, document: library.documents[kind][(document as { id?: string }).id ?? ""], facts: rows, ...(computed ? { totals: computed.totals, ...(wantsLayers ? { layers: computed.layers } : {}) } : {}), ...(model ? { model } : {}), ...(run ? { knobs: changeable } : {}), sources },
    csv: () => (computed && wantsLayers ? sheetOf(layerColumns, computed.layers.map((layer) => ({ ...layer }))) : sheetOf(columns, rows.map((row) => ({ ...row })))),
    text: (look) =>
      [
        wrap(`${bold(document.title, look)} (${kind})`, look.width),
        ...(document.note ? [wrap(document.note, look.width)] : []),
        "",
        ...(run ? writeRun(run, look) : writeFacts(rows, look)),
        ...(computed ? writeTotals(computed.totals, look) : []),
        ...(model ? writeModel(model, look) : []),
        ...(computed && wantsLayers ? writeLayers(computed.layers, look) : []),
        ...(changeable.length > 0 ? writeKnobs(changeable, look) : []),
        ...writeSources(sources, look),
      ].join("\n"),
  };
}

function find(call: Call): { kind: StoredKind; id: string } {
  const { library } = call.load();
  const [first = "", second] = call.positionals;
  if (second !== undefined) {
    const kind = storedKinds.find((known) => known === first || documentFolders[known] === first);
    if (kind === undefined) throw new InputError([unknownName("the command line", "kind of document", first, storedKinds)]);
    if (!Object.hasOwn(library.documents[kind], second)) throw new InputError([unknownName("the command line", kind, second, idsOf(library, kind))]);
    return { kind, id: second };
  }
  const kinds = storedKinds.filter((kind) => Object.hasOwn(library.documents[kind], first));
  const [kind, other] = kinds;
  if (kind === undefined) throw new InputError([unknownName("the command line", "document", first, storedKinds.flatMap((known) => idsOf(library, known)))]);
  if (other) throw new InputError([{ code: "ambiguous-name", path: "the command line", got: `"${first}", which is ${kinds.map((known) => `a ${known}`).join(" and ")}`, expected: "KIND ID", hint: `exatwin show ${kind} ${first}` }]);
  return { kind, id: first };
}
