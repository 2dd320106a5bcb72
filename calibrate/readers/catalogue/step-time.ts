/**
 * Seconds of a step from what a source states: directly, from tokens a second, or from FLOP/s a device by the source's own count of FLOP. Sources count differently:
 * with or without the recomputed forward pass, with full or causal attention (Megatron-LM SC21: 96 B s l h^2 (1 + s/6h + V/16lh), recompute counted; MaxText: full
 * attention). A rate whose count is not known gives no time.
 */
import type { Layout } from "../../../model/plan/layout.ts";
import type { flopConventions } from "../../../model/schema/catalogue-rules.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import { isRecord, numberAt, textAt, type JsonRecord } from "./record.ts";

export type FlopConvention = (typeof flopConventions)[number];

export interface StepTime {
  readonly step_s: number;
  readonly metric: string;
  readonly value: number;
  readonly convention: string;
}

/** Model FLOP of one step: 6 per parameter in products and token, attention 12 l s a d per token where no score is masked. */
export function stepFlop(architecture: Architecture, layout: Layout, convention: Exclude<FlopConvention, "none">): number {
  const { hidden, layers, attention, inner, gated, experts, vocabulary } = architecture;
  const tokens = layout.globalBatch * layout.sequence;
  const products = hidden * attention.headSize * (2 * attention.heads + 2 * attention.keyValueHeads);
  const dense = (gated ? 3 : 2) * hidden * inner;
  const routed = experts ? 3 * hidden * (experts.topK * experts.inner + experts.sharedInner) : 0;
  const sparseLayers = experts ? Math.floor((layers - experts.firstDense) / experts.every) : 0;
  const body = 6 * (layers * products + (layers - sparseLayers) * dense + sparseLayers * routed);
  const scores = 12 * layers * layout.sequence * attention.heads * attention.headSize * (convention === "model-causal-attention" ? 0.5 : 1);
  const again = convention === "hardware-full-attention" && layout.recompute !== "none" ? 4 / 3 : 1;
  return tokens * (again * (body + scores) + 6 * hidden * vocabulary);
}

const times: Record<string, (value: number, tokens: number, devices: number) => number> = {
  s_per_iteration: (value) => value,
  ms_per_iteration: (value) => value / 1000,
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
  if (useRate) return { step_s: stepFlop(architecture, layout, convention) / (rate.value * 1e12 * layout.devices), ...rate, convention };
  if (direct === undefined) return undefined;
  return { step_s: times[direct.metric]!(direct.value, tokens, layout.devices), ...direct, convention: "none" };
}
