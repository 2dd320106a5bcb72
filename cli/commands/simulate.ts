/** exatwin simulate: one step by events beside the analytic one, and what makes the difference. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { chromeTrace, placements, simulate as simulateStep, type Placement } from "../../model/index.ts";
import { InputError, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import { csvOption } from "../arguments.ts";
import type { Command } from "../command.ts";
import { sheetOf } from "../host/sheet.ts";
import { writeNote } from "../report.ts";
import { writeSimulation } from "../text/simulation.ts";
import { predictFor, scenarioOptions } from "./predict.ts";

const columns = ["bytes", "count", "closed_s", "simulated_s"] as const;

export const simulate: Command = {
  name: "simulate",
  summary: "one step by discrete events: collectives flow by flow on the machine's network, every device with its own speed",
  usage: ["simulate RUN [options]", "simulate MACHINE WORKLOAD [--plan PLAN] [--stack STACK] [options]"],
  description: "Beside predict: the same program, with flows that share links, speeds of devices drawn with a seed, a placement of the ranks on the machine, and a slow node where you ask for one. The difference from the prediction is split by cause. Links above the nodes' ports contend where the machine document has an interconnect.",
  options: {
    ...scenarioOptions,
    gpus: { type: "string", value: "N", help: "the number of devices; without it the largest scale of the run" },
    seed: { type: "string", value: "N", help: "of all that is drawn (default 1)" },
    draws: { type: "string", value: "N", help: "fleets of devices that are drawn (default 10)" },
    placement: { type: "string", value: "NAME", help: `which nodes the job has got: ${placements.join(", ")} (default packed)` },
    "slow-node": { type: "string", value: "FACTOR", help: "the devices of one node take that many times as long" },
    trace: { type: "string", value: "FILE", help: "writes the step of the fastest, a middle and the slowest rank as a Chrome trace, which Perfetto opens" },
    ...csvOption,
  },
  examples: [
    { line: "simulate summit-deeplabv3plus-fp16-2018 --gpus 1536", shows: "256 nodes of Summit, beside the prediction" },
    { line: "simulate summit-deeplabv3plus-fp16-2018 --gpus 1536 --slow-node 1.2 --draws 3", shows: "what one node costs that computes a fifth slower" },
    { line: "simulate piz-daint-tiramisu-2018 --gpus 512 --placement random --json", shows: "another machine, ranks anywhere, as JSON" },
  ],
  run(call) {
    const problems: Problem[] = [];
    const number = (name: string): number | undefined => {
      const text = call.value(name);
      if (text === undefined) return undefined;
      if (text.trim() === "" || !Number.isFinite(Number(text))) problems.push(wrongValue(`--${name}`, text, "a number"));
      return Number(text);
    };
    const [seed, draws, slowNode] = [number("seed"), number("draws"), number("slow-node")];
    const named = call.value("placement");
    const placement = placements.find((one) => one === named);
    if (named !== undefined && placement === undefined) problems.push(unknownName("--placement", "placement", named, placements));
    if (call.value("gpus")?.includes(",")) problems.push(wrongValue("--gpus", call.value("gpus"), "one number of devices", "predict takes several"));
    if (problems.length > 0) throw new InputError(problems);
    const { prediction, scenario, notes } = predictFor(call);
    const devices = prediction.points.at(-1)?.devices;
    if (devices === undefined) throw new InputError([wrongValue("--gpus", "no scale", "a number of devices")]);
    const simulation = simulateStep(scenario, { devices, ...given({ seed, draws, slowNode, placement }), say: (what) => writeNote(what, call.io) });
    const file = call.value("trace");
    if (file !== undefined) writeTrace(resolve(call.io.cwd, file), JSON.stringify(chromeTrace(simulation)));
    const { records, path, ...rest } = simulation;
    return { json: { ...rest, path: path.map(({ rank, name, kind, lane, start_s, end_s }) => ({ rank, name, kind, lane, start_s, end_s })), records: records.map(({ rank, slowdown, operations }) => ({ rank, slowdown, operations: operations.length })), notes: [...simulation.notes] }, csv: () => sheetOf(columns, simulation.collectives.map((one) => ({ ...one }))), text: (look) => writeSimulation(prediction, simulation, look), notes };
  },
};

interface Given {
  seed: number | undefined;
  draws: number | undefined;
  slowNode: number | undefined;
  placement: Placement | undefined;
}

const given = (options: Given): Partial<{ seed: number; draws: number; slowNode: number; placement: Placement }> => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

function writeTrace(path: string, text: string): void {
  try {
    writeFileSync(path, `${text}\n`);
  } catch (error) {
    throw new InputError([{ code: "unwritable-file", path: `--trace ${path}`, got: (error as Error).message, expected: "a file that can be written" }]);
  }
}
