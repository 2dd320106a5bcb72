/** exatwin simulate: one step by events beside the analytic one, and what makes the difference. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { chromeTrace, placements, simulate as simulateStep, type Placement, type SlowLink } from "../../model/index.ts";
import { InputError, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import { csvOption } from "../arguments.ts";
import type { Command } from "../command.ts";
import { sheetOf } from "../host/sheet.ts";
import { writeNote } from "../report.ts";
import { writeSimulation } from "../text/simulation.ts";
import { choose, isTransformer, predictFor, scenarioOptions } from "./predict.ts";
import { simulateTransformerFor } from "./simulate-transformer.ts";

const columns = ["bytes", "count", "closed_s", "simulated_s"] as const;

export const simulate: Command = {
  name: "simulate",
  summary: "one step by discrete events: collectives flow by flow on the machine's network, every device with its own speed",
  usage: ["simulate RUN [options]", "simulate MACHINE WORKLOAD [--plan PLAN] [--stack STACK] [options]"],
  description: "Beside predict: the same program, with flows that share links, speeds of devices drawn with a seed, a placement of the ranks on the machine, and a slow node where you ask for one. The difference from the prediction is split by cause. Links above the nodes' ports contend where the machine document has an interconnect. Of a transformer: every pass of every micro-batch on drawn fleets of unequal devices.",
  options: {
    ...scenarioOptions,
    gpus: { type: "string", value: "N", help: "the number of devices; without it the largest scale of the run" },
    seed: { type: "string", value: "N", help: "of all that is drawn (default 1)" },
    draws: { type: "string", value: "N", help: "fleets of devices that are drawn (default 10)" },
    placement: { type: "string", value: "NAME", help: `which nodes the job has got: ${placements.join(", ")} (default packed)` },
    "slow-node": { type: "string", value: "FACTOR", help: "the devices of one node take that many times as long" },
    "slow-link": { type: "string", multiple: true, value: "NAME=SHARE", help: "a link with that share of its bandwidth: \"leaf 3 > spine 1\" as the topology names it (<> for both directions), or a kind of links; repeatable" },
    "failed-link": { type: "string", multiple: true, value: "NAME", help: "a link that carries nothing: ECMP goes around it, routing by destination cannot; repeatable" },
    background: { type: "string", value: "SHARE", help: "other jobs use that part of the links between switches, on average (default 0)" },
    jitter: { type: "string", value: "SHARE", help: "standard deviation of a device's work from step to step over its mean (default 0: no source tells it)" },
    trace: { type: "string", value: "FILE", help: "writes the step of the fastest, a middle and the slowest rank as a Chrome trace, which Perfetto opens" },
    ...csvOption,
  },
  examples: [
    { line: "simulate summit-deeplabv3plus-fp16-2018 --gpus 1536", shows: "256 nodes of Summit, beside the prediction" },
    { line: "simulate summit-deeplabv3plus-fp16-2018 --gpus 1536 --slow-node 1.2 --draws 3", shows: "what one node costs that computes a fifth slower" },
    { line: "simulate summit-deeplabv3plus-fp16-2018 --gpus 96 --background 0.2", shows: "other jobs on the fabric" },
    { line: "simulate selene gpt3-175b --slow-gpus 1%=1.2 --draws 10", shows: "a transformer whose GPUs are not equal, pass by pass" },
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
    const [background, jitter] = [number("background"), number("jitter")];
    const slowLinks = call.values("slow-link").map((text) => readSlowLink(text, problems));
    const failedLinks = call.values("failed-link");
    const named = call.value("placement");
    const placement = placements.find((one) => one === named);
    if (named !== undefined && placement === undefined) problems.push(unknownName("--placement", "placement", named, placements));
    if (call.value("gpus")?.includes(",")) problems.push(wrongValue("--gpus", call.value("gpus"), "one number of devices", "predict takes several"));
    if (problems.length > 0) throw new InputError(problems);
    const choice = choose(call);
    if (isTransformer(choice)) return simulateTransformerFor(call, choice, { seed, draws });
    const { prediction, scenario, notes } = predictFor(call, choice);
    const devices = prediction.points.at(-1)?.devices;
    if (devices === undefined) throw new InputError([wrongValue("--gpus", "no scale", "a number of devices")]);
    const simulation = simulateStep(scenario, { devices, ...given({ seed, draws, slowNode, placement, background, jitter }), slowLinks, failedLinks, say: (what) => writeNote(what, call.io) });
    const file = call.value("trace");
    if (file !== undefined) writeTrace(resolve(call.io.cwd, file), JSON.stringify(chromeTrace(simulation)));
    const { records, path, ...rest } = simulation;
    return { json: { ...rest, path: path.map(({ rank, name, kind, lane, start_s, end_s }) => ({ rank, name, kind, lane, start_s, end_s })), records: records.map(({ rank, slowdown, operations }) => ({ rank, slowdown, operations: operations.length })), notes: [...simulation.notes] }, csv: () => sheetOf(columns, simulation.collectives.map((one) => ({ ...one }))), text: (look) => writeSimulation(prediction, simulation, look), notes };
  },
};

/** The name may have signs of its own: the share stands after the last "=". */
function readSlowLink(text: string, problems: Problem[]): SlowLink {
  const at = text.lastIndexOf("=");
  const share = at < 0 ? Number.NaN : Number(text.slice(at + 1));
  if (!Number.isFinite(share) || text.slice(at + 1).trim() === "") problems.push(wrongValue("--slow-link", text, "NAME=SHARE, such as leaf-spine=0.5"));
  return { name: text.slice(0, Math.max(0, at)), share };
}

interface Given {
  seed: number | undefined;
  draws: number | undefined;
  slowNode: number | undefined;
  placement: Placement | undefined;
  background: number | undefined;
  jitter: number | undefined;
}

const given = (options: Given): Partial<{ seed: number; draws: number; slowNode: number; placement: Placement; background: number; jitter: number }> => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

function writeTrace(path: string, text: string): void {
  try {
    writeFileSync(path, `${text}\n`);
  } catch (error) {
    throw new InputError([{ code: "unwritable-file", path: `--trace ${path}`, got: (error as Error).message, expected: "a file that can be written" }]);
  }
}
