/**
 * What a transformer's step is made of at one number of devices: every row of the step program with its time in the step, slowest first, and each term's formula with the
 * numbers of this layout put in. From the same program and values as the prediction. A row's time is that of its kernels and messages alone, on the slowest stage: what is
 * hidden beside compute, host time and waiting stand in the terms.
 */
import { parameterIndex as at } from "../cost/transformer/parameters.ts";
import { visibleShare } from "../cost/transformer/rates.ts";
import { describeTerms } from "../engine/pipeline/describe.ts";
import { stageTimes } from "../engine/pipeline/stage-times.ts";
import { Result, transformerTerms, type TransformerTerm } from "../engine/pipeline/terms.ts";
import { timeProgram } from "../engine/pipeline/time-step.ts";
import { chooseTransformerLayouts } from "../predict/transformer/predict.ts";
import { prepareTransformer, type PreparedTransformer } from "../predict/transformer/prepare.ts";
import { addUnequal, unequalDevices } from "../predict/transformer/unequal.ts";
import { buildTransformerProgram } from "../program/transformer/build.ts";
import { blockNames, Block, encoderKind, followingBlocks, layerKindCount, mixerBlocks, type TransformerProgram } from "../program/transformer/columns.ts";
import { describeProgram } from "../program/transformer/describe.ts";
import type { Layout } from "../plan/layout.ts";
import type { Protocol } from "../resolve/parameters.ts";
import type { TransformerScenario } from "../scenario.ts";
import { formatCount, formatNumber, showQuantity } from "../units.ts";
import { describeUnequal } from "../variability/describe.ts";

export interface TransformerOperation {
  /** Part of the model that the row belongs to, such as attention or experts; or messages, shards, gradients, update. */
  readonly block: string;
  readonly operation: string;
  readonly pass: string;
  readonly sizes: string;
  readonly narrow: boolean;
  /** How often the block runs in a step on the slowest stage: layers times micro-batches. */
  readonly times: number;
  /** Of one run, recomputation included. */
  readonly once_s: number;
  readonly step_s: number;
  readonly flop: number;
  readonly bytes: number;
  readonly rate_flop_per_s: number;
  readonly rate_bytes_per_s: number;
}

export interface ExplainedTransformerTerm {
  readonly term: TransformerTerm;
  readonly means: string;
  readonly equation: string;
  readonly source: string;
}

export interface TransformerExplanation {
  readonly devices: number;
  readonly step_s: number;
  readonly terms: readonly ExplainedTransformerTerm[];
  readonly operations: readonly TransformerOperation[];
  readonly stages: ReturnType<typeof describeProgram>["stages"];
}

export function explainTransformer(scenario: TransformerScenario, options: { readonly devices?: number; readonly protocol?: Protocol } = {}): TransformerExplanation {
  const prepared = prepareTransformer(scenario, options.protocol ?? "in-sample");
  const { architecture, hardware, posterior } = prepared;
  const layout = chooseTransformerLayouts(prepared, options.devices === undefined ? undefined : [options.devices])[0]!.layout;
  const program = buildTransformerProgram(architecture, layout);
  const result = timeProgram(program, layout, hardware, posterior.values);
  const equations = writeEquations(prepared, layout, result);
  const unequal = unequalDevices(prepared, layout);
  if (unequal) {
    const equal_s = result[Result.jitter] as number;
    addUnequal(result, unequal, layout);
    equations.jitter += `; ${describeUnequal(unequal, layout.devices).join("; ")}: compute x (expected slowest of all - slowest of equal ones) = ${showQuantity((result[Result.jitter] as number) - equal_s, "time")} more`;
  }
  const { rows, stages } = describeProgram(program);
  const times = timesOfBlocks(program, layout, posterior.values);
  const operations = rows.map((row): TransformerOperation => {
    const runs = times[blockNames.indexOf(row.block as (typeof blockNames)[number])] ?? 0;
    const rate = (amount: number) => (row.time_s > 0 ? amount / row.time_s : 0);
    return { block: row.block, operation: row.operation, pass: row.phase, sizes: row.sizes, narrow: row.narrow, times: runs, once_s: row.time_s, step_s: row.time_s * runs, flop: row.flop * runs, bytes: row.bytes * runs, rate_flop_per_s: rate(row.flop), rate_bytes_per_s: rate(row.bytes) };
  });
  return {
    devices: layout.devices,
    step_s: result[0] as number,
    terms: describeTerms(result).map(({ term, means, source }) => ({ term, means, source, equation: equations[term] })),
    operations: operations.filter(({ step_s }) => step_s > 0).toSorted((a, b) => b.step_s - a.step_s),
    stages,
  };
}

