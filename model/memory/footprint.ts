/**
 * Device memory of the fullest rank of a stage, in bytes by part, as one pass of sums without allocation. What is there after a step (weights, states), what the backward pass
 * adds at its fullest moment (gradients, activations in flight, one layer's working set or the logits), or what the update adds, whichever is more.
 * ZeRO (arXiv:1910.02054), FSDP (arXiv:2304.11277), Megatron-LM's distributed optimizer. Left out: fragmentation inside what the allocator reserves, growth of its cache.
 */
import type { Layout } from "../plan/layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { countActivations, isNarrow, makeLayerActivations } from "./activations.ts";
import { column, footprintColumns, footprintLength } from "./columns.ts";
import { countFlights } from "./flights.ts";
import { countRankParameters, makeRankParameters } from "./rank-parameters.ts";
import { momentsOf, type MemoryStack } from "./stack.ts";
import { countStageLayers, makeStageLayers } from "./stage-layers.ts";

const rank = makeRankParameters();
const activations = makeLayerActivations();
const layers = makeStageLayers();

/** The fullest stage's footprint into `into` (footprintLength numbers); gives its allocated bytes. `scratch` is as long. */
export function footprint(architecture: Architecture, layout: Layout, stack: MemoryStack, into: Float64Array, scratch: Float64Array): number {
  prepare(architecture, layout, stack);
  const { pipeline } = layout;
  let most = -1;
  // Stages between differ from a neighbour by nothing that adds: fewer in flight, or as many layers.
  const dense = architecture.experts === null ? 0 : architecture.experts.firstDense + architecture.encoderLayers;
  const afterDense = dense === 0 ? 1 : Math.min(pipeline - 1, Math.ceil((dense * pipeline) / (architecture.layers + architecture.encoderLayers)));
  for (let candidate = 0; candidate < 5; candidate++) {
    const stage = candidate === 0 ? 0 : candidate === 1 ? 1 : candidate === 2 ? afterDense : candidate === 3 ? afterDense + 1 : pipeline - 1;
    if (stage >= pipeline || (candidate > 0 && stage === 0)) continue;
    fillStage(architecture, layout, stack, stage, scratch);
    const allocated = scratch[footprintColumns.allocated] as number;
    if (allocated > most) {
      most = allocated;
      into.set(scratch);
    }
  }
  return most;
}

/** The footprint of one stage. */
export function stageFootprint(architecture: Architecture, layout: Layout, stack: MemoryStack, stage: number, into: Float64Array): void {
  prepare(architecture, layout, stack);
  fillStage(architecture, layout, stack, stage, into);
}

export const makeFootprint = (): Float64Array => new Float64Array(footprintLength);

function prepare(architecture: Architecture, layout: Layout, stack: MemoryStack): void {
  countRankParameters(architecture, layout, rank);
  countActivations(architecture, layout, stack, rank.rows, activations);
}

/** Parameters of one stage: those on every data rank alike, those of routed experts, and of both the matrices. */
const held = { dense: 0, routed: 0, matrices: 0, unused: 0, widest: 0, ends: 0 };

function fillStage(architecture: Architecture, layout: Layout, stack: MemoryStack, stage: number, into: Float64Array): void {
  const { pipeline } = layout;
  into.fill(0);
  held.dense = held.routed = held.matrices = held.unused = held.widest = held.ends = 0;
  addParameters(architecture, layout, stage);
  if (layout.schedule === "dualpipe" && pipeline > 1) addParameters(architecture, layout, pipeline - 1 - stage);
  fillStates(layout, stack, into);
  fillActivations(architecture, layout, stage, into);
  settle(layout, stack, stage, into);
}

