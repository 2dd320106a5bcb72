/**
 * Parameters that one tensor rank holds, by part of the model. Matrices and what belongs to their columns are divided; norms, biases of divided rows, the router, the table
 * of learned positions and the narrow sides of latent attention are whole on every rank (Megatron-LM, arXiv:1909.08053; DeepSeek-V2, arXiv:2405.04434).
 * Left out: tables of relative positions, classifiers, gates of shared experts.
 */
import type { Layout } from "../plan/layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";

export interface RankParameters {
  /** A layer without its feed-forward part, and the feed-forward part. */
  attention: number;
  feedForward: number;
  /** In place of attention and of the feed-forward part: state-space mixer; router with shared experts; routed experts. */
  stateSpace: number;
  shared: number;
  routed: number;
  /** Attention of a decoder layer to the encoder. */
  cross: number;
  embedding: number;
  /** Of the last stage besides: final norm, product and pooled output before the head (BERT). */
  head: number;
  positions: number;
  /** Rows of the vocabulary on a rank. */
  rows: number;
  /** Weights that have a gradient shape of their own: of attention, of the feed-forward part, of one expert with the shared ones. */
  attentionShapes: number;
  feedForwardShapes: number;
  expertShapes: number;
  largest: number;
  adapter: number;
}

/** Doubles from the start, so that no later number changes how the object is laid out. */
export const makeRankParameters = (): RankParameters => ({ attention: Number.NaN, feedForward: Number.NaN, stateSpace: Number.NaN, shared: Number.NaN, routed: Number.NaN, cross: Number.NaN, embedding: Number.NaN, head: Number.NaN, positions: Number.NaN, rows: Number.NaN, attentionShapes: Number.NaN, feedForwardShapes: Number.NaN, expertShapes: Number.NaN, largest: Number.NaN, adapter: Number.NaN });

export function countRankParameters(architecture: Architecture, layout: Layout, into: RankParameters): void {
  const { hidden, inner, gated, biases, attention, smallParts } = architecture;
  const { tensor } = layout;
  const norm = hidden * (smallParts?.normBiases ?? architecture.normalisation === "layer" ? 2 : 1);
  const all = biases === "all" ? 1 : 0;
  const matrices = (gated ? 3 : 2) * hidden;
  const narrowHeads = Math.max(tensor, attention.keyValueHeads);
  const queries = (attention.heads * attention.headSize + narrowHeads * (attention.headSize + attention.valueHeadSize)) / tensor;
  const output = (attention.heads * attention.valueHeadSize * hidden) / tensor;

  into.attentionShapes = attention.keyValueRank > 0 ? latentWeights(architecture, tensor) + output : queries * hidden + output;
  const bias = biases === "none" ? 0 : queries + all * hidden;
  into.attention = into.attentionShapes + (attention.keyValueRank > 0 ? attention.queryRank + attention.keyValueRank : bias) + norm * (smallParts?.normsPerLayer ?? 2) + (attention.queryKeyNormalisation ? 2 * attention.headSize : 0);
  into.cross = architecture.encoderLayers > 0 ? into.attentionShapes + bias + norm : 0;
  into.feedForwardShapes = (matrices * inner) / tensor;
  into.feedForward = into.feedForwardShapes + all * ((inner * (gated ? 2 : 1)) / tensor + hidden);
  into.shared = into.routed = into.expertShapes = 0;
  const { experts, stateSpace } = architecture;
  if (experts !== null) {
    const one = (matrices * experts.inner) / layout.expertTensor;
    const sharedMatrices = (matrices * experts.sharedInner) / tensor;
    into.shared = hidden * experts.count + sharedMatrices;
    into.routed = (one * experts.count) / layout.expert;
    into.expertShapes = one + sharedMatrices;
  }
  into.stateSpace = stateSpace === null ? 0 : (hidden * (3 * stateSpace.inner + 2 * stateSpace.groups * stateSpace.state + stateSpace.inner / stateSpace.headSize)) / tensor + norm;
  into.rows = paddedRows(architecture.vocabulary, layout) / tensor;
  into.embedding = into.rows * hidden;
  const pooled = (smallParts?.pooledClasses ?? 0) > 0 ? hidden * (hidden + 1) : 0;
  into.head = ((smallParts?.finalNorm ?? true) ? norm : 0) + (smallParts?.headProduct ? hidden * (hidden + 1) + norm : 0) + pooled;
  into.positions = architecture.learnedPositions * hidden;
  into.largest = Math.max(into.embedding, (hidden * inner * (gated ? 2 : 1)) / tensor, queries * hidden);
  // Two narrow matrices beside every weight matrix: rank x (rows + columns), the divided side divided.
  into.adapter = layout.adapterRank * (3 * hidden + queries + output / hidden + (gated ? 3 : 2) * (hidden + inner / tensor));
}

function latentWeights({ attention, hidden }: Architecture, tensor: number): number {
  const { heads, headSize, valueHeadSize, queryRank, keyValueRank, rotaryHeadSize } = attention;
  const wide = (heads * (headSize + rotaryHeadSize)) / tensor;
  return (queryRank > 0 ? queryRank * (hidden + wide) : hidden * wide) + hidden * (keyValueRank + rotaryHeadSize) + (keyValueRank * heads * (headSize + valueHeadSize)) / tensor;
}

/** Rows of the embedding, filled up as the layout says. */
export function paddedRows(vocabulary: number, { vocabularyMultiple, tensor }: Pick<Layout, "vocabularyMultiple" | "tensor">): number {
  const multiple = vocabularyMultiple * tensor;
  return Math.ceil(vocabulary / multiple) * multiple;
}