/** Runs of every block in a step, on the stage that computes longest. */
function timesOfBlocks(program: TransformerProgram, layout: Layout, values: Float64Array): Float64Array {
  const times = new Float64Array(blockNames.length);
  const { forward, data, weight } = stageTimes(program, layout, values);
  let slowest = 0;
  for (let run = 1; run < program.runs; run++) if (sumAt(run) > sumAt(slowest)) slowest = run;
  function sumAt(run: number): number {
    return (forward[run] ?? 0) + (data[run] ?? 0) + (weight[run] ?? 0);
  }
  const { microBatches } = layout;
  const add = (block: number, count: number) => (times[block] = (times[block] ?? 0) + count);
  for (let kind = 0; kind < layerKindCount; kind++) {
    const layers = (program.layers[slowest * layerKindCount + kind] ?? 0) * microBatches;
    add(mixerBlocks[kind] ?? Block.none, layers);
    add(followingBlocks[kind] ?? Block.none, layers);
    if (kind !== encoderKind) add(Block.cross, layers);
  }
  const last = slowest === program.runs - 1;
  if (slowest === 0) add(Block.embedding, microBatches);
  if (last) {
    add(Block.head, microBatches * (1 + program.extra));
    add(Block.projection, microBatches * program.extra);
  }
  for (const block of [Block.messages, Block.shards, Block.offload]) add(block, microBatches);
  for (const block of [Block.gradients, Block.parameters, Block.update, Block.transfers]) add(block, 1);
  return times;
}

