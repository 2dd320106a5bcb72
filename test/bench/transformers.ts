/** Layouts for the rows that predict transformers: every product of degrees that a 1 T model on 4,096 devices admits, so that no two calls in a row are alike. */
import { makeStepCosts } from "../../model/cost/transformer/step-costs.ts";
import { Result, resultLength } from "../../model/engine/pipeline/terms.ts";
import { timeAtCosts } from "../../model/engine/pipeline/time-step.ts";
import { footprintColumns } from "../../model/memory/columns.ts";
import { footprint, makeFootprint } from "../../model/memory/footprint.ts";
import type { Layout } from "../../model/plan/layout.ts";
import { memoryStack } from "../support/memory.ts";
import { a100, gpt, layoutOf, valuesOf } from "../support/transformers.ts";

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

/** Work of the row: so many predictions of step time, memory and whether it fits, each for another layout than the one before. */
export function makePredict1T(calls: number): () => number {
  const layouts = layoutsOf1T();
  const model = gpt(25_600, 128, 160);
  const costs = makeStepCosts(a100, valuesOf());
  const memory = memoryStack("megatron-2022");
  const result = new Float64Array(resultLength);
  const [into, scratch] = [makeFootprint(), makeFootprint()];
  return () => {
    let fits = 0;
    let step_s = 0;
    for (let call = 0; call < calls; call++) {
      const layout = layouts[(call * 7919) % layouts.length] as Layout;
      footprint(model, layout, memory, into, scratch);
      if ((into[footprintColumns.device] as number) < a100.memory_bytes) fits++;
      step_s += timeAtCosts(model, layout, costs, result)[Result.step] as number;
    }
    return step_s > 0 && fits < calls ? calls : 0;
  };
}
