/**
 * Bytes that the forward pass of one layer and micro-batch keeps for the backward pass, and what the backward pass needs besides while it is in one layer.
 * Korthikanti et al. (arXiv:2205.05198), equations 1 to 6, by tensor instead of in sum, so that fused kernels, gated feed-forward parts, grouped heads, narrow formats and
 * each recomputed module take away what they do not keep. Latent attention and routed experts by the tensors of DeepSeek-V2 (arXiv:2405.04434) in fused implementations
 * that keep the experts' inputs but not their outputs, and the router's probabilities in FP32. Left out: buffers that compilers add or remove.
 */
import type { Layout } from "../plan/layout.ts";
import { predictedOf, type Architecture, type Experts } from "../workload/transformer/architecture.ts";
import type { MemoryStack } from "./stack.ts";

export interface LayerActivations {
  /** Kept by the parts of a layer: attention with the norms of the layer, feed-forward part, experts, state-space mixer with norms, attention to an encoder. */
  attention: number;
  feedForward: number;
  experts: number;
  stateSpace: number;
  cross: number;
  /** Kept by a layer that is computed again. */
  input: number;
  /** Everything that these keep where nothing is computed again. */
  wholeAttention: number;
  wholeFeedForward: number;
  wholeExperts: number;
  /** Gradients of one layer's tensors at the worst moment of its backward pass. */
  workingFeedForward: number;
  workingExperts: number;
  /** What the embedding keeps beside its output, which the first layer keeps; logits with what the loss keeps. */
  embedding: number;
  logits: number;
}

/** Doubles from the start, so that no later number changes how the object is laid out. */
export const makeLayerActivations = (): LayerActivations => ({ attention: Number.NaN, feedForward: Number.NaN, experts: Number.NaN, stateSpace: Number.NaN, cross: Number.NaN, input: Number.NaN, wholeAttention: Number.NaN, wholeFeedForward: Number.NaN, wholeExperts: Number.NaN, workingFeedForward: Number.NaN, workingExperts: Number.NaN, embedding: Number.NaN, logits: Number.NaN });

export function countActivations(architecture: Architecture, layout: Layout, stack: MemoryStack, rows: number, into: LayerActivations): void {
  const { hidden, inner, gated, experts, stateSpace } = architecture;
  const { tensor, recompute, recomputeModules, dropout } = layout;
  const tokens = (layout.microBatch * layout.sequence) / layout.context;
  const between = tokens / (layout.sequenceParallel || stack.dividedResiduals ? tensor : 1);
  const element = layout.recipe === "fp32" || layout.recipe === "tf32" ? 4 : 2;
  const input = stack.narrowInputs && isNarrow(layout.recipe) ? 1 : element;
  const again = (module: Layout["recomputeModules"][number]): boolean => recompute === "modules" && recomputeModules.includes(module);
  const coreAgain = (recompute === "selective" && stack.selective === "core-attention") || again("core-attention");

  // Inputs of both norms, masks of both dropouts; outputs of the norms, which products read.
  const norms = architecture.parallelBlock ? 1 : 2;
  const kept = between * hidden * (norms * element + (dropout ? 2 : 0));
  const normed = between * hidden * norms * input;
  const core = coreBytes(architecture, layout, tokens, element);
  const projected = attentionBytes(architecture, tensor, tokens, element);
  const outer = (tokens * inner * (gated ? 2 : 1) * element) / tensor;
  const activated = (tokens * inner * input) / tensor;
  const routed = experts === null ? 0 : expertBytes(experts, layout, hidden, between * experts.topK * load(experts, stack), element, input, gated ? 2 : 1) + 4 * between * experts.count;
  const routedActivated = experts === null ? 0 : between * experts.topK * experts.inner * input * load(experts, stack);
  const shared = experts === null ? 0 : (tokens * experts.sharedInner * ((gated ? 2 : 1) * element + input)) / tensor;

  into.wholeAttention = kept + normed + core + projected;
  into.wholeFeedForward = outer + activated;
  into.wholeExperts = routed + shared;
  // Between both parts of a layer lies the sum of its input and the last product of attention, which comes back with that product.
  const sum = again("attention-products") && norms === 2 ? between * hidden * (element + (dropout ? 1 : 0)) : 0;
  into.attention = kept - sum + (again("normalisation") ? 0 : normed) + (coreAgain && layout.attentionKernel === "unfused" ? 0 : core) + (again("attention-products") ? 0 : again("latent-up-projection") ? latentBytes(architecture, tokens, element) : projected);
  into.feedForward = again("feed-forward") ? 0 : (again("feed-forward-up") ? 0 : outer) + (again("feed-forward-activation") ? 0 : activated);
  into.experts = (again("experts") ? 0 : routed - (again("feed-forward-activation") ? routedActivated : 0) + shared);
  if (recompute === "selective" && stack.selective === "every-second-product") {
    const { heads, keyValueHeads, headSize, valueHeadSize } = architecture.attention;
    into.attention = element * (tokens * hidden + (tokens * (heads * headSize + keyValueHeads * valueHeadSize + heads * valueHeadSize)) / tensor + between * hidden) + core;
    into.feedForward = (element * tokens * inner) / tensor;
    into.experts = (routed + shared) / 2;
  }
  into.input = element * between * hidden;
  into.stateSpace = stateSpace === null ? 0 : kept + normed + (element * tokens * (4 * stateSpace.inner + 4 * stateSpace.groups * stateSpace.state)) / tensor;
  into.cross = architecture.encoderLayers > 0 ? between * hidden * (element + input) + core + projected : 0;
  const around = element * (2 * between * hidden + tokens * hidden);
  into.workingFeedForward = around + (element * tokens * inner * (gated ? 5 : 2)) / tensor;
  into.workingExperts = experts === null ? 0 : around + element * between * experts.topK * load(experts, stack) * (hidden * layout.expertTensor + (gated ? 3 : 2) * experts.inner);
  into.embedding = between * hidden * ((dropout ? 1 : 0) + (architecture.smallParts?.embeddingNorm ? element : 0));
  into.logits = ((tokens * predictedOf(architecture, layout.sequence)) / layout.sequence) * rows * stack.logit_bytes * (1 + architecture.extraPredictions);
}

