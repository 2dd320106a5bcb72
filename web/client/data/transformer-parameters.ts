/** What the parameters of a transformer's step are called on the page, and how their values are read: a share as per cent, an extent in elements, a ratio as a multiple. */
import type { TransformerParameter } from "../../../model/cost/transformer/parameters.ts";
import { formatNumber } from "../../../model/units.ts";
import { fixed, join } from "../format.ts";
import { rangeSi, share, showSi } from "./si.ts";

type Form = "share" | "elements" | "times" | "si";

const words: Readonly<Record<string, readonly [name: string, form: Form]>> = {
  gemmCeiling: ["Peak that large products reach", "share"],
  memoryShare: ["Memory bandwidth that kernels reach", "share"],
  innerRamp: ["Inner extent of half-speed products", "elements"],
  outerRamp: ["Outer extent of half-speed products", "elements"],
  nodeBandwidth: ["Rate of collectives in a node", "si"],
  nodeHalfSize: ["Message at half that rate", "si"],
  nodeLatency: ["Latency of collectives in a node", "si"],
  fabricShare: ["Injection that collectives reach", "share"],
  fabricLatency: ["Latency a rank between nodes", "si"],
  sliceContention: ["Slowdown per further TPU slice", "share"],
  elementwise: ["Traffic of element-wise work over fused", "times"],
  castTraffic: ["Traffic of casts to narrow formats", "times"],
  flashShare: ["Peak that fused attention reaches", "share"],
  attentionTraffic: ["Traffic of unfused attention", "times"],
  misalignedHeads: ["Extra time of misaligned heads", "times"],
  tensorExposed: ["Tensor exchange that is not hidden", "share"],
  tensorSkew: ["Wait at each tensor exchange", "si"],
  dataExposed: ["Gradient exchange that is not hidden", "share"],
  gradientBytes: ["Bytes of a gradient as it is summed", "si"],
  shardEfficiency: ["Rate that gathering of shards reaches", "share"],
  shardExposed: ["Gathering of shards that is not hidden", "share"],
  pipelineExposed: ["Stage messages that are not hidden", "share"],
  expertExposed: ["Dispatch to experts that is not hidden", "share"],
  overlapSlowdown: ["Compute lost to hidden messages", "share"],
  headShare: ["Loss head on the slowest stage", "share"],
  layerLaunch: ["Launch of a layer's forward pass", "si"],
  tensorLaunch: ["Launch of a tensor exchange, a doubling", "si"],
  expertLaunch: ["Launch of a layer of experts", "si"],
  productShare: ["Products over the device's best", "share"],
  groupLaunch: ["Launch of one expert's products", "si"],
  expertFactor: ["Expert layers over their products", "times"],
  optimizer: ["Traffic of the optimizer", "times"],
  fixed: ["Time of a step that nothing explains", "si"],
  jitter: ["Spread of step time between nodes", "share"],
} satisfies Readonly<Record<TransformerParameter, readonly [name: string, form: Form]>>;

const formOf = (name: string): Form => words[name]?.[1] ?? "si";

export const parameterName = (name: string): string => words[name]?.[0] ?? name;

export function showParameter(name: string, value: number, unit: string): string {
  const form = formOf(name);
  if (form === "share") return showSi(value, share);
  if (form === "elements") return join(fixed(value, 0), "elements");
  return form === "times" ? `${formatNumber(value, 3)} ×` : showSi(value, unit);
}

export function rangeParameter(name: string, low: number, high: number, unit: string): string {
  const form = formOf(name);
  if (form === "share") return rangeSi(low, high, share);
  if (form === "elements") return join(`${fixed(low, 0)} – ${fixed(high, 0)}`, "elements");
  return form === "times" ? `${formatNumber(low, 3)} – ${formatNumber(high, 3)} ×` : rangeSi(low, high, unit);
}
