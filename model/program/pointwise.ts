/** Bytes that a point-wise layer moves: element transfers of the stack's table x elements. */
import { InputError, missingKey } from "../problems.ts";
import { elementBytes } from "../schema/common.ts";
import type { DataParallelPlan } from "../schema/plan.ts";
import type { Stack, TrafficKind } from "../schema/stack.ts";
import type { Layer } from "../workload/layer.ts";
import { countInputElements, countOutputElements } from "../workload/totals.ts";

export function pointwiseBytes(layer: Layer, plan: DataParallelPlan, stack: Stack, direction: "forward" | "backward"): number {
  const kind = layer.kind as TrafficKind;
  const row = (plan.precision === "fp32" ? stack.trafficFp32?.[kind] : undefined) ?? stack.traffic[kind];
  if (!row) throw new InputError([missingKey(`stacks/${stack.id}: traffic.${layer.kind}`, "element transfers, forward and backward: this network has such layers")]);
  return row[direction].value * pointwiseElements(layer) * elementBytes[plan.precision] * plan.samplesPerDevice;
}

/** Elements of one sample that the table's transfers, or a measured table's times, are counted in: pools by what they read, others by what they write. */
export function pointwiseElements(layer: Layer): number {
  return layer.kind === "max-pool" || layer.kind === "mean-pool" ? countInputElements(layer) : countOutputElements(layer);
}
