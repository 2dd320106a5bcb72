/**
 * What a step's pipeline takes beyond n micro-batches of its slowest stage, in closed form, from the stages' times of one micro-batch: forward f, data gradient b, weight
 * gradient w. GPipe (Huang et al. 2019) and 1F1B (Narayanan et al. 2021): the other stages once. Interleaved: that over the pieces of a stage (same paper, section 2.2).
 * Zero bubble H1 (Qi et al. 2023, arXiv:2401.10241, table 1): f + b of the other stages, of which weight gradients fill p - 1, or n - 1 with fewer micro-batches; with the memory
 * of 1F1B. DualPipe (DeepSeek-V3, arXiv:2412.19437, table 2): (p/2 - 1)(f&b + B - 3W) with f&b = f + b + w and B = b + w. Exact where stages are equal and (interleaved)
 * micro-batches are a multiple of p; the last two as published, for passes that take the same time.
 */
import type { PipelineSchedule } from "../../plan/layout.ts";

export interface StageSums {
  /** Over all stages. */
  forward: number;
  data: number;
  weight: number;
  /** Of the slowest. */
  slowForward: number;
  slowData: number;
  slowWeight: number;
}

export function bubble(schedule: PipelineSchedule, stages: number, virtualStages: number, microBatches: number, { forward, data, weight, slowForward, slowData, slowWeight }: StageSums): number {
  const f = forward - slowForward;
  const b = data - slowData;
  const w = weight - slowWeight;
  if (stages === 1) return 0;
  switch (schedule) {
    case "gpipe":
    case "1f1b":
      return f + b + w;
    case "interleaved":
      return (f + b + w) / virtualStages;
    case "zero-bubble":
      return Math.max(0, f + b - Math.min(stages, microBatches) * slowWeight + slowWeight);
    case "dualpipe":
      return Math.max(0, ((stages / 2 - 1) / (stages - 1)) * (f + 2 * b) - Math.max(0, Math.min(stages / 2, microBatches) - 1) * slowWeight);
  }
}
