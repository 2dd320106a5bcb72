/**
 * The step of one transformer under one layout as columns of numbers: an operation is a row, and a row says how often it runs for one micro-batch of one layer (blocks
 * of layers and ends) or once a step (blocks of the step). The columns are filled again by every call; nothing is allocated unless a program grows. Names are made from
 * the same columns when somebody asks (describe.ts).
 */

import { makeRankParameters, type RankParameters } from "../../memory/rank-parameters.ts";

/** What a row does, and what its arguments a, b, c, d are. Bytes are those of one rank. */
export const Operation = {
  /** Matrix product: M, N, K, equal products in one launch. */
  product: 0,
  /** Fused attention: queries, mean keys a query sees, heads x (query and value channels), its products over those of a forward pass. */
  flash: 1,
  /** Attention in separate kernels: sequences x heads, queries x keys, query and value channels, its products over those of a forward pass. */
  unfused: 2,
  /** Element-wise kernels: bytes. */
  elementwise: 3,
  /** Casts to a narrow format: bytes. */
  cast: 4,
  /** Other traffic through device memory: bytes. */
  stream: 5,
  /** Tensor-parallel collective: payload in bytes, ranks, 2 for an all-reduce or its two halves, 1 for one of them. */
  tensor: 6,
  /** Context-parallel exchange: bytes that a rank sends, ranks, distance of neighbours in ranks, 1 where attention runs beside it (ring). */
  context: 7,
  /** Dispatch to experts or its way back: bytes before any token stays at home, ranks of experts, copies of a token that share a message to another domain (1: each travels alone), distance of neighbours in ranks. */
  expert: 8,
  /** Message to the next stage: bytes, ranks of the whole pipeline with its replicas. */
  message: 9,
  /** Gathering of parameters: payload in bytes, ranks, distance of neighbours in ranks. */
  gather: 10,
  /** Sum of gradients: their number, ranks, distance of neighbours in ranks, 2 where all ranks get the sum and 1 where each gets its share. */
  reduce: 11,
  /** Update of the weights: bytes through device memory. */
  update: 12,
  /** Transfer to host memory or back: bytes. */
  offload: 13,
  /** Exponentials of fused attention, in a pass: queries, mean keys a query sees, heads. */
  exponential: 14,
} as const;
export type OperationKind = (typeof Operation)[keyof typeof Operation];

/** What a row belongs to. The first nine are parts of layers, then what first and last stage have besides, then what a micro-batch or step has once. */
export const Block = {
  attention: 0, windowed: 1, stateSpace: 2, encoder: 3, cross: 4, feedForward: 5, experts: 6, projection: 7, embedding: 8, head: 9,
  /** Once per micro-batch: messages of a stage, sharded parameters, transfers to the host. */
  messages: 10, shards: 11, offload: 12,
  /** Once a step: gradients that ranks sum, parameters gathered after the update, the update, its states on their way from the host and back. */
  gradients: 13, parameters: 14, update: 15, transfers: 16,
  /** Nothing: what layers without a mixer or without a feed-forward part have there. */
  none: 17,
} as const;
export const blockCount = 18;
export const blockNames = Object.keys(Block) as Array<keyof typeof Block>;

/** First block that belongs to micro-batch or step. */
export const firstStepBlock = Block.messages;
export const stepBlocks = Block.none - firstStepBlock;

/** Parts of the time of a block; the first three add up to the same as those after `ideal`. */
export const Part = { forward: 0, data: 1, weight: 2, ideal: 3, products: 4, memory: 5, tensor: 6, context: 7, expert: 8, other: 9 } as const;
export const partCount = 10;
/** Parts of a whole layer: those of its blocks together, and its time of launching last. */
export const layerParts = partCount + 1;
export const launchPart = partCount;

/** When a row runs: in the forward pass, for the gradient of its input, or of its weights. Rows of the forward pass may run again in the backward pass. */
export const Phase = { forward: 0, data: 1, weight: 2 } as const;

/** Format of a product: the recipe's narrow one, or the 16-bit (or wider) one beside it. Of fused attention, `masked`: tiles on the edge of a mask are computed whole. */
export const Format = { wide: 0, narrow: 1, masked: 2, maskedNarrow: 3 } as const;

/** Layers that differ in their parts. The second half of hybrid models' layers is a mixer alone or a feed-forward part alone. */
export const layerKinds = [
  "attention", "windowed", "state-space", "attention-experts", "windowed-experts", "state-space-experts", "encoder", "attention-alone", "state-space-alone", "feed-forward-alone", "experts-alone",
] as const;
export const layerKindCount = layerKinds.length;
/** What mixes tokens in each kind, and what follows. */
export const mixerBlocks = [Block.attention, Block.windowed, Block.stateSpace, Block.attention, Block.windowed, Block.stateSpace, Block.encoder, Block.attention, Block.stateSpace, Block.none, Block.none] as const;
export const followingBlocks = [
  Block.feedForward, Block.feedForward, Block.feedForward, Block.experts, Block.experts, Block.experts, Block.feedForward, Block.none, Block.none, Block.feedForward, Block.experts,
] as const;
export const encoderKind = 6;

