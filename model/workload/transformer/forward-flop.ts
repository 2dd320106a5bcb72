/**
 * Operations of the products of one forward pass over one sequence, by part: two a multiply-add, of the experts those a token goes to. Norms, activations, softmax, rotation
 * and look-ups do not count. An encoder sees as many tokens as the decoder. The scan of a state-space layer counts 7 a state and channel (Megatron-LM, arXiv:2406.07887).
 */
import { predictedOf, type Architecture } from "./architecture.ts";
import { smallPartsOf } from "./count-parameters.ts";
import { layerCounts } from "./layer-counts.ts";
import { parametersOfAttention, parametersOfExperts, parametersOfFeedForward } from "./layer-parameters.ts";

export interface ForwardFlop {
  /** Query, key, value and output; of them those that lead out of the compressed key and value. */
  readonly attentionProducts: number;
  readonly latentUpProjection: number;
  /** Scores and mix. */
  readonly coreAttention: number;
  readonly stateSpace: number;
  readonly feedForward: number;
  /** Of it all but the last product. */
  readonly feedForwardUp: number;
  readonly router: number;
  /** Routed and shared. */
  readonly experts: number;
  /** Head, patches of an image, and what further predictions have beside their layer. */
  readonly ends: number;
}

/** `pairs`: causal counts a score for every earlier token (half of the square), full one for every token. */
export function countForwardFlop(architecture: Architecture, sequence: number, pairs: "causal" | "full"): ForwardFlop {
  const { hidden, vocabulary, attention, encoderLayers, extraPredictions, experts, image } = architecture;
  const small = smallPartsOf(architecture);
  const counts = layerCounts(architecture);
  const bare: Architecture = { ...architecture, biases: "none", attention: { ...attention, sinks: false } };
  const weights = experts === null ? {} : parametersOfExperts(bare, experts, { ...small, routerBias: false, sharedExpertGate: false });
  const perToken = 2 * sequence;
  const extra = { dense: experts === null ? extraPredictions : 0, experts: experts === null ? 0 : extraPredictions };
  const attending = counts.attention + counts.crossAttention + encoderLayers + extraPredictions;
  const withExperts = counts.experts + extra.experts;
  const { heads, headSize, valueHeadSize, keyValueRank, rotaryHeadSize } = attention;
  const perPair = 2 * heads * (headSize + rotaryHeadSize + valueHeadSize);
  const causal = attention.causal && pairs === "causal";
  const plain = (counts.attention - counts.windowed + extraPredictions) * countPairs(sequence, sequence, causal) + counts.windowed * countPairs(sequence, attention.window, causal);
  const active = experts === null ? 0 : (weights.experts ?? 0) * (experts.topK / experts.count) + (weights.sharedExperts ?? 0);
  const classifier = image === undefined ? 0 : 2 * hidden * image.classes + perToken * image.patch ** 2 * image.channels * hidden;
  const feedForward = perToken * (counts.feedForward + encoderLayers + extra.dense) * parametersOfFeedForward(bare).feedForward;
  return {
    attentionProducts: perToken * attending * parametersOfAttention(bare, small).attention,
    latentUpProjection: perToken * attending * keyValueRank * heads * (headSize + valueHeadSize),
    coreAttention: perPair * (plain + (encoderLayers + counts.crossAttention) * sequence ** 2),
    stateSpace: counts.stateSpace * countMixer(architecture, sequence),
    feedForward,
    feedForwardUp: feedForward * (architecture.gated ? 2 / 3 : 1 / 2),
    router: perToken * withExperts * (weights.router ?? 0),
    experts: perToken * withExperts * active,
    ends: 2 * predictedOf(architecture, sequence) * ((1 + extraPredictions) * vocabulary * hidden + (small.headProduct ? hidden ** 2 : 0)) + perToken * extraPredictions * 2 * hidden ** 2 + classifier,
  };
}

/** All that layers compute, the ends left out. */
export function sumLayers({ attentionProducts, coreAttention, stateSpace, feedForward, router, experts }: ForwardFlop): number {
  return attentionProducts + coreAttention + stateSpace + feedForward + router + experts;
}

function countPairs(sequence: number, window: number, causal: boolean): number {
  const reach = Math.min(sequence, window);
  return causal ? sequence * reach - reach ** 2 / 2 : sequence * reach;
}

function countMixer({ hidden, stateSpace }: Architecture, sequence: number): number {
  if (stateSpace === null) return 0;
  const { inner, state, groups, headSize } = stateSpace;
  return sequence * (2 * hidden * (3 * inner + 2 * groups * state + inner / headSize) + 7 * inner * state);
}
