/**
 * Device memory of the fullest rank of a stage, in bytes by part, as one pass of sums without allocation. What is there after a step (weights, states), what the backward pass
 * adds at its fullest moment (gradients, activations in flight, one layer's working set or the logits), or what the update adds, whichever is more.
 * Left out: fragmentation inside what the allocator reserves, growth of its cache.
 */
import type { Layout } from "../plan/layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import type { LayerActivations } from "./activations.ts";
import * as columns from "./columns.ts";
import { countFlights } from "./flights.ts";
import { layerMemory } from "./layer-memory.ts";
import { pipelineLayers, stageLayers, type PipelineLayers } from "./pipeline-layers.ts";
import type { RankParameters } from "./rank-parameters.ts";
import type { MemoryStack } from "./stack.ts";
import type { StageLayers } from "./stage-layers.ts";
import { makeStateRates, setStateRates } from "./state-rates.ts";

// A module's own constants become part of its machine code; those of other modules are looked up at every use.
const { column, footprintColumns, footprintLength } = columns;

const rates = makeStateRates();
/** Of the layout at hand. */
let rank: RankParameters;
let activations: LayerActivations;
let pipelined: PipelineLayers;
/** Of the stage at hand. */
let layers: StageLayers;

/** The fullest stage's footprint into `into`; gives its allocated bytes. Both arrays are from `makeFootprint`. */
export function footprint(architecture: Architecture, layout: Layout, stack: MemoryStack, into: Float64Array, scratch: Float64Array): number {
  prepare(architecture, layout, stack);
  const { pipeline } = layout;
  let most = fillStage(architecture, layout, stack, 0, into);
  if (pipeline === 1) return most;
  const end = layout.schedule === "dualpipe" ? pipeline - 1 : pipelined.fuller;
  for (let stage = 1; stage < end; stage++) most = keepFuller(fillStage(architecture, layout, stack, stage, scratch), most, scratch, into);
  return keepFuller(fillStage(architecture, layout, stack, pipeline - 1, scratch), most, scratch, into);
}

/** The footprint of one stage. */
export function stageFootprint(architecture: Architecture, layout: Layout, stack: MemoryStack, stage: number, into: Float64Array): void {
  prepare(architecture, layout, stack);
  fillStage(architecture, layout, stack, stage, into);
}

export const makeFootprint = (): Float64Array => new Float64Array(footprintLength);

function keepFuller(allocated: number, most: number, from: Float64Array, into: Float64Array): number {
  if (allocated <= most) return most;
  for (let index = 0; index < footprintLength; index++) into[index] = from[index] as number;
  return allocated;
}

function prepare(architecture: Architecture, layout: Layout, stack: MemoryStack): void {
  ({ rank, activations } = layerMemory(architecture, layout, stack));
  pipelined = pipelineLayers(architecture, layout);
  setStateRates(layout, stack, rates);
}

/** Parameters of one stage: those on every data rank alike, those of routed experts, matrices, one gradient per shape, the widest layer, embedding and head. */
const held = { dense: Number.NaN, routed: Number.NaN, matrices: Number.NaN, unused: Number.NaN, widest: Number.NaN, ends: Number.NaN };

function fillStage(architecture: Architecture, layout: Layout, stack: MemoryStack, stage: number, into: Float64Array): number {
  const { pipeline } = layout;
  held.dense = held.routed = held.matrices = held.unused = held.widest = held.ends = 0;
  if (layout.schedule === "dualpipe" && pipeline > 1) addParameters(architecture, layout, pipeline - 1 - stage);
  addParameters(architecture, layout, stage);
  fillStates(layout, stack, into);
  fillActivations(architecture, layout, stack, stage, into);
  return settle(layout, stack, stage, into);
}

function addParameters(architecture: Architecture, layout: Layout, stage: number): void {
  const { tiedEmbeddings, extraPredictions, experts, hidden } = architecture;
  const last = layout.pipeline - 1;
  layers = stageLayers(pipelined, architecture, layout, stage);
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
  held.widest = Math.max(held.widest, rank.attention + Math.max(layers.feedForward > 0 ? rank.feedForward : 0, withExperts > 0 ? rank.shared + rank.routed : 0));
  held.unused += rank.attentionShapes + (layers.feedForward > 0 ? rank.feedForwardShapes : 0) + (withExperts > 0 ? rank.expertShapes : 0) + (stage === last ? rank.embedding : 0);
}

function fillStates(layout: Layout, stack: MemoryStack, into: Float64Array): void {
  const { adapterRank } = layout;
  const frozen = adapterRank > 0;
  const dense = frozen ? rank.adapter * layers.all : held.dense;
  const routed = frozen ? 0 : held.routed;
  into[column.weights] = rates.weight * held.dense + rates.weightRouted * held.routed + (frozen ? rates.weight * dense : 0);
  into[column.gradients] = rates.gradient * dense + rates.gradientRouted * routed;
  into[column.optimizer] = rates.optimizer * dense + rates.optimizerRouted * routed;
  into[column.gradientCopies] = rates.copy * dense + rates.copyRouted * routed;
  into[column.narrowWeights] = rates.narrow * (held.matrices + held.routed);
  into[column.unusedGradients] = stack.unusedGradients && !frozen ? 2 * held.unused : 0;
  into[column.workspace] = stack.workspace_bytes;
  into[column.gathered] = rates.gathers ? gatheredBytes(layout, stack) : 0;
  into[column.update] = stack.stepCopy_bytes * (dense + routed) + (frozen ? 0 : stack.stepLargest_bytes * rank.largest);
}