/** How the layers lie on a pipeline. */
export interface StageRuns {
  /** Runs of equal stages in the order of the pipeline: how many, and how many layers of each kind one of them has. The first stage has the embedding, the last the head. */
  runs: number;
  stages: Float64Array;
  layers: Float64Array;
  /** Kinds of layer that some stage has. */
  kinds: number;
  present: Uint8Array;
}

export interface TransformerProgram extends StageRuns {
  count: number;
  /** Rows of layers and ends, which come first; the others are of micro-batch and step. */
  blockRows: number;
  kind: Uint8Array;
  block: Uint8Array;
  phase: Uint8Array;
  format: Uint8Array;
  a: Float64Array;
  b: Float64Array;
  c: Float64Array;
  d: Float64Array;
  /** Times it runs in its own phase. */
  repeat: Float64Array;
  /** Times it runs again in the backward pass: recomputation. May be a share of the layers. */
  again: Float64Array;
  /** Seconds of all repeats together; written by the costs. */
  time_s: Float64Array;
  /** Sums over the rows of each block of layers and ends, by the costs (cost/transformer/operations.ts): `partCount` numbers a block. */
  readonly sums: Float64Array;
  /** Sums over the rows of each block of micro-batch and step (cost/transformer/step-operations.ts), from `firstStepBlock` on. */
  readonly stepTimes: Float64Array;
  /** Times of whole layers by kind, by the pipeline (engine/pipeline/stage-times.ts): `layerParts` numbers a kind, and a bit for each kind that was timed since its blocks were. */
  readonly layerTimes: Float64Array;
  timedKinds: number;
  /** What a rank holds of each part of the model. */
  readonly parameters: RankParameters;
  /** Extra predictions: layers and heads that the last stage has besides. */
  extra: number;
  extraKind: number;
  /** Parts of a layer's host work: forward passes, and tensor collectives (of all passes) times doublings of their ranks. */
  forwards: number;
  tensorLaunches: number;
  /** Shares of the host's launches of a layer, and of its experts, that recorded graphs leave. */
  layerLaunches: number;
  expertLaunches: number;
  /** Experts of a layer that a rank holds and whose products the host launches one by one. */
  groupLaunches: number;
  /** Longest queue of experts over the mean one, by chance alone. */
  imbalance: number;
  /** Bytes of an element of a product in the wide and in the narrow format. */
  wideBytes: number;
  narrowBytes: number;
  /** Layers of the first stage, and the parameters that one of its ranks holds and trains, those of routed experts apart. */
  firstLayers: number;
  denseParameters: number;
  expertParameters: number;
  denseTrained: number;
  expertsTrained: number;
}

export const makeStageRuns = (runs: number): StageRuns => ({ runs: 0, stages: new Float64Array(runs), layers: new Float64Array(runs * layerKindCount), kinds: 0, present: new Uint8Array(layerKindCount) });

export function makeTransformerProgram(rows = 512, runs = 64): TransformerProgram {
  const column = (): Float64Array => new Float64Array(rows);
  const bytes = (): Uint8Array => new Uint8Array(rows);
  return {
    count: 0, blockRows: 0, kind: bytes(), block: bytes(), phase: bytes(), format: bytes(), a: column(), b: column(), c: column(), d: column(), repeat: column(), again: column(), time_s: column(),
    sums: new Float64Array(blockCount * partCount), stepTimes: new Float64Array(stepBlocks), layerTimes: new Float64Array(layerKindCount * layerParts), timedKinds: 0, parameters: makeRankParameters(),
    ...makeStageRuns(runs), extra: 0, extraKind: 0, forwards: 1, tensorLaunches: 0, layerLaunches: 1, expertLaunches: 1, groupLaunches: 0, imbalance: 1, wideBytes: 2, narrowBytes: 2, firstLayers: 0, denseParameters: 0, expertParameters: 0, denseTrained: 0, expertsTrained: 0,
  };
}

/** Adds a row; gives its number. Columns never grow here: no program has more rows than `makeTransformerProgram` makes room for (a test counts the largest). */
export function addRow(program: TransformerProgram, kind: number, block: number, phase: number, format: number, a: number, b: number, c: number, d: number, repeat: number, again: number): void {
  const row = program.count++;
  program.kind[row] = kind;
  program.block[row] = block;
  program.phase[row] = phase;
  program.format[row] = format;
  program.a[row] = a;
  program.b[row] = b;
  program.c[row] = c;
  program.d[row] = d;
  program.repeat[row] = repeat;
  program.again[row] = again;
}

/** The three products of one weight matrix: forward (M, N, K), gradient of its input (M, K, N), gradient of the weights (N, K, M). */
export function addProducts(program: TransformerProgram, block: number, format: number, M: number, N: number, K: number, groups: number, again: number, trained: boolean): void {
  addRow(program, Operation.product, block, Phase.forward, format, M, N, K, groups, 1, again);
  addRow(program, Operation.product, block, Phase.data, format, M, K, N, groups, 1, 0);
  if (trained) addRow(program, Operation.product, block, Phase.weight, format, N, K, M, groups, 1, 0);
}

/** Makes room for the runs of a pipeline; rare. */
export function reserveRuns(program: StageRuns, runs: number): void {
  if (program.stages.length >= runs) return;
  program.stages = new Float64Array(2 * runs);
  program.layers = new Float64Array(2 * runs * layerKindCount);
}
