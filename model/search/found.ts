/** What a search of a scenario's plans gives: plain data in SI. */
import type { Estimate } from "../prediction.ts";
import type { FitAnswer } from "../memory/judge.ts";
import type { Recipe } from "../plan/layout.ts";
import type { Objective, SearchAxes, SearchCounts } from "./problem.ts";

export interface SearchRequest {
  readonly devices: readonly number[];
  readonly recipes: readonly Recipe[];
  readonly axes: SearchAxes;
  readonly objective: Objective;
  readonly top: number;
  /** The plans that no other one beats in all of these are wanted too. */
  readonly pareto?: readonly Objective[] | undefined;
  /** Part of the device memory that must stay free; 0 where left out. */
  readonly reserve?: number | undefined;
  readonly price_per_device_hour?: number | undefined;
  /** How many of the best are run pass by pass besides. */
  readonly checked?: number | undefined;
}

/** Keys of a plan document with their values. */
export type PlanChoices = Readonly<Record<string, number | string | boolean | null>>;

export interface FoundPlan {
  readonly devices: number;
  readonly choices: PlanChoices;
  readonly data: number;
  readonly microBatches: number;
  readonly stepTime_s: Estimate;
  readonly throughputPerDevice_tokens_per_s: Estimate;
  readonly utilisation: Estimate;
  readonly memory: { readonly device_bytes: number; readonly allocated_bytes: number; readonly capacity_bytes: number; readonly margin_bytes: number; readonly answer: FitAnswer };
  /** Of one step. */
  readonly device_hours: number;
  readonly price: number | null;
  /** Of a step, by what devices do in it, at the widest boundary that is known; null where the device document states no power. */
  readonly energy_J: number | null;
  readonly terms: ReadonlyArray<{ readonly id: string; readonly label: string; readonly time_s: number }>;
  /** The step with every pass of the pipeline, and how it differs; null where it was not asked for or has too many passes. */
  readonly passByPass: { readonly step_s: number; readonly difference: number } | null;
  /** Why it is not the first. */
  readonly behind: Behind | null;
}

export interface Behind {
  /** Of the objective: 0.02 is 2 % more than the best. */
  readonly share: number;
  readonly changed: ReadonlyArray<{ readonly key: string; readonly best: string; readonly here: string }>;
  /** Terms that differ most, what they take more than those of the best (less where negative). */
  readonly terms: ReadonlyArray<{ readonly id: string; readonly label: string; readonly more_s: number }>;
  readonly memoryMore_bytes: number;
}

export interface PlanSearch {
  readonly objective: Objective;
  readonly counts: SearchCounts;
  /** False where the host ended the search: then plans are the best so far. */
  readonly complete: boolean;
  readonly plans: readonly FoundPlan[];
  /** Empty where several objectives were not asked for. */
  readonly front: readonly FoundPlan[];
  readonly notes: readonly string[];
}
