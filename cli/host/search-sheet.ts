/** Plans that a search found as one table: what was chosen, then figures in SI. The front comes after the best. */
import type { FoundPlan, PlanSearch } from "../../model/index.ts";
import { sheetOf, type Sheet } from "./sheet.ts";

const choices = ["recipe", "tensor", "context", "pipeline", "virtualStages", "schedule", "expert", "expertTensor", "microBatch", "sequenceParallel", "sharding", "reshardAfterForward", "recompute", "recomputedLayers", "attentionKernel", "contextScheme", "offloadOptimizer", "offloadActivations"] as const;
const figures = ["step_time_s", "low95_s", "high95_s", "tokens_per_s_per_device", "utilisation", "device_memory_bytes", "margin_bytes", "fit", "device_hours", "price", "energy_J", "pass_by_pass_s"] as const;
const columns = ["list", "rank", "devices", "data", "microBatches", ...choices, ...figures] as const;

export function searchSheet({ plans, front }: PlanSearch): Sheet {
  const row = (list: string) => (plan: FoundPlan, at: number) => ({
    list,
    rank: at + 1,
    devices: plan.devices,
    data: plan.data,
    microBatches: plan.microBatches,
    ...(Object.fromEntries(choices.map((key) => [key, plan.choices[key] ?? null])) as Record<(typeof choices)[number], string | number | boolean | null>),
    step_time_s: plan.stepTime_s.value,
    low95_s: plan.stepTime_s.low95,
    high95_s: plan.stepTime_s.high95,
    tokens_per_s_per_device: plan.throughputPerDevice_tokens_per_s.value,
    utilisation: plan.utilisation.value,
    device_memory_bytes: plan.memory.device_bytes,
    margin_bytes: plan.memory.margin_bytes,
    fit: plan.memory.answer,
    device_hours: plan.device_hours,
    price: plan.price,
    energy_J: plan.energy_J,
    pass_by_pass_s: plan.passByPass?.step_s ?? null,
  });
  return sheetOf(columns, [...plans.map(row("best")), ...front.map(row("front"))]);
}
