/**
 * Parameters of the time of a transformer step: name, scope, unit. One vector of numbers holds them all, so that a fit can move any and a prediction costs no look-up.
 * A scope says what shares one value: a device (with a precision), the link inside a node, the fabric, or a stack. None belongs to a run, a model or a scale.
 */

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
  elementwise: { scope: "stack", unit: "1", means: "Memory traffic of element-wise work over that of fused kernels" },
  castTraffic: { scope: "stack", unit: "1", means: "Memory traffic of casts to narrow formats over one reading and writing" },
  flashShare: { scope: "stack", unit: "1", means: "Share of the 16-bit peak that fused attention reaches on its causal half" },
  attentionTraffic: { scope: "stack", unit: "1", means: "Memory traffic of unfused attention over that of its separate kernels" },
  misalignedHeads: { scope: "stack", unit: "1", means: "Further time of unfused attention, in multiples, where the head size is not a multiple of 8" },
  tensorExposed: { scope: "stack", unit: "1", means: "Share of tensor-parallel communication that compute does not hide" },
  tensorSkew: { scope: "stack", unit: "s", means: "Wait of the ranks for one another at each tensor-parallel collective" },
  dataExposed: { scope: "stack", unit: "1", means: "Share of gradient communication that compute does not hide" },
  shardEfficiency: { scope: "stack", unit: "1", means: "Share of the collective rate that gathering sharded parameters reaches" },
  shardExposed: { scope: "stack", unit: "1", means: "Share of the shorter of compute and parameter gathering that the other does not hide" },
  pipelineExposed: { scope: "stack", unit: "1", means: "Share of the messages between stages that compute does not hide" },
  headShare: { scope: "stack", unit: "1", means: "Share of the loss head that lengthens the slowest stage when stages interleave" },
  layerLaunch: { scope: "stack", unit: "s", means: "Host time to launch one layer's forward pass" },
  tensorLaunch: { scope: "stack", unit: "s", means: "Host time of a tensor-parallel collective, per doubling of its ranks" },
  expertLaunch: { scope: "stack", unit: "s", means: "Host time to launch one layer of experts" },
  expertFactor: { scope: "stack", unit: "1", means: "Time of expert layers over their products and messages" },
  optimizer: { scope: "stack", unit: "1", means: "Memory traffic of the optimizer over one reading and writing of its states" },
  fixed: { scope: "stack", unit: "s", means: "Time of a step that nothing else explains" },
  jitter: { scope: "stack", unit: "1", means: "Spread of step time between nodes; a step waits for the slowest" },
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
  readonly peak16_flop_per_s: number;
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
