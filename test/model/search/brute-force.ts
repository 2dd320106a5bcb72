/** Every layout of a space one by one, without any bound: what a search must agree with. */
import { parameterIndex } from "../../../model/cost/transformer/parameters.ts";
import { energyOfStep } from "../../../model/energy/search-power.ts";
import { resultLength } from "../../../model/engine/pipeline/terms.ts";
import { timeStep } from "../../../model/engine/pipeline/time-step.ts";
import { judgeFit } from "../../../model/memory/judge.ts";
import { footprintColumns } from "../../../model/memory/columns.ts";
import { footprint, makeFootprint } from "../../../model/memory/footprint.ts";
import { layoutFits } from "../../../model/plan/find-faults.ts";
import type { Layout } from "../../../model/plan/layout.ts";
import { makeLayout } from "../../../model/plan/make-layout.ts";
import { mostLayersOnStage } from "../../../model/plan/stages.ts";
import type { LayoutChoices } from "../../../model/schema/plan-layout.ts";
import { pipelineSchedules, shardings } from "../../../model/schema/plan-layout.ts";
import type { SearchProblem } from "../../../model/search/problem.ts";

export interface Judged {
  readonly layout: Layout;
  readonly recipe: number;
  readonly step_s: number;
  readonly energy_J: number;
  readonly device_bytes: number;
  readonly fits: boolean;
  /** The same for layouts that differ in recomputation alone. */
  readonly family: string;
}

const upTo = (most: number): number[] => Array.from({ length: most }, (_, index) => index + 1);
const has = <T>(axis: readonly T[] | undefined, value: T): boolean => axis?.includes(value) ?? true;

/** Layouts that are the same thing are listed once: schedules of one stage, sequence-parallelism of one tensor rank, sharding over one rank, all layers recomputed one by one. */
export function listAll(problem: SearchProblem): Judged[] {
  const { architecture, base, axes, devices, recipes, memory, supports, reserve = 0 } = problem;
  const [into, scratch, out] = [makeFootprint(), makeFootprint(), new Float64Array(resultLength)];
  const layers = architecture.layers + architecture.encoderLayers;
  const found: Judged[] = [];
  const one = (choices: LayoutChoices, count: number, recipe: number): void => {
    const { hardware, values, recipe: name } = recipes[recipe]!;
    const layout = makeLayout({ ...choices, recipe: name }, architecture, count);
    if (!layoutFits(layout, architecture, { domain: hardware.domain, recipes: recipes.map((each) => each.recipe), supports })) return;
    if (layout.recompute === "block" && axes.recomputedLayers === undefined && layout.recomputedLayers >= mostLayersOnStage(layout, layers)) return;
    const step_s = timeStep(architecture, layout, hardware, values, out)[0]!;
    const energy_J = problem.power === undefined ? 0 : energyOfStep(problem.power, out, layout.pipeline, values[parameterIndex.memoryShare]!, count);
    const allocated = footprint(architecture, layout, memory, into, scratch);
    const device_bytes = into[footprintColumns.device]!;
    const fits = device_bytes <= hardware.memory_bytes * (1 - reserve) && judgeFit(allocated, device_bytes, hardware.memory_bytes) !== "does not fit";
    found.push({ layout, recipe, step_s, energy_J, device_bytes, fits, family: Object.entries(layout).map(([key, value]) => (key.startsWith("recompute") ? "" : String(value))).join(" ") + recipe });
  };
  for (const count of devices) {
    for (let recipe = 0; recipe < recipes.length; recipe++) {
      for (const tensor of upTo(count)) for (const context of upTo(count / tensor)) for (const pipeline of upTo(count / tensor / context)) {
        const data = count / (tensor * context * pipeline);
        if (data % 1 !== 0 || !has(axes.tensor, tensor) || !has(axes.context, context) || !has(axes.pipeline, pipeline) || !has(axes.data, data)) continue;
        for (const [expert, expertTensor] of architecture.experts === null ? [[1, 1] as const] : upTo(count).flatMap((a) => upTo(count / a).map((b) => [a, b] as const))) {
          if (!has(axes.expert, expert) || !has(axes.expertTensor, expertTensor)) continue;
          for (const microBatch of upTo(base.globalBatch)) for (const sequenceParallel of tensor > 1 ? [true, false] : [false]) for (const sharding of shardings) {
            if (!has(axes.microBatch, microBatch) || (tensor > 1 && !has(axes.sequenceParallel, sequenceParallel)) || !has(axes.sharding, sharding) || (data * context === 1 && sharding !== shardings.find((each) => has(axes.sharding, each)))) continue;
            for (const reshardAfterForward of sharding === "parameters" ? (axes.reshardAfterForward ?? [undefined]).slice(0, data * context === 1 ? 1 : 2) : [undefined]) for (const virtualStages of pipeline > 1 ? upTo(layers) : [1]) for (const schedule of pipeline > 1 ? pipelineSchedules : (["1f1b"] as const)) {
              if (!has(axes.virtualStages, virtualStages) || (pipeline > 1 && !has(axes.schedule, schedule))) continue;
              const choices: LayoutChoices = { ...base, tensor, context, pipeline, expert, expertTensor, microBatch, sequenceParallel, sharding, reshardAfterForward, virtualStages, schedule };
              for (const recompute of ["none", "selective", "full"] as const) if (has(axes.recompute, recompute)) one({ ...choices, recompute }, count, recipe);
              if (has(axes.recompute, "block")) for (const recomputedLayers of upTo(layers)) if (has(axes.recomputedLayers, recomputedLayers)) one({ ...choices, recompute: "block", recomputedLayers }, count, recipe);
            }
          }
        }
      }
    }
  }
  return found;
}
