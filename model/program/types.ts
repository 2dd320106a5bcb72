/**
 * One training step of one role as plain columns. Ranks that do the same work are one role with a multiplicity; a step of 27,360 devices is some hundred
 * operations. Both interpreters read this and nothing else. Operations stand in an order in which every dependency comes first, and operations of one lane
 * run one after another. Layers name the rows for people; time is not here: `cost` gives it.
 */
import type { Layer } from "../workload/layer.ts";

export const lanes = ["compute", "control", "network", "read", "decode", "copy"] as const;
export const Lane = { compute: 0, control: 1, network: 2, read: 3, decode: 4, copy: 5 } as const;

/** What an operation is; the column holds the number. */
export const Kind = {
  /** One pass of a convolution or dense layer. */
  convolution: 0,
  /** Moves `bytes` through device memory. */
  memory: 1,
  optimizer: 2,
  /** Host time that is not hidden behind kernels: `count` launches. */
  launch: 3,
  /** Exchange of batch statistics between `count` ranks' worth of layers. */
  normalisationExchange: 4,
  /** Agreement that `count` gradients are ready. */
  negotiate: 5,
  /** Word to every rank that a buffer of gradients is agreed. */
  answer: 6,
  /** Sum of `bytes` of gradients over all ranks. */
  allReduce: 7,
  read: 8,
  decode: 9,
  copy: 10,
  /** Copy of one gradient of `number` elements into its bucket or back. */
  bucketCopy: 11,
  /** Adds a gradient of `number` elements to those of earlier local batches. */
  accumulate: 12,
  /** Exchange of `bytes` of weights or gradients with other groups or their servers, once in `number` steps. */
  exchange: 13,
  /** Compresses and restores a buffer of gradients: `bytes` through memory. */
  compress: 14,
  /** Weights from one rank to all others: `bytes`. */
  broadcast: 15,
  /** Copy of `bytes` in `number` pieces between host and device, which both wait for. */
  hostTransfer: 16,
  /** Exchange of `bytes` of every device where devices divide a classifier: one gathering or scattering (`number` 0), or so many sums. */
  classExchange: 17,
  /** Update of weights that devices divide: `bytes` of all of them together. */
  dividedUpdate: 18,
} as const;
export const kindNames = Object.keys(Kind) as Array<keyof typeof Kind>;

export const passNames = ["", "forward", "data-gradient", "weight-gradient", "backward"] as const;
export const PassCode = { none: 0, forward: 1, dataGradient: 2, weightGradient: 3, backward: 4 } as const;

export interface Program {
  readonly layers: readonly Layer[];
  readonly samplesPerDevice: number;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly lane: Uint8Array;
  readonly pass: Uint8Array;
  /** Index into `layers`, -1 where the operation belongs to none. */
  readonly layer: Int32Array;
  /** Useful operations (2 per multiply-add) of the local batch. */
  readonly flop: Float64Array;
  /** Moved through memory, or the payload of a transfer or sum. */
  readonly bytes: Float64Array;
  /** Launches, layers or tensors, by kind. */
  readonly number: Float64Array;
  /** Dependencies of operation i are dependencies[dependencyStart[i] .. dependencyStart[i + 1]). */
  readonly dependencyStart: Uint32Array;
  readonly dependencies: Uint32Array;
}
