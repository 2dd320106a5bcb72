/**
 * Parameters of the time of a transformer step: name, scope, unit. One vector of numbers holds them all, so that a fit can move any and a prediction costs no look-up.
 * A scope says what shares one value: a device (with a precision), the link inside a node, the fabric, or a stack. None belongs to a run, a model or a scale.
 */

import { stackParameters } from "../../schema/stack-parameters.ts";

export type ParameterScope = "device-precision" | "device" | "node-link" | "fabric" | "stack";

interface Specification {
  readonly scope: ParameterScope;
  /** SI; "1" where it is a ratio. */
  readonly unit: "1" | "s" | "B/s" | "B";
  readonly means: string;
}

export const transformerParameters = {
  gemmCeiling: { scope: "device-precision", unit: "1", means: "Share of the peak that large products reach" },
  memoryShare: { scope: "device", unit: "1", means: "Share of the memory bandwidth that streaming kernels reach" },
  innerRamp: { scope: "device", unit: "1", means: "Inner extent at which a product takes twice its time, in 16-bit elements" },
  outerRamp: { scope: "device", unit: "1", means: "Smaller outer extent at which a product takes twice its time, in 16-bit elements" },
  nodeBandwidth: { scope: "node-link", unit: "B/s", means: "Rate of a collective inside the node per device and direction" },
  nodeHalfSize: { scope: "node-link", unit: "B", means: "Bytes at which a collective inside the node reaches half of its rate" },
  nodeLatency: { scope: "node-link", unit: "s", means: "Time of a collective inside the node without bytes" },
  fabricShare: { scope: "fabric", unit: "1", means: "Share of the node's injection bandwidth that collectives reach" },
  fabricLatency: { scope: "fabric", unit: "s", means: "Time per rank of a collective between nodes without bytes" },
  sliceContention: { scope: "fabric", unit: "1", means: "Growth of the time between slices of a TPU pod per further slice" },
  ...stackParameters,
} as const satisfies Record<string, Specification>;

export type TransformerParameter = keyof typeof transformerParameters;
export const transformerParameterNames = Object.keys(transformerParameters) as TransformerParameter[];
/** Position of each parameter in a vector of values. */
export const parameterIndex = Object.fromEntries(transformerParameterNames.map((name, index) => [name, index])) as Readonly<Record<TransformerParameter, number>>;

/** One value per parameter, in the order of `transformerParameterNames`. */
export type TransformerValues = Float64Array;

/** What data sheets and the machine document say, in SI. */
export interface TransformerHardware {
  /** Dense peak of the recipe's products, and of 16-bit ones. */
  readonly peak_flop_per_s: number;
  /** Time of products while all devices of a node work, over that of one alone; left out: 1. */
  readonly productSharing?: number;
  readonly peak16_flop_per_s: number;
  /** Left out: exponentials of attention take no time of their own. */
  readonly exponentials_per_s?: number;
  readonly multiprocessors: number;
  readonly memory_bytes_per_s: number;
  readonly memory_bytes: number;
  readonly devicesPerNode: number;
  /** Devices that the fast link joins: those of a node, or of a rack or slice. */
  readonly domain: number;
  /** All network ports of a node together, one direction. */
  readonly injection_bytes_per_s: number;
  readonly hostLink_bytes_per_s: number;
}
