/**
 * Bytes that a rank keeps per parameter it holds, by part: what data ranks divide among themselves is a share of a byte. ZeRO (arXiv:1910.02054), FSDP (arXiv:2304.11277),
 * Megatron-LM's distributed optimizer. Routed experts are divided over the ranks that hold the same experts. With adapters the frozen weights alone count here.
 */
import type { Layout } from "../plan/layout.ts";
import { isNarrow } from "./activations.ts";
import { momentsOf, type MemoryStack } from "./stack.ts";

export interface StateRates {
  /** Per parameter that all data ranks hold alike, and per parameter of routed experts. */
  weight: number;
  weightRouted: number;
  gradient: number;
  gradientRouted: number;
  optimizer: number;
  optimizerRouted: number;
  copy: number;
  copyRouted: number;
  /** Per parameter of the rank, whoever holds it too. */
  narrow: number;
  element: number;
  /** Ranks divide parameters, and gather them. */
  gathers: boolean;
}

/** Doubles from the start, so that no later number changes how the object is laid out. */
export const makeStateRates = (): StateRates => ({ weight: Number.NaN, weightRouted: Number.NaN, gradient: Number.NaN, gradientRouted: Number.NaN, optimizer: Number.NaN, optimizerRouted: Number.NaN, copy: Number.NaN, copyRouted: Number.NaN, narrow: Number.NaN, element: Number.NaN, gathers: false });

export function setStateRates(layout: Layout, stack: MemoryStack, into: StateRates): void {
  const { sharding, recipe, adapterRank, shardGroup } = layout;
  const wide = recipe === "fp32" || recipe === "tf32";
  const share = 1 / shardGroup;
  const shareRouted = 1 / Math.max(1, (shardGroup * layout.tensor) / (layout.expert * layout.expertTensor));
  const divided = sharding === "parameters";
  const frozen = adapterRank > 0;
  // A frozen weight has no master copy that could be cast while it is gathered.
  const weight = wide ? (frozen ? 4 : 0) : divided && !frozen ? stack.shardedWeight_bytes : stack.weight_bytes;
  const gradient = recipe === "fp16" ? stack.gradientFp16_bytes : stack.gradient_bytes;
  const states = (stack.master_bytes + stack.moment_bytes * momentsOf[layout.optimizer]) * (1 - layout.offload.optimizer);
  const gradientDivided = divided || sharding === "gradients";
  const none = sharding === "none";
  into.element = wide ? 4 : 2;
  into.gathers = divided && shardGroup > 1;
  into.weight = weight * (divided ? share : 1);
  into.weightRouted = weight * (divided ? shareRouted : 1);
  into.gradient = gradient * (gradientDivided ? share : 1);
  into.gradientRouted = gradient * (gradientDivided ? shareRouted : 1);
  into.optimizer = states * (none ? 1 : share);
  into.optimizerRouted = states * (none ? 1 : shareRouted);
  into.copy = stack.gradientCopy_bytes * (none ? 1 : share);
  into.copyRouted = stack.gradientCopy_bytes * (none ? 1 : shareRouted);
  into.narrow = isNarrow(recipe) ? stack.narrowWeight_bytes : 0;
}
