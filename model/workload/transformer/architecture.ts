/**
 * A transformer as numbers: what its layers multiply, hold and pass on. Sizes are of the whole model; a layout divides them over devices (plan/layout.ts).
 * One sample is one sequence. Encoder-decoder models have `encoderLayers` besides the decoder's, which then also attend to the encoder.
 */

/** Attention of one layer. Multi-head latent attention has `keyValueRank` above zero (DeepSeek-V2, arXiv:2405.04434); then `keyValueHeads` equals `heads`. */
export interface Attention {
  readonly heads: number;
  readonly keyValueHeads: number;
  /** Channels of one head's query and key; with latent attention without the rotary part. */
  readonly headSize: number;
  readonly valueHeadSize: number;
  /** Latent attention: ranks of the compressed query (0: not compressed) and of key and value (0: no latent attention), and rotary channels of query and key. */
  readonly queryRank: number;
  readonly keyValueRank: number;
  readonly rotaryHeadSize: number;
  /** Tokens that a windowed layer looks back; 0: all layers see everything. */
  readonly window: number;
  /** One layer of so many, the last of its group, sees everything, the others their window; 0: none does. */
  readonly fullEvery: number;
  /** Scores mask the future. */
  readonly causal: boolean;
  readonly queryKeyNormalisation: boolean;
  /** A learned logit per head that takes part in the softmax. */
  readonly sinks: boolean;
}

/** Routed experts in place of the feed-forward part. */
export interface Experts {
  readonly count: number;
  /** Experts that each token goes to. */
  readonly topK: number;
  /** Inner channels of one expert. */
  readonly inner: number;
  /** Inner channels of all shared experts together; 0 none. */
  readonly sharedInner: number;
  /** Layers at the beginning that have no experts. */
  readonly firstDense: number;
  /** Of the layers after those, one of so many has experts. */
  readonly every: number;
  /** Tokens an expert takes at most, over the mean; 0: no token is dropped. */
  readonly capacityFactor: number;
}

/** State-space layers of a hybrid model (Mamba-2, arXiv:2405.21060). */
export interface StateSpace {
  /** Layers that have a state-space mixer in place of attention. */
  readonly layers: number;
  /** Layers that are a feed-forward part alone; then no other layer has one (Nemotron-H, arXiv:2504.03624). 0: every layer has one after its mixer. */
  readonly feedForwardLayers: number;
  readonly inner: number;
  readonly state: number;
  readonly groups: number;
  readonly headSize: number;
  readonly convolution: number;
}

/** A picture cut into squares, each a token, with one token more for its class (ViT, arXiv:2010.11929). */
export interface Image {
  readonly channels: number;
  readonly patch: number;
  /** Rows of the classifier. */
  readonly classes: number;
}

/** What some architectures have besides; too small to be timed, but part of the number of parameters. */
export interface SmallParts {
  /** Norms of a decoder layer without those of query and key: 1, 2 or 4. */
  readonly normsPerLayer: number;
  readonly normBiases: boolean;
  readonly embeddingNorm: boolean;
  readonly finalNorm: boolean;
  /** Norms of query and key go over all heads together. */
  readonly wideQueryKeyNorm: boolean;
  /** Rows of the table of relative positions, one such table for encoder and decoder each (T5, arXiv:1910.10683). */
  readonly relativePositions: number;
  /** Kinds of segment that the embedding tells apart. */
  readonly segments: number;
  /** A product with norm before the head, and a pooled output with so many classes (BERT, arXiv:1810.04805); 0: none. */
  readonly headProduct: boolean;
  readonly pooledClasses: number;
  readonly headBias: boolean;
  readonly routerBias: boolean;
  readonly sharedExpertGate: boolean;
}

export interface Architecture {
  readonly hidden: number;
  /** Decoder layers, those with experts included. */
  readonly layers: number;
  readonly encoderLayers: number;
  readonly attention: Attention;
  /** Inner channels of a feed-forward part without experts. */
  readonly inner: number;
  /** The inner activation is a product of two projections (SwiGLU, GeGLU). */
  readonly gated: boolean;
  readonly experts: Experts | null;
  readonly stateSpace: StateSpace | null;
  /** Rows of the embedding as trained; a layout pads them to a multiple. */
  readonly vocabulary: number;
  readonly tiedEmbeddings: boolean;
  /** Rows of a table of learned positions; 0 where positions are rotary, linear biases or none. */
  readonly learnedPositions: number;
  readonly normalisation: "layer" | "rms";
  readonly biases: "all" | "query-key-value" | "none";
  /** Attention and feed-forward part read the same normalised input and are added together. */
  readonly parallelBlock: boolean;
  /** Further tokens predicted, each by a layer of its own (multi-token prediction, arXiv:2412.19437). */
  readonly extraPredictions: number;
  /** Tokens of a sequence where the plan names none. */
  readonly sequence: number;
  /** Tokens of a sequence that the head predicts, such as the masked ones of BERT; left out: all. */
  readonly predictedTokens?: number;
  /** Then the vocabulary is 0. */
  readonly image?: Image;
  readonly smallParts?: SmallParts;
}

/** Tokens that the head is given of a sequence. */
export function predictedOf({ predictedTokens }: Architecture, sequence: number): number {
  return predictedTokens === undefined ? sequence : Math.min(predictedTokens, sequence);
}
