/** exatwin scale: a trace of one or a few ranks as a step of many. */
import { resolve } from "node:path";
import { predictTraced } from "../../model/predict/traced.ts";
import { InputError, missingKey, unknownName } from "../../model/problems.ts";
import { collectiveLibraryIds, type CollectiveLibraryId } from "../../model/schema/stack-collective.ts";
import { csvOption } from "../arguments.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { documentFile } from "../host/document-files.ts";
import { withDocument } from "../host/library.ts";
import { looksLikeFile, readDevices } from "../host/selection.ts";
import { sheetOf } from "../host/sheet.ts";
import { readTracedStep } from "../import/trace-step.ts";
import { writeTraced, type TracedAnswer } from "../text/traced.ts";

const columns = ["devices", "nodes", "stepTime_s", "low95_s", "high95_s", "compute_s", "exchange_s", "exposed_s", "efficiency"] as const;

export const scale: Command = {
  name: "scale",
  summary: "a measured trace of one or a few ranks as a step at any size of data parallelism",
  usage: ["scale TRACE --machine MACHINE [--gpus N,...] [--library LIBRARY]"],
  description: "Reads one step of a PyTorch profiler trace (Kineto) or a Chakra trace, gzip too: the times of its kernels stay as measured, in their order and beside each other as they were; what ranks exchange is timed anew for the machine and the number of GPUs. What the trace leaves open is told below the curve. A trace that is cut off, or of the host alone, is refused.",
  options: {
    machine: { type: "string", value: "MACHINE", help: "the machine to run on: a document's name or a JSON file" },
    gpus: { type: "string", value: "N[,N...]", help: "numbers of devices; without it five sizes from one node on" },
    library: { type: "string", value: "LIBRARY", help: `what exchanges: ${collectiveLibraryIds.join(", ")}; without it nccl, or rccl for a trace of AMD` },
    ...csvOption,
  },
  examples: [
    { line: "scale logs/kineto/current.json --machine summit", shows: "a profiled step of 8 ranks on Summit, from one node on" },
    { line: "scale logs/kineto/current.json --machine summit --gpus 6,384 --json", shows: "the same at two sizes, as JSON" },
    { line: "scale logs/chakra/current.et --machine dgx-h100 --gpus 8,64 --csv", shows: "a Chakra trace on eight H100 a node, as CSV" },
  ],
  async run(call) {
    requireCount(call, 1, 1);
    const [word = ""] = call.positionals;
    const { devices, problems } = readDevices(call.value("gpus"));
    const wanted = call.value("machine");
    if (wanted === undefined) problems.push(missingKey("--machine", "the machine to run on: exatwin list machines names them"));
    const named = call.value("library");
    if (named !== undefined && !isLibrary(named)) problems.push(unknownName("--library", "library", named, collectiveLibraryIds));
    if (problems.length > 0 || wanted === undefined) throw new InputError(problems);
    const trace = await readTracedStep(resolve(call.io.cwd, word), word);
    const { library, machine } = machineOf(call, wanted);
    const amd = /AMD|Radeon|Instinct|gfx\d/i.test(trace.device ?? "");
    const exchange: CollectiveLibraryId = named !== undefined && isLibrary(named) ? named : amd ? "rccl" : "nccl";
    const { prediction, problems: wrong } = predictTraced(library, trace.step, { machine, library: exchange, devices });
    if (!prediction) throw new InputError(wrong);
    const assumed = [
      `compute is as fast as in the trace (${trace.device ?? "its device is not named"}); the machine has ${prediction.machine.device}, and nothing is converted`,
      "each rank does the work of the trace's rank: the batch grows with the ranks",
      ...(named === undefined ? [`exchanges by ${exchange}: --library takes another`] : []),
      ...trace.assumed,
    ];
    const answer: TracedAnswer = { ...prediction, trace: { file: trace.file, reader: trace.reader, step: trace.name, device: trace.device ?? null }, assumed };
    return {
      json: answer,
      csv: () => sheetOf(columns, answer.points.map(({ stepTime_s, ...rest }) => ({ ...rest, stepTime_s: stepTime_s.value, low95_s: stepTime_s.low95, high95_s: stepTime_s.high95 }))),
      text: (look) => writeTraced(answer, look),
    };
  },
};

const isLibrary = (name: string): name is CollectiveLibraryId => (collectiveLibraryIds as readonly string[]).includes(name);

/** The machine by name, or from a file that joins the library for this command. */
function machineOf(call: Call, word: string) {
  const { library } = call.load();
  if (!looksLikeFile(word)) return { library, machine: word };
  const { document, problems } = documentFile(word, call.io.cwd, "machine");
  if (!document) throw new InputError(problems);
  return { library: withDocument(library, "machine", document.id, document.value), machine: document.id };
}
