/** Layouts for the rows that predict transformers: every product of degrees that a 1 T model on 4,096 devices admits, so that no two calls in a row are alike. */
import { layoutOf } from "../support/transformers.ts";
import type { Layout } from "../../model/plan/layout.ts";

const degrees = [1, 2, 4, 8] as const;

export function layoutsOf1T(devices = 4096): Layout[] {
  const layouts: Layout[] = [];
  for (const tensor of degrees) {
    for (const pipeline of [8, 16, 32, 64]) {
      for (const virtualStages of pipeline === 64 ? [1, 2] : [1, 2, 4]) {
        for (const microBatch of degrees) {
          for (const recompute of ["none", "selective", "full"] as const) {
            for (const sequenceParallel of tensor > 1 ? [true, false] : [false]) {
              for (const sharding of ["none", "optimizer"] as const) {
                layouts.push(layoutOf({ devices, tensor, pipeline, virtualStages, microBatch, globalBatch: 4096, recompute, sequenceParallel, sharding }));
              }
            }
          }
        }
      }
    }
  }
  return layouts;
}
