/**
 * Micro-batches whose activations a stage holds at once, in passes through all of the stage's layers. GPipe: all. 1F1B (Narayanan et al., arXiv:2104.04473): one more than
 * stages behind. Interleaved: 2 (p - i - 1) + (v - 1) p + 1 pieces. Zero-bubble (arXiv:2401.10241, ZB-H1): as many as the first stage of 1F1B, on every stage.
 * DualPipe (arXiv:2412.19437, table 2): one more than stages, over both directions together.
 */
import type { Layout } from "../plan/layout.ts";

export function countFlights({ pipeline, virtualStages, schedule, microBatches }: Layout, stage: number): number {
  if (pipeline === 1) return 1;
  switch (schedule) {
    case "gpipe":
      return microBatches;
    case "1f1b":
      return Math.min(pipeline - stage, microBatches);
    case "interleaved":
      return Math.min(2 * (pipeline - stage - 1) + (virtualStages - 1) * pipeline + 1, microBatches * virtualStages) / virtualStages;
    case "zero-bubble":
      return Math.min(pipeline, microBatches);
    case "dualpipe":
      return Math.min(pipeline + 1, microBatches);
  }
}
