/**
 * Parameters of the time of a transformer step that all runs of one stack share: what they mean and their unit. The whole vector, with the parameters of devices and
 * links, is in cost/transformer/parameters.ts; a stack document states each of these as a fact with its range, and a fit moves them.
 */
import type { Dimension } from "../units.ts";

interface StackParameter {
  readonly scope: "stack";
  /** SI; "1" where it is a ratio. */
  readonly unit: "1" | "s" | "B";
  readonly means: string;
}

export const stackParameters = {
  productShare: { scope: "stack", unit: "1", means: "Share of the device's rate of large products that the stack's libraries reach" },
  elementwise: { scope: "stack", unit: "1", means: "Memory traffic of element-wise work over that of fused kernels" },
  castTraffic: { scope: "stack", unit: "1", means: "Memory traffic of casts to narrow formats over one reading and writing" },
  flashShare: { scope: "stack", unit: "1", means: "Share that fused attention reaches of the time of its products at the 16-bit peak and of its exponentials one after the other, on its causal half" },
  attentionTraffic: { scope: "stack", unit: "1", means: "Memory traffic of unfused attention over that of its separate kernels" },
  misalignedHeads: { scope: "stack", unit: "1", means: "Further time of unfused attention's products, in multiples, where the head size is not a multiple of 8" },
  tensorExposed: { scope: "stack", unit: "1", means: "Share of tensor-parallel communication that compute does not hide" },
  tensorSkew: { scope: "stack", unit: "s", means: "Wait of the ranks for one another at each tensor-parallel collective" },
  dataExposed: { scope: "stack", unit: "1", means: "Share of gradient communication that compute does not hide" },
  gradientBytes: { scope: "stack", unit: "B", means: "Bytes of one gradient as ranks sum it" },
  shardEfficiency: { scope: "stack", unit: "1", means: "Share of the collective rate that gathering sharded parameters reaches" },
  shardExposed: { scope: "stack", unit: "1", means: "Share of the shorter of compute and parameter gathering that the other does not hide" },
  pipelineExposed: { scope: "stack", unit: "1", means: "Share of the messages between stages that compute does not hide" },
  expertExposed: { scope: "stack", unit: "1", means: "Share of the dispatch to experts that compute does not hide" },
  overlapSlowdown: { scope: "stack", unit: "1", means: "Compute time lost per time of communication hidden behind it" },
  headShare: { scope: "stack", unit: "1", means: "Share of the loss head that lengthens the slowest stage when stages interleave" },
  layerLaunch: { scope: "stack", unit: "s", means: "Host time to launch one layer's forward pass" },
  tensorLaunch: { scope: "stack", unit: "s", means: "Host time of a tensor-parallel collective, per doubling of its ranks" },
  expertLaunch: { scope: "stack", unit: "s", means: "Host time to launch the forward pass of one layer of experts" },
  groupLaunch: { scope: "stack", unit: "s", means: "Host time to launch the products of one expert that a rank holds, forward pass" },
  expertFactor: { scope: "stack", unit: "1", means: "Time of expert layers over their products and messages" },
  optimizer: { scope: "stack", unit: "1", means: "Memory traffic of the optimizer over one reading and writing of its states" },
  fixed: { scope: "stack", unit: "s", means: "Time of a step that nothing else explains" },
  jitter: { scope: "stack", unit: "1", means: "Spread of step time between nodes; a step waits for the slowest" },
} as const satisfies Record<string, StackParameter>;

export type StackParameterName = keyof typeof stackParameters;
export const stackParameterNames = Object.keys(stackParameters) as StackParameterName[];

/** Dimension of each unit in a document. */
export const parameterDimensions = { "1": "fraction", s: "time", B: "data", "B/s": "bandwidth" } as const satisfies Record<string, Dimension>;
