/**
 * The time of one step of a transformer, and what it is made of: rows of the program by the costs, stages by the pipeline's closed form, then what a step has once.
 * A result is a Float64Array of `resultLength` numbers (terms.ts), reused where the caller gives one. Terms are those of the slowest stage; what other stages wait is the bubble.
 */
import { timeBlocks } from "../../cost/transformer/operations.ts";
import { parameterIndex, type TransformerHardware, type TransformerValues } from "../../cost/transformer/parameters.ts";
import { ratesOf, visibleShare } from "../../cost/transformer/rates.ts";
import { costsOf, ratesFor, type StepCosts } from "../../cost/transformer/step-costs.ts";
import { timeStepRows } from "../../cost/transformer/step-operations.ts";
import type { Layout } from "../../plan/layout.ts";
import * as columns from "../../program/transformer/columns.ts";
import type { TransformerProgram } from "../../program/transformer/columns.ts";
import { sharedProgram } from "../../program/transformer/shared-blocks.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { bubble, type StageSums } from "./bubble.ts";
import { stageTimes, type StageTimes } from "./stage-times.ts";
import * as terms from "./terms.ts";

// A module's own constants become part of its machine code; those of other modules are looked up at every use.
const { Block, firstStepBlock, launchPart, layerKindCount, layerParts, Part } = columns;
const { Result, resultLength } = terms;
const at = parameterIndex;

export function timeStep(architecture: Architecture, layout: Layout, hardware: TransformerHardware, values: TransformerValues, out: Float64Array = new Float64Array(resultLength)): Float64Array {
  return timeAtCosts(architecture, layout, costsOf(hardware, values), out);
}

/** The same with costs that are made once for many layouts. */
export function timeAtCosts(architecture: Architecture, layout: Layout, costs: StepCosts, out: Float64Array): Float64Array {
  const shared = sharedProgram(architecture, layout);
  const { program } = shared;
  const rates = ratesFor(costs, layout, program.wideBytes, program.narrowBytes);
  if (shared.timed !== costs) {
    timeBlocks(program, rates);
    shared.timed = costs;
  }
  timeStepRows(program, rates);
  return addUp(program, layout, costs.hardware, costs.values, out);
}

/** The same from a program that is built already; a fit builds each one once. */
export function timeProgram(program: TransformerProgram, layout: Layout, hardware: TransformerHardware, values: TransformerValues, out: Float64Array = new Float64Array(resultLength)): Float64Array {
  const rates = ratesOf(hardware, values, layout, program.wideBytes, program.narrowBytes);
  timeBlocks(program, rates);
  timeStepRows(program, rates);
  return addUp(program, layout, hardware, values, out);
}

const stageSums: StageSums = { forward: 0.1, data: 0.1, weight: 0.1, slowForward: 0.1, slowData: 0.1, slowWeight: 0.1 };

function addUp(program: TransformerProgram, layout: Layout, hardware: TransformerHardware, values: TransformerValues, out: Float64Array): Float64Array {
  const { stepTimes } = program;
  const times = stageTimes(program, layout, values);
  const { pipeline, virtualStages, microBatches, overlap } = layout;
  findBusiest(program, times, layout);
  const slowest = stageSums.slowForward + stageSums.slowData + stageSums.slowWeight;

  // 1. Micro-batches on the slowest stage, and waiting for the others.
  const { first, second } = busiest;
  for (let term = Result.ideal; term <= Result.expert; term++) out[term] = 0;
  addLayers(program, first, first === second ? microBatches : microBatches / 2, out);
  if (first !== second) addLayers(program, second, microBatches / 2, out);
  out[Result.bubble] = bubble(layout.schedule, pipeline, virtualStages, microBatches, stageSums);
  out[Result.head] = (microBatches / 2) * ((times.ends[first] as number) + (times.ends[second] as number));

  // 2. What goes between stages, to other shards and to the host, once per micro-batch.
  const slowdown = values[at.overlapSlowdown] as number;
  const messages = stepTimes[Block.messages - firstStepBlock] as number;
  const visible = messages * visibleShare(overlap.pipeline, values[at.pipelineExposed] as number, slowdown);
  out[Result.messages] = visible * microBatches + ((pipeline - 1) / virtualStages) * messages;
  const passes = microBatches * slowest + (out[Result.bubble] as number) + (out[Result.messages] as number);
  out[Result.passes] = passes;
  const transfer = (stepTimes[Block.offload - firstStepBlock] as number) / 2;
  const forward = Math.max(stageSums.slowForward, transfer);
  const backward = Math.max(stageSums.slowData + stageSums.slowWeight, transfer);
  const busy = forward + backward;
  const waiting = transfer > 0 ? microBatches * Math.max(0, busy - slowest) : 0;
  const shards = (stepTimes[Block.shards - firstStepBlock] as number) / (values[at.shardEfficiency] as number);
  let data = shards > 0 ? (microBatches + (pipeline - 1) / virtualStages) * (overlap.parameters ? besides(busy, shards, values[at.shardExposed] as number) - busy : shards) : 0;

  // 3. What a step has once. Gradients hide at most behind the last backward pass, parameters behind the first forward pass.
  const exposed = values[at.dataExposed] as number;
  const gradients = stepTimes[Block.gradients - firstStepBlock] as number;
  const parameters = stepTimes[Block.parameters - firstStepBlock] as number;
  const shown = visibleShare(true, exposed, slowdown);
  data += overlap.gradients ? Math.max(shown * gradients, gradients - backward) : gradients;
  data += overlap.parameters ? Math.max(shown * parameters, parameters - forward) : parameters;
  const optimizer = stepTimes[Block.update - firstStepBlock] as number;
  const offload = waiting + (stepTimes[Block.transfers - firstStepBlock] as number);
  const fixed = values[at.fixed] as number;
  out[Result.data] = data;
  out[Result.optimizer] = optimizer;
  out[Result.offload] = offload;
  out[Result.fixed] = fixed;

  // 4. A step waits for the slowest node.
  const step = passes + data + optimizer + offload + fixed;
  const jitter = step * (values[at.jitter] as number) * lagOf(layout.devices / hardware.devicesPerNode);
  out[Result.jitter] = jitter;
  out[Result.step] = step + jitter;
  return out;
}