function addParameters(architecture: Architecture, layout: Layout, stage: number): void {
  const { tiedEmbeddings, extraPredictions, experts, hidden } = architecture;
  const last = layout.pipeline - 1;
  countStageLayers(architecture, layout, stage, layers);
  const extra = stage === last ? extraPredictions : 0;
  const extraDense = extra > 0 ? extra * (rank.attention + 2 * hidden * hidden + (experts === null ? rank.feedForward : rank.shared)) : 0;
  const withExperts = layers.experts + (experts === null ? 0 : extra);
  const embeds = stage === 0 || (extra > 0 && !(tiedEmbeddings && stage === last));
  const heads = stage === last && !(tiedEmbeddings && last === 0);
  const own = layers.attention * rank.attention + layers.feedForward * rank.feedForward + layers.stateSpace * rank.stateSpace + layers.experts * rank.shared + layers.cross * rank.cross;
  const ends = (embeds ? rank.embedding : 0) + (heads ? rank.embedding : 0);
  held.dense += own + ends + extraDense + (stage === 0 ? rank.positions : 0) + (stage === last ? rank.head : 0);
  held.routed += withExperts * rank.routed;
  held.matrices += own + extraDense;
  held.ends += ends;
  held.widest = Math.max(held.widest, rank.attention + Math.max(layers.feedForward > 0 ? rank.feedForward : 0, layers.experts > 0 ? rank.shared + rank.routed : 0));
  held.unused += rank.attentionShapes + (layers.feedForward > 0 ? rank.feedForwardShapes : 0) + (withExperts > 0 ? rank.expertShapes : 0) + (stage === last ? rank.embedding : 0);
}

/** Weights, gradients, optimizer, by what ranks divide. Experts' states are divided over the ranks that hold the same experts. */
function fillStates(layout: Layout, stack: MemoryStack, into: Float64Array): void {
  const { sharding, tensor, adapterRank, recipe } = layout;
  const group = layout.shardGroup;
  const expertGroup = Math.max(1, (group * tensor) / (layout.expert * layout.expertTensor));
  const wide = recipe === "fp32" || recipe === "tf32";
  const all = held.dense + held.routed;
  const shared = held.dense / group + held.routed / expertGroup;
  const trained = adapterRank > 0 ? rank.adapter * layers.all : all;
  const trainedShare = adapterRank > 0 ? trained / group : shared;

  const weight = sharding === "parameters" && !wide && adapterRank === 0 ? stack.shardedWeight_bytes : wide ? 4 : stack.weight_bytes;
  into[column.weights] = weight * (sharding === "parameters" ? shared : all) + (adapterRank > 0 ? stack.weight_bytes * trainedShare : 0);
  const divided = sharding === "gradients" || sharding === "parameters";
  into[column.gradients] = stack.gradient_bytes * (divided ? trainedShare : trained);
  const states = (wide ? 0 : stack.master_bytes) + stack.moment_bytes * momentsOf[layout.optimizer];
  const stateShare = sharding === "none" ? trained : trainedShare;
  into[column.optimizer] = states * stateShare * (1 - layout.offload.optimizer);
  into[column.gradientCopies] = stack.gradientCopy_bytes * stateShare;
  const narrow = isNarrow(recipe);
  into[column.narrowWeights] = narrow ? stack.narrowWeight_bytes * (held.matrices + held.routed) : 0;
  if (sharding === "parameters" && group > 1) fillGathered(layout, stack, wide ? 4 : 2, all, into);
  if (stack.unusedGradients && adapterRank === 0) into[column.unusedGradients] = 2 * held.unused;
  into[column.workspace] = stack.workspace_bytes;
  into[column.update] = stack.stepCopy_bytes * trained + stack.stepLargest_bytes * (adapterRank > 0 ? 0 : rank.largest);
}

/**
 * Layers whole while they compute, or the whole stage where it stays gathered, beside the buffers that ranks exchange layer by layer; a pipeline adds up whole gradients
 * over its micro-batches.
 */
function fillGathered({ reshardAfterForward, pipeline, adapterRank }: Layout, stack: MemoryStack, element: number, all: number, into: Float64Array): void {
  const body = all - held.ends;
  const buffers = Math.min(body, stack.gatheredLayers * held.widest);
  const undivided = Math.min(body, stack.wholeGradientLayers * held.widest);
  const gathered = held.ends + (reshardAfterForward ? buffers : body + buffers);
  const whole = pipeline > 1 && !reshardAfterForward ? all + undivided : undivided;
  into[column.gathered] = element * gathered + (adapterRank > 0 ? 0 : stack.wholeGradient_bytes * whole);
}

