/**
 * Memory traffic of one optimizer update, in 4-byte accesses per parameter, from what each update reads and writes in FP32:
 * SGD with momentum: read gradient, weight, momentum; write weight, momentum (5). Adam: read gradient, weight, two moments; write weight, two moments (7).
 * LARC before Adam: two norms and one scaling, 2 reads + 1 read + 1 write more (11). LAMB: Adam's step to a buffer, two norms, apply (11).
 * A lagged gradient is copied once a step: read and write (2). Left out: master weights beside weights of lower precision.
 */
import type { DataParallelPlan } from "../schema/plan.ts";

const accesses: Record<DataParallelPlan["optimizer"], number> = { "sgd-momentum": 5, adam: 7, "larc-adam": 11, lamb: 11 };

/** Bytes moved per parameter and step. */
export function optimizerBytes(optimizer: DataParallelPlan["optimizer"], gradientLag: number): number {
  return 4 * (accesses[optimizer] + (gradientLag > 0 ? 2 : 0));
}