const lag = { nodes: 1, deviations: 0 };

/** Standard deviations that the slowest of so many nodes is behind the mean. Remembered, as a logarithm costs as much as several rows. */
function lagOf(nodes: number): number {
  if (nodes === lag.nodes) return lag.deviations;
  lag.nodes = nodes;
  lag.deviations = nodes > 1 ? Math.sqrt(2 * Math.log(nodes)) : 0;
  return lag.deviations;
}

/** Compute and gathering side by side: the 4-norm, and a share of the shorter one. */
function besides(compute: number, gathering: number, exposed: number): number {
  const x = compute * compute;
  const y = gathering * gathering;
  return Math.sqrt(Math.sqrt(x * x + y * y)) + exposed * Math.min(compute, gathering);
}

/** Runs whose stages share a device, each half of the micro-batches: one run twice, or with DualPipe stage i and stage p-1-i. */
const busiest = { first: 0, second: 0 };

/** Sums over stages, and the device that works longest. */
function findBusiest({ runs, stages }: TransformerProgram, { forward, data, weight }: StageTimes, { schedule, pipeline }: Layout): void {
  stageSums.forward = stageSums.data = stageSums.weight = 0;
  let most = -1;
  const last = runs - 1;
  const paired = schedule === "dualpipe" && pipeline > 1;
  for (let run = 0; run < runs; run++) {
    const count = stages[run] as number;
    const f = forward[run] as number;
    const b = data[run] as number;
    const w = weight[run] as number;
    stageSums.forward += count * f;
    stageSums.data += count * b;
    stageSums.weight += count * w;
    const other = paired && run === 0 ? last : run;
    if (paired && run === last) continue;
    const time = (f + b + w + (forward[other] as number) + (data[other] as number) + (weight[other] as number)) / 2;
    if (time > most) {
      most = time;
      busiest.first = run;
      busiest.second = other;
    }
  }
  const { first, second } = busiest;
  stageSums.slowForward = ((forward[first] as number) + (forward[second] as number)) / 2;
  stageSums.slowData = ((data[first] as number) + (data[second] as number)) / 2;
  stageSums.slowWeight = ((weight[first] as number) + (weight[second] as number)) / 2;
}

function addLayers(program: TransformerProgram, run: number, microBatches: number, out: Float64Array): void {
  const { layerTimes: layers } = program;
  for (let place = 0; place < program.kinds; place++) {
    const kind = program.present[place] as number;
    const count = (program.layers[run * layerKindCount + kind] as number) * microBatches;
    if (count === 0) continue;
    const row = kind * layerParts;
    const ideal = layers[row + Part.ideal] as number;
    out[Result.ideal] = (out[Result.ideal] as number) + count * ideal;
    out[Result.inefficiency] = (out[Result.inefficiency] as number) + count * ((layers[row + Part.products] as number) - ideal);
    out[Result.memory] = (out[Result.memory] as number) + count * (layers[row + Part.memory] as number);
    out[Result.tensor] = (out[Result.tensor] as number) + count * (layers[row + Part.tensor] as number);
    out[Result.context] = (out[Result.context] as number) + count * (layers[row + Part.context] as number);
    out[Result.expert] = (out[Result.expert] as number) + count * (layers[row + Part.expert] as number);
    out[Result.launch] = (out[Result.launch] as number) + count * (layers[row + launchPart] as number);
  }
}
