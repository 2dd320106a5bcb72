/** Rates and shares that all operations of one step have in common, from hardware and parameters; one reused object. */
import type { Layout } from "../../plan/layout.ts";
import { parameterIndex as at, type TransformerHardware, type TransformerValues } from "./parameters.ts";

export interface Rates {
  wide_flop_per_s: number;
  narrow_flop_per_s: number;
  /** Reached by large products. */
  wideProducts_flop_per_s: number;
  narrowProducts_flop_per_s: number;
  /** Ramps in elements of each format. */
  wideInner: number;
  wideOuter: number;
  narrowInner: number;
  narrowOuter: number;
  flash_flop_per_s: number;
  memory_bytes_per_s: number;
  multiprocessors: number;
  domain: number;
  node_bytes_per_s: number;
  nodeHalfSize_bytes: number;
  nodeLatency_s: number;
  /** What one device brings to its node's ports. */
  port_bytes_per_s: number;
  fabricLatency_s: number;
  sliceContention: number;
  hostLink_bytes_per_s: number;
  elementwise: number;
  castTraffic: number;
  attentionTraffic: number;
  misaligned: number;
  tensorShare: number;
  tensorSkew_s: number;
  expertShare: number;
  expertFactor: number;
  gradientBytes: number;
  optimizer: number;
}

const rates: Rates = {
  wide_flop_per_s: 0, narrow_flop_per_s: 0, wideProducts_flop_per_s: 0, narrowProducts_flop_per_s: 0, wideInner: 0, wideOuter: 0, narrowInner: 0, narrowOuter: 0, flash_flop_per_s: 0, memory_bytes_per_s: 0, multiprocessors: 0,
  domain: 0, node_bytes_per_s: 0, nodeHalfSize_bytes: 0, nodeLatency_s: 0, port_bytes_per_s: 0, fabricLatency_s: 0, sliceContention: 0, hostLink_bytes_per_s: 0,
  elementwise: 0, castTraffic: 0, attentionTraffic: 0, misaligned: 0, tensorShare: 0, tensorSkew_s: 0, expertShare: 0, expertFactor: 0, gradientBytes: 0, optimizer: 0,
};

/** Share of a communication that lengthens the step: what is not hidden, and what compute loses to the hidden rest. */
export const visibleShare = (overlaps: boolean, exposed: number, slowdown: number): number => (overlaps ? exposed + Math.max(0, 1 - exposed) * slowdown : 1);

/** The same object for every call. */
export function ratesOf(hardware: TransformerHardware, values: TransformerValues, layout: Layout): Rates {
  const value = (index: number): number => values[index] as number;
  const sixteen = layout.recipe === "fp32" || layout.recipe === "tf32" || layout.recipe === "fp16" || layout.recipe === "bf16";
  const wide = sixteen ? hardware.peak_flop_per_s : hardware.peak16_flop_per_s;
  const narrower = hardware.peak_flop_per_s / wide;
  const ceiling = value(at.gemmCeiling);
  rates.wide_flop_per_s = wide;
  rates.narrow_flop_per_s = hardware.peak_flop_per_s;
  rates.wideProducts_flop_per_s = wide * ceiling;
  rates.narrowProducts_flop_per_s = hardware.peak_flop_per_s * ceiling;
  rates.wideInner = value(at.innerRamp);
  rates.wideOuter = value(at.outerRamp);
  rates.narrowInner = rates.wideInner * narrower;
  rates.narrowOuter = rates.wideOuter * narrower;
  rates.flash_flop_per_s = hardware.peak16_flop_per_s * value(at.flashShare);
  rates.memory_bytes_per_s = hardware.memory_bytes_per_s * value(at.memoryShare);
  rates.multiprocessors = hardware.multiprocessors;
  rates.domain = hardware.domain;
  rates.node_bytes_per_s = value(at.nodeBandwidth);
  rates.nodeHalfSize_bytes = value(at.nodeHalfSize);
  rates.nodeLatency_s = value(at.nodeLatency);
  rates.port_bytes_per_s = (hardware.injection_bytes_per_s * value(at.fabricShare)) / hardware.devicesPerNode;
  rates.fabricLatency_s = value(at.fabricLatency);
  rates.sliceContention = value(at.sliceContention);
  rates.hostLink_bytes_per_s = hardware.hostLink_bytes_per_s;
  rates.elementwise = value(at.elementwise);
  rates.castTraffic = value(at.castTraffic);
  rates.attentionTraffic = value(at.attentionTraffic);
  rates.misaligned = 1 + value(at.misalignedHeads);
  const slowdown = value(at.overlapSlowdown);
  rates.tensorShare = visibleShare(layout.overlap.tensor, value(at.tensorExposed), slowdown);
  rates.tensorSkew_s = value(at.tensorSkew);
  rates.expertShare = visibleShare(layout.overlap.expert, value(at.expertExposed), slowdown);
  rates.expertFactor = value(at.expertFactor);
  rates.gradientBytes = value(at.gradientBytes);
  rates.optimizer = value(at.optimizer);
  return rates;
}