function fillActivations(architecture: Architecture, layout: Layout, stage: number, into: Float64Array): void {
  const { pipeline, recompute, recomputedLayers } = layout;
  countStageLayers(architecture, layout, stage, layers);
  const flights = countFlights(layout, stage);
  const { all, experts, stateSpace, attention, feedForward, cross } = layers;
  const kept = attention * activations.attention + feedForward * activations.feedForward + experts * activations.experts + stateSpace * activations.stateSpace + cross * activations.cross;
  const again = recompute === "full" ? 1 : recompute === "block" ? Math.min(1, recomputedLayers / Math.max(1, all)) : 0;
  const extra = stage === pipeline - 1 ? architecture.extraPredictions : 0;
  const extraKept = extra * (again > 0 ? activations.input : activations.attention + (architecture.experts === null ? activations.feedForward : activations.experts));
  const first = stage === 0 || (layout.schedule === "dualpipe" && stage === pipeline - 1) ? activations.embedding : 0;
  const total = flights * (again * all * activations.input + (1 - again) * kept + first) + extraKept;
  into[column.activations] = total * (1 - layout.offload.activations);

  // What one layer has whole again while the backward pass goes through it.
  const part = again > 0 ? 1 : 0;
  const oneAttention = activations.wholeAttention - (1 - part) * activations.attention;
  const oneFeedForward = feedForward > 0 ? activations.workingFeedForward + activations.wholeFeedForward - (1 - part) * activations.feedForward : 0;
  const oneExperts = experts > 0 ? activations.workingExperts + activations.wholeExperts - (1 - part) * activations.experts : 0;
  into[column.working] = (all > 0 ? oneAttention : 0) + Math.max(oneFeedForward, oneExperts);
  const ends = stage === pipeline - 1 || (layout.schedule === "dualpipe" && stage === 0);
  into[column.logits] = ends ? activations.logits : 0;
}

/** Keeps what is there at the fullest moment and clears the rest, so that the parts add up to what is allocated. */
function settle(layout: Layout, stack: MemoryStack, stage: number, into: Float64Array): void {
  const at = (index: number): number => into[index] as number;
  const stays = at(column.weights) + at(column.optimizer) + at(column.gradientCopies) + at(column.narrowWeights) + at(column.unusedGradients) + at(column.workspace);
  const gradients = at(column.gradients);
  const backward = gradients + at(column.gathered) + at(column.activations) + Math.max(at(column.working), at(column.logits));
  const update = gradients + (stack.activationsAtUpdate ? at(column.activations) : 0) + at(column.update);
  if (backward >= update) {
    into[column.update] = 0;
    into[at(column.working) >= at(column.logits) ? column.logits : column.working] = 0;
  } else {
    into[column.working] = into[column.logits] = into[column.gathered] = 0;
    if (!stack.activationsAtUpdate) into[column.activations] = 0;
  }
  const allocated = stays + Math.max(backward, update);
  into[footprintColumns.allocated] = allocated;
  into[footprintColumns.resident] = stays + (stack.gradientsKept ? gradients : 0);
  into[footprintColumns.reserved] = allocated * stack.reservedShare + stack.reservedMore_bytes;
  into[footprintColumns.device] = (into[footprintColumns.reserved] as number) + stack.context_bytes + countCommunicators(layout) * stack.communicator_bytes + (layout.expert > 1 ? stack.exchange_bytes : 0);
  into[footprintColumns.stage] = stage;
}

/** Groups that a rank exchanges with: of all ranks, and of each degree above 1. */
export function countCommunicators({ devices, tensor, pipeline, data, context, expert }: Layout): number {
  return (devices > 1 ? 1 : 0) + (tensor > 1 ? 1 : 0) + (pipeline > 1 ? 1 : 0) + (data * context > 1 ? 1 : 0) + (context > 1 ? 1 : 0) + (expert > 1 ? 1 : 0);
}

