/**
 * Workload family "transformer": the sizes of an architecture as papers and config files name them. Layers, parameters and FLOP are computed from them
 * (workload/transformer). A key that may be left out says what holds then. What two keys together make impossible is told by transformer-checks.ts.
 */
import { z } from "zod";
import { head, whole } from "./common.ts";
import { checkTransformer } from "./transformer-checks.ts";

const width = whole(1, 4_194_304);
const count = whole(0, 4_194_304).default(0);
const flag = z.boolean().default(false);

const experts = z.strictObject({
  count: whole(1, 65_536).meta({ description: "Experts of a layer that tokens are routed to" }),
  topK: whole(1, 65_536).meta({ description: "Experts that each token goes to" }),
  inner: width.meta({ description: "Inner channels of one expert" }),
  sharedInner: count.meta({ description: "Inner channels of all shared experts together; 0: none" }),
  firstDense: whole(0, 10_000).default(0).meta({ description: "Layers at the beginning that have no experts" }),
  every: whole(1, 10_000).default(1).meta({ description: "Of the layers after those, the last of so many has experts" }),
  capacityFactor: z.number().min(0).max(65_536).default(0).meta({ description: "Tokens an expert takes at most, over the mean; 0: no token is dropped" }),
  routerBias: flag.meta({ description: "The router adds a number per expert" }),
  sharedGate: flag.meta({ description: "Shared experts are weighted per token" }),
});

const latent = z.strictObject({
  queryRank: count.meta({ description: "Rank of the compressed query; 0: not compressed" }),
  keyValueRank: width.meta({ description: "Rank of compressed key and value" }),
  rotaryHeadSize: width.meta({ description: "Rotary channels of a head's query, and of the key that all heads share" }),
  valueHeadSize: width.meta({ description: "Channels of one head's value" }),
});

const stateSpace = z.strictObject({
  layers: whole(1, 10_000).meta({ description: "Layers that have a state-space mixer in place of attention" }),
  feedForwardLayers: whole(0, 10_000).default(0).meta({ description: "Layers that are a feed-forward part alone; 0: every layer has one after its mixer" }),
  inner: width,
  state: whole(1, 65_536),
  groups: whole(1, 65_536),
  headSize: whole(1, 65_536),
  convolution: whole(1, 64).default(4).meta({ description: "Taps of the causal convolution" }),
});

export const transformerOptionsSchema = z
  .strictObject({
    hidden: width.meta({ description: "Channels of the residual stream" }),
    layers: whole(1, 10_000).meta({ description: "Layers of the decoder, or of a model that has only an encoder" }),
    encoderLayers: whole(0, 10_000).default(0).meta({ description: "Layers of an encoder that the decoder attends to" }),
    heads: whole(1, 65_536),
    keyValueHeads: whole(1, 65_536).optional().meta({ description: "Heads of key and value. Left out: as many as heads" }),
    headSize: whole(1, 65_536).optional().meta({ description: "Channels of a head; with latent attention without the rotary ones. Left out: hidden / heads" }),
    causal: z.boolean().default(true).meta({ description: "A token sees only those before it" }),
    inner: width.optional().meta({ description: "Inner channels of the feed-forward part. May be left out where every layer has experts" }),
    gated: z.boolean().meta({ description: "The inner activation is a product of two projections (SwiGLU, GeGLU)" }),
    experts: experts.optional(),
    latentAttention: latent.optional().meta({ description: "Multi-head latent attention" }),
    window: z.strictObject({ tokens: width, fullEvery: whole(0, 10_000).default(0).meta({ description: "The last of so many layers sees everything; 0: none does" }) }).optional().meta({ description: "Layers that look back only so many tokens" }),
    queryKeyNormalisation: z.enum(["none", "head", "all-heads"]).default("none").meta({ description: "Query and key are normalised, each head by itself or all together" }),
    sinks: flag.meta({ description: "A learned logit per head takes part in the softmax" }),
    stateSpace: stateSpace.optional().meta({ description: "State-space layers of a hybrid model (Mamba-2)" }),
    vocabulary: whole(1, 1e8).optional().meta({ description: "Rows of the embedding as trained, before a layout fills them up. Needed unless the model reads images" }),
    tiedEmbeddings: flag.meta({ description: "The head uses the matrix of the embedding" }),
    learnedPositions: count.meta({ description: "Rows of a table of positions; 0 where positions are rotary, linear biases or none. With image: one row a token, whatever is written here" }),
    relativePositions: whole(0, 65_536).default(0).meta({ description: "Buckets of learned relative positions (T5)" }),
    segments: whole(0, 1024).default(0).meta({ description: "Kinds of segment that the embedding tells apart (BERT)" }),
    normalisation: z.enum(["layer", "rms"]),
    normalisationBiases: z.boolean().optional().meta({ description: "Norms add a bias. Left out: yes with layer, no with rms" }),
    normsPerLayer: z.union([z.literal(1), z.literal(2), z.literal(4)]).optional().meta({ description: "Left out: 2" }),
    embeddingNormalisation: flag,
    finalNormalisation: z.boolean().default(true),
    biases: z.enum(["all", "query-key-value", "none"]).meta({ description: "Which products add a bias" }),
    headBias: flag,
    headProduct: flag.meta({ description: "A product with norm comes before the head (BERT)" }),
    pooledClasses: whole(0, 1e8).default(0).meta({ description: "Classes of an output pooled over the sequence (BERT: 2); 0: none" }),
    parallelBlock: flag.meta({ description: "Attention and feed-forward part read the same input and are added together" }),
    predictedTokens: whole(0, 4_194_304).default(0).meta({ description: "Tokens of a sequence that the head predicts, where it is not given all (BERT: the masked ones); 0: all" }),
    extraPredictions: whole(0, 64).default(0).meta({ description: "Further tokens predicted, each by a layer of its own" }),
    image: z.strictObject({ size: whole(1, 65_536), channels: whole(1, 4096).default(3), patch: whole(1, 65_536), classes: whole(1, 1e8) }).optional().meta({ description: "The input is a square picture cut into patches (ViT)" }),
    sequence: width.optional().meta({ description: "Tokens of a sequence where a plan names none. Needed unless the model reads images" }),
  })
  .superRefine((options, context) => {
    for (const { at, ...problem } of checkTransformer(options)) context.addIssue({ code: "custom", path: [...at], message: problem.expected, params: { problem }, input: options });
  }, { when: ({ value }) => typeof value === "object" && value !== null });
export type TransformerOptions = z.output<typeof transformerOptionsSchema>;

export const transformerWorkloadSchema = z.strictObject({ ...head, family: z.literal("transformer"), options: transformerOptionsSchema });
export type TransformerWorkload = z.output<typeof transformerWorkloadSchema>;
/** As a file holds it: what may be left out is. */
export type TransformerDocument = z.input<typeof transformerWorkloadSchema>;
