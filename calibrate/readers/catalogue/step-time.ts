/**
 * Seconds of a step from what a source states: directly, from tokens a second, or from FLOP/s a device by the source's own count of FLOP. Sources count differently:
 * with or without the recomputed forward pass, with full or causal attention (model/workload/transformer/flop.ts). A rate whose count no rule names gives no time.
 */
import type { Layout } from "../../../model/plan/layout.ts";
import type { FlopConvention } from "../../../model/schema/catalogue-rules.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import { countTransformerFlop } from "../../../model/workload/transformer/flop.ts";
import { isRecord, numberAt, textAt, type JsonRecord } from "./record.ts";

export interface StepTime {
  readonly step_s: number;
  readonly metric: string;
  readonly value: number;
  readonly convention: string;
}

const times: Record<string, (value: number, tokens: number, devices: number, sequence: number) => number> = {
  s_per_iteration: (value) => value,
  ms_per_iteration: (value) => value / 1000,
  sequences_per_s: (value, tokens, _, sequence) => tokens / (value * sequence),
  tokens_per_s: (value, tokens) => tokens / value,
  tokens_per_s_per_gpu: (value, tokens, devices) => tokens / (value * devices),
};

interface Stated {
  readonly metric: string;
  readonly value: number;
}

/** The metric that the point is about, then the further ones of the same run. */
export function statedMetrics(point: JsonRecord): readonly Stated[] {
  const also = Array.isArray(point["also"]) ? point["also"] : [];
  return [point, ...also].flatMap((one) => {
    if (!isRecord(one)) return [];
    const metric = textAt(one, "metric");
    const value = numberAt(one, "value");
    return metric === undefined || value === undefined || !(value > 0) ? [] : [{ metric, value }];
  });
}

export function findStepTime(point: JsonRecord, architecture: Architecture, layout: Layout, convention: FlopConvention): StepTime | undefined {
  const tokens = layout.globalBatch * layout.sequence;
  const stated = statedMetrics(point);
  const direct = stated.find(({ metric }) => Object.hasOwn(times, metric));
  const rate = stated.find(({ metric }) => metric === "tflops_per_gpu");
  const first = stated[0];
  const useRate = rate !== undefined && convention !== "none" && (direct === undefined || first === rate);
  if (useRate) {
    const { recompute, recomputeModules } = layout;
    const flop = layout.globalBatch * countTransformerFlop(architecture, convention, layout.sequence, { recompute, recomputeModules, blockShare: recompute === "block" ? 1 : 0 });
    return { step_s: flop / (rate.value * 1e12 * layout.devices), ...rate, convention };
  }
  if (direct === undefined) return undefined;
  return { step_s: times[direct.metric]!(direct.value, tokens, layout.devices, layout.sequence), ...direct, convention: "none" };
}