function writeEquations({ hardware, posterior, architecture }: PreparedTransformer, layout: Layout, result: Float64Array): Record<TransformerTerm, string> {
  const { pipeline, virtualStages, microBatches, schedule, data, context, tensor, devices } = layout;
  const term = (name: TransformerTerm) => result[transformerTerms.indexOf(name) + 1] as number;
  const time = (name: TransformerTerm) => showQuantity(term(name), "time");
  const value = (name: keyof typeof at) => posterior.values[at[name]] as number;
  const share = (name: keyof typeof at) => formatNumber(value(name), 3);
  const shown = (name: keyof typeof at) => formatNumber(visibleShare(true, value(name), value("overlapSlowdown")), 3);
  const n = formatCount(microBatches);
  const ideal = term("ideal-compute");
  const flop = showQuantity((ideal * hardware.peak_flop_per_s) / microBatches, "work");
  const pass_s = (ideal + term("kernel-inefficiency") + term("memory-bound") + term("launch") + term("tensor") + term("context") + term("expert") + term("head")) / microBatches;
  const nodes = devices / hardware.devicesPerNode;
  const before = (result[0] as number) - term("jitter");
  const bubbles: Record<Layout["schedule"], string> = {
    gpipe: "(p - 1)(f + b)", "1f1b": "(p - 1)(f + b)", interleaved: "(p - 1)(f + b) / v", "zero-bubble": "(p - 1)(f + b_data) - min(p, n) w + w", dualpipe: "(p/2 - 1)(f&b + b - 3w)",
  };
  return {
    "ideal-compute": `n x FLOP of a micro-batch / peak = ${n} x ${flop} / ${showQuantity(hardware.peak_flop_per_s, "rate")} = ${time("ideal-compute")}`,
    "kernel-inefficiency": `products and attention at a ceiling of ${share("gemmCeiling")} of the peak, flash attention at ${share("flashShare")}, with tiles, ramps and recomputation's own kernels, less the ideal = ${time("kernel-inefficiency")}`,
    "memory-bound": `bytes x elementwise ${share("elementwise")}${layout.attentionKernel === "unfused" ? `, of scores x ${share("attentionTraffic")},` : ""} / (memory share ${share("memoryShare")} x ${showQuantity(hardware.memory_bytes_per_s, "bandwidth")}) = ${time("memory-bound")}`,
    launch: `a layer takes (device^5 + host^5)^(1/5), host ${layout.graphs === "step" ? "nothing, the step is one graph" : `${layout.graphs === "none" ? showQuantity(value("layerLaunch"), "time") : "nothing (recorded)"} a layer and pass${architecture.experts === null ? "" : `, ${showQuantity(value("expertLaunch"), "time")} for experts and ${showQuantity(value("groupLaunch"), "time")} for each that a rank holds`}`}, less the device = ${time("launch")}`,
    tensor: tensor === 1 ? "no tensor ranks" : `collectives at ${showQuantity(value("nodeBandwidth"), "bandwidth")} inside a node, half of that at ${showQuantity(value("nodeHalfSize"), "data")}${layout.overlap.tensor ? `, of which ${shown("tensorExposed")} shows` : ""}, and ranks wait ${showQuantity(value("tensorSkew"), "time")} at each = ${time("tensor")}`,
    context: context === 1 ? "no context ranks" : `keys and values of ${formatCount(layout.sequence / context)} tokens to ${context} ranks, ${layout.contextScheme} = ${time("context")}`,
    expert: architecture.experts === null || layout.expert * layout.expertTensor === 1 ? "no exchange between experts" : `dispatch and return (${layout.expertDispatch}) at the rate of the slowest link, of which ${layout.overlap.expert ? shown("expertExposed") : "all"} shows, x imbalance = ${time("expert")}`,
    "pipeline-bubble": pipeline === 1 ? "one stage" : `${bubbles[schedule]} with p = ${pipeline}, v = ${virtualStages}, n = ${n}, f + b = ${showQuantity(pass_s, "time")} on the slowest stage; uneven stages counted = ${time("pipeline-bubble")}`,
    "pipeline-messages": pipeline === 1 ? "one stage" : `n x message x what shows${layout.overlap.pipeline ? ` (${shown("pipelineExposed")})` : " (all)"}, and (p - 1) / v messages to fill = ${time("pipeline-messages")}`,
    data: data * context === 1 ? `one data rank${term("data") > 0 ? `; first and last stage sum the shared embedding = ${time("data")}` : ""}` : `gradients of ${formatCount(value("gradientBytes"))} B over ${formatCount(data * context)} ranks, ${layout.sharding === "none" ? "summed" : `states sharded: ${layout.sharding}`}, of which ${layout.overlap.gradients ? shown("dataExposed") : "all"} shows = ${time("data")}`,
    optimizer: `bytes of weights, gradients and states x ${share("optimizer")} / (memory share ${share("memoryShare")} x ${showQuantity(hardware.memory_bytes_per_s, "bandwidth")}) = ${time("optimizer")}`,
    offload: layout.offload.optimizer + layout.offload.activations === 0 ? "nothing is offloaded" : `bytes / ${showQuantity(hardware.hostLink_bytes_per_s, "bandwidth")}, less the compute they hide behind = ${time("offload")}`,
    head: `embedding, head and loss where the slowest stage has them, head x ${virtualStages > 1 && pipeline > 1 ? share("headShare") : "1"} = ${time("head")}`,
    fixed: `a constant of the stack = ${time("fixed")}`,
    jitter: nodes <= 1 ? "one node" : `step x ${share("jitter")} x sqrt(2 ln nodes) = ${showQuantity(before, "time")} x ${share("jitter")} x ${formatNumber(Math.sqrt(2 * Math.log(nodes)), 3)} = ${time("jitter")}`,
  };
}