/**
 * Layers whole while they compute, or the whole stage where it stays gathered, beside the buffers that ranks exchange layer by layer; a pipeline adds up whole gradients
 * over its micro-batches.
 */
function gatheredBytes({ reshardAfterForward, pipeline, adapterRank }: Layout, stack: MemoryStack): number {
  const all = held.dense + held.routed;
  const body = all - held.ends;
  const buffers = Math.min(body, stack.gatheredLayers * held.widest);
  const undivided = Math.min(body, stack.wholeGradientLayers * held.widest);
  const gathered = held.ends + (reshardAfterForward ? buffers : body + buffers);
  const whole = pipeline > 1 && !reshardAfterForward ? all + undivided : undivided;
  return rates.element * gathered + (adapterRank > 0 ? 0 : stack.wholeGradient_bytes * whole);
}

function fillActivations(architecture: Architecture, layout: Layout, stack: MemoryStack, stage: number, into: Float64Array): void {
  const { pipeline, recompute, recomputedLayers } = layout;
  const flights = countFlights(layout, stage);
  const { all, experts, stateSpace, attention, feedForward, cross } = layers;
  const kept = attention * activations.attention + feedForward * activations.feedForward + experts * activations.experts + stateSpace * activations.stateSpace + cross * activations.cross;
  const again = recompute === "full" ? 1 : recompute === "block" ? Math.min(1, recomputedLayers / Math.max(1, all)) : 0;
  const last = stage === pipeline - 1;
  const dual = layout.schedule === "dualpipe" && pipeline > 1;
  const extra = last ? architecture.extraPredictions : 0;
  const extraKept = extra === 0 ? 0 : extra * (again > 0 ? activations.input : activations.attention + (architecture.experts === null ? activations.feedForward : activations.experts));
  const first = stage === 0 || (dual && last) ? activations.embedding : 0;
  const total = flights * (again * all * activations.input + (1 - again) * kept + first) + extraKept;
  into[column.activations] = total * (1 - layout.offload.activations);

  // What one layer has whole again while the backward pass goes through it.
  const left = again > 0 ? 0 : 1;
  const oneAttention = all > 0 ? activations.wholeAttention - left * activations.attention : 0;
  const oneFeedForward = feedForward > 0 ? activations.workingFeedForward + activations.wholeFeedForward - left * activations.feedForward : 0;
  const oneExperts = experts > 0 ? activations.workingExperts + activations.wholeExperts - left * activations.experts : 0;
  into[column.working] = stack.workingShare * (oneAttention + Math.max(oneFeedForward, oneExperts));
  into[column.logits] = last || (dual && stage === 0) ? activations.logits : 0;
}

/** Keeps what is there at the fullest moment and clears the rest, so that the parts add up to what is allocated, which it gives. */
function settle(layout: Layout, stack: MemoryStack, stage: number, into: Float64Array): number {
  const stays =
    (into[column.weights] as number) + (into[column.optimizer] as number) + (into[column.gradientCopies] as number) + (into[column.narrowWeights] as number) +
    (into[column.unusedGradients] as number) + (into[column.workspace] as number);
  const gradients = into[column.gradients] as number;
  const working = into[column.working] as number;
  const logits = into[column.logits] as number;
  const flying = into[column.activations] as number;
  const backward = gradients + (into[column.gathered] as number) + flying + Math.max(working, logits);
  const update = gradients + (stack.activationsAtUpdate ? flying : 0) + (into[column.update] as number);
  if (backward >= update) {
    into[column.update] = 0;
    into[working >= logits ? column.logits : column.working] = 0;
  } else {
    into[column.working] = into[column.logits] = into[column.gathered] = 0;
    if (!stack.activationsAtUpdate) into[column.activations] = 0;
  }
  const allocated = stays + Math.max(backward, update);
  const reserved = allocated * stack.reservedShare + stack.reservedMore_bytes;
  into[footprintColumns.allocated] = allocated;
  into[footprintColumns.resident] = stays + (stack.gradientsKept ? gradients : 0);
  into[footprintColumns.reserved] = reserved;
  into[footprintColumns.device] = reserved + stack.context_bytes + countCommunicators(layout) * stack.communicator_bytes + (layout.expert > 1 ? stack.exchange_bytes : 0);
  into[footprintColumns.stage] = stage;
  return allocated;
}

/** Groups that a rank exchanges with: one of each degree above 1, and of all ranks where that is none of them. */
export function countCommunicators({ devices, tensor, pipeline, data, context, expert }: Layout): number {
  const replicas = data * context;
  const all = devices > 1 && tensor < devices && pipeline < devices && replicas < devices ? 1 : 0;
  return all + (tensor > 1 ? 1 : 0) + (pipeline > 1 ? 1 : 0) + (replicas > 1 ? 1 : 0) + (context > 1 && data > 1 ? 1 : 0) + (expert > 1 ? 1 : 0);
}
