/** Rates and shares that all operations of one step have in common, from hardware and parameters; one reused object. */
import type { Layout } from "../../plan/layout.ts";
import { parameterIndex as at, type TransformerHardware, type TransformerValues } from "./parameters.ts";

export interface Rates {
  /** At the peak. */
  wide_s_per_flop: number;
  narrow_s_per_flop: number;
  /** Reached by large products. */
  wideProducts_s_per_flop: number;
  narrowProducts_s_per_flop: number;
  flash_s_per_flop: number;
  narrowFlash_s_per_flop: number;
  exponential_s: number;
  /** Peak of the narrow format over that of the wide one. */
  narrower: number;
  wideBytes: number;
  narrowBytes: number;
  innerRamp: number;
  outerRamp: number;
  multiprocessors: number;
  memory_s_per_byte: number;
  elementwise_s_per_byte: number;
  cast_s_per_byte: number;
  scores_s_per_byte: number;
  update_s_per_byte: number;
  hostLink_s_per_byte: number;
  misaligned: number;
  domain: number;
  node_s_per_byte: number;
  nodeHalfSize_bytes: number;
  nodeLatency_s: number;
  /** Of what one device brings to its node's ports. */
  port_s_per_byte: number;
  fabricLatency_s: number;
  sliceContention: number;
  tensorShare: number;
  tensorSkew_s: number;
  expertShare: number;
  expertFactor: number;
  gradientBytes: number;
}

export const makeRates = (): Rates => ({
  wide_s_per_flop: 0.1, narrow_s_per_flop: 0.1, wideProducts_s_per_flop: 0.1, narrowProducts_s_per_flop: 0.1, flash_s_per_flop: 0.1, narrowFlash_s_per_flop: 0.1, exponential_s: 0.1, narrower: 0.1, wideBytes: 0.1, narrowBytes: 0.1, innerRamp: 0.1, outerRamp: 0.1, multiprocessors: 0.1,
  memory_s_per_byte: 0.1, elementwise_s_per_byte: 0.1, cast_s_per_byte: 0.1, scores_s_per_byte: 0.1, update_s_per_byte: 0.1, hostLink_s_per_byte: 0.1, misaligned: 0.1, domain: 0.1, node_s_per_byte: 0.1, nodeHalfSize_bytes: 0.1,
  nodeLatency_s: 0.1, port_s_per_byte: 0.1, fabricLatency_s: 0.1, sliceContention: 0.1, tensorShare: 0.1, tensorSkew_s: 0.1, expertShare: 0.1, expertFactor: 0.1, gradientBytes: 0.1,
});
const own = makeRates();

/** Share of a communication that lengthens the step: what is not hidden, and what compute loses to the hidden rest. */
export const visibleShare = (overlaps: boolean, exposed: number, slowdown: number): number => (overlaps ? exposed + Math.max(0, 1 - exposed) * slowdown : 1);

const parameter = (values: TransformerValues, index: number): number => values[index] as number;

/** Of attention in 8 bits over 16: 1.2 against 0.74 PFLOP/s (FlashAttention-3, arXiv:2407.08608, abstract). */
const narrowAttentionGain = 1.62;

/** Into `rates`, else into the same object for every call. */
export function ratesOf(hardware: TransformerHardware, values: TransformerValues, layout: Layout, wideBytes: number, narrowBytes: number, rates: Rates = own): Rates {
  const sixteen = wideBytes === narrowBytes;
  const wide = sixteen ? hardware.peak_flop_per_s : hardware.peak16_flop_per_s;
  const sharing = layout.devices > 1 ? (hardware.productSharing ?? 1) : 1;
  const ceiling = (parameter(values, at.gemmCeiling) * parameter(values, at.productShare)) / sharing;
  rates.wide_s_per_flop = 1 / wide;
  rates.narrow_s_per_flop = 1 / hardware.peak_flop_per_s;
  rates.wideProducts_s_per_flop = 1 / (wide * ceiling);
  rates.narrowProducts_s_per_flop = 1 / (hardware.peak_flop_per_s * ceiling);
  rates.flash_s_per_flop = sharing / (hardware.peak16_flop_per_s * parameter(values, at.flashShare));
  rates.exponential_s = hardware.exponentials_per_s === undefined ? 0 : sharing / (hardware.exponentials_per_s * parameter(values, at.flashShare));
  rates.narrower = hardware.peak_flop_per_s / wide;
  rates.wideBytes = wideBytes;
  rates.narrowBytes = narrowBytes;
  rates.narrowFlash_s_per_flop = rates.flash_s_per_flop / narrowAttentionGain;
  // Ramps are extents at the rate of 16-bit products: wider formats, which are slower, have shorter ones.
  const slower = wideBytes > 2 ? Math.min(1, wide / hardware.peak16_flop_per_s) : 1;
  rates.innerRamp = parameter(values, at.innerRamp) * slower;
  rates.outerRamp = parameter(values, at.outerRamp) * slower;
  rates.multiprocessors = hardware.multiprocessors;
  const memory = 1 / (hardware.memory_bytes_per_s * parameter(values, at.memoryShare));
  rates.memory_s_per_byte = memory;
  rates.elementwise_s_per_byte = memory * parameter(values, at.elementwise);
  rates.cast_s_per_byte = memory * parameter(values, at.castTraffic);
  rates.scores_s_per_byte = (memory * parameter(values, at.attentionTraffic) * wideBytes) / 2;
  rates.update_s_per_byte = memory * parameter(values, at.optimizer);
  rates.hostLink_s_per_byte = 1 / hardware.hostLink_bytes_per_s;
  rates.misaligned = 1 + parameter(values, at.misalignedHeads);
  rates.domain = hardware.domain;
  rates.node_s_per_byte = 1 / parameter(values, at.nodeBandwidth);
  rates.nodeHalfSize_bytes = parameter(values, at.nodeHalfSize);
  rates.nodeLatency_s = parameter(values, at.nodeLatency);
  rates.port_s_per_byte = hardware.devicesPerNode / (hardware.injection_bytes_per_s * parameter(values, at.fabricShare));
  rates.fabricLatency_s = parameter(values, at.fabricLatency);
  rates.sliceContention = parameter(values, at.sliceContention);
  const slowdown = parameter(values, at.overlapSlowdown);
  rates.tensorShare = visibleShare(layout.overlap.tensor, parameter(values, at.tensorExposed), slowdown);
  rates.tensorSkew_s = parameter(values, at.tensorSkew);
  rates.expertShare = visibleShare(layout.overlap.expert, parameter(values, at.expertExposed), slowdown);
  rates.expertFactor = parameter(values, at.expertFactor);
  // What a framework sums in mixed precision is its own affair; 32-bit training has 32-bit gradients.
  rates.gradientBytes = wideBytes > 2 ? Math.max(4, parameter(values, at.gradientBytes)) : parameter(values, at.gradientBytes);
  return rates;
}
