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
  /** One layer of so many sees everything, the others their window. */
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
  readonly inner: number;
  readonly state: number;
  readonly groups: number;
  readonly headSize: number;
  readonly convolution: number;
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
}