export const isNarrow = (recipe: Layout["recipe"]): boolean => recipe !== "fp32" && recipe !== "tf32" && recipe !== "fp16" && recipe !== "bf16";

/** Fused attention keeps one FP32 sum per query; separate kernels keep the softmax, with dropout its mask and result too. */
function coreBytes({ attention }: Architecture, layout: Layout, tokens: number, element: number): number {
  const heads = attention.heads / layout.tensor;
  if (layout.attentionKernel === "flash") return 4 * tokens * heads;
  return heads * tokens * layout.sequence * (element + (layout.dropout ? element + 1 : 0));
}

/** Query, key, value and the heads' output. */
function attentionBytes(architecture: Architecture, tensor: number, tokens: number, element: number): number {
  const { heads, keyValueHeads, headSize, valueHeadSize, keyValueRank, rotaryHeadSize } = architecture.attention;
  const size = headSize + rotaryHeadSize;
  if (keyValueRank > 0) return latentBytes(architecture, tokens, element) + (element * tokens * heads * (2 * size + 2 * valueHeadSize)) / tensor;
  return (element * tokens * (heads * (headSize + valueHeadSize) + Math.max(tensor, keyValueHeads) * (headSize + valueHeadSize))) / tensor;
}

/** Narrow vectors of latent attention, before and after their norms. */
function latentBytes({ attention }: Architecture, tokens: number, element: number): number {
  const { queryRank, keyValueRank, rotaryHeadSize } = attention;
  return keyValueRank > 0 ? element * tokens * (2 * queryRank + 2 * keyValueRank + rotaryHeadSize) : 0;
}

/** Tokens that the experts of a rank take over the mean: a fixed number where more are dropped, else what the fullest rank gets. */
const load = ({ capacityFactor }: Experts, { expertLoad }: MemoryStack): number => (capacityFactor > 0 ? capacityFactor : expertLoad);

/** Tokens as sent to experts and the experts' inner channels. */
function expertBytes(experts: Experts, { expertTensor }: Layout, hidden: number, sent: number, element: number, input: number, ways: number): number {
  return sent * hidden * expertTensor * input + sent * experts.inner * (ways * element + input);
}
