/**
 * What a plan search is asked: a model, devices, what a framework keeps in memory, rates by recipe, and which values each choice may take. Plain data in and out, so that a
 * search can run in a worker.
 */
import type { TransformerHardware, TransformerValues } from "../cost/transformer/parameters.ts";
import type { PowerModel } from "../energy/power-model.ts";
import type { MemoryStack } from "../memory/stack.ts";
import type { StackSupport } from "../plan/stack-support.ts";
import type { ContextScheme, Layout, PipelineSchedule, Recipe, Recompute, Sharding } from "../plan/layout.ts";
import type { LayoutChoices } from "../schema/plan-layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";

/** Values that a choice may take. Left out: every valid one, for the last five that of `base` alone. */
export interface SearchAxes {
  readonly tensor?: readonly number[];
  readonly context?: readonly number[];
  readonly pipeline?: readonly number[];
  readonly data?: readonly number[];
  readonly virtualStages?: readonly number[];
  readonly expert?: readonly number[];
  readonly expertTensor?: readonly number[];
  readonly microBatch?: readonly number[];
  readonly recomputedLayers?: readonly number[];
  readonly sequenceParallel?: readonly boolean[];
  readonly schedule?: readonly PipelineSchedule[];
  readonly sharding?: readonly Sharding[];
  readonly recompute?: readonly Recompute[];
  readonly reshardAfterForward?: readonly boolean[];
  readonly contextScheme?: readonly ContextScheme[];
  readonly attentionKernel?: ReadonlyArray<Layout["attentionKernel"]>;
  readonly offloadOptimizer?: readonly number[];
  readonly offloadActivations?: readonly number[];
}
export type SearchAxis = keyof SearchAxes;

/** Step time; devices times time, priced where a price is given; energy of the step by what devices do in it (energy/power-law.ts); device memory on the fullest rank. All are best when least. */
export const objectives = ["time", "cost", "energy", "memory"] as const;
export type Objective = (typeof objectives)[number];

/** What a recipe is timed with. */
export interface RecipeCosts {
  readonly recipe: Recipe;
  readonly hardware: TransformerHardware;
  readonly values: TransformerValues;
  /** Standard deviations of the logarithms of the values; with them every plan that is told has an interval. */
  readonly deviations?: Float64Array;
}

export interface SearchProblem {
  readonly architecture: Architecture;
  /** Choices that are not searched; of those that are, the values where an axis names none. */
  readonly base: LayoutChoices;
  readonly axes: SearchAxes;
  /** Numbers of devices to search; each is searched for all recipes. */
  readonly devices: readonly number[];
  readonly recipes: readonly RecipeCosts[];
  readonly memory: MemoryStack;
  /** What the framework can run. */
  readonly supports: StackSupport;
  /** Part of the memory that must stay free in the prediction. */
  readonly reserve?: number;
  readonly objective: Objective;
  /** Plans to give. Of plans that differ in recomputation alone only the best counts. */
  readonly top: number;
  /** Then the plans that no other one beats in all of these are given too. */
  readonly pareto?: readonly Objective[];
  /** Needed for the objective energy. */
  readonly power?: PowerModel;
  readonly price_per_device_hour?: number;
}

export interface SearchCounts {
  /** Layouts of the space, and those of them that are valid; each number of recomputed layers is one. */
  layouts: number;
  valid: number;
  /** Valid ones that memory refuses; that fit and were timed; the rest, left out as a bound shows that they are not among the best. */
  tooLarge: number;
  judged: number;
  bounded: number;
  /** Step times and footprints that were computed. */
  times: number;
  footprints: number;
}

/** A layout with its numbers. */
export interface Candidate {
  readonly layout: Layout;
  readonly recipe: number;
  readonly step_s: number;
  /** 0 where the problem has no power. */
  readonly energy_J: number;
  readonly device_bytes: number;
  readonly allocated_bytes: number;
}
