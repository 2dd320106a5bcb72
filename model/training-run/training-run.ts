/** What `train` answers: plain data in SI. */
import type { TrainingBill } from "../energy/training.ts";
import type { Estimate, Named, UnusedChoice } from "../prediction.ts";
import type { LossCause } from "../reliability/goodput.ts";
import type { KnownFact } from "../reliability/recovery.ts";

export const runParts = ["useful", "staging", "checkpoint", "recomputed", "detection", "manual", "wait", "load"] as const;
export type RunPart = (typeof runParts)[number];

/** Of a distribution over drawn runs: what is not known and what chance decides, together. */
export interface Quantiles {
  readonly mean: number;
  readonly p05: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

export interface RunPartTime {
  readonly id: RunPart;
  readonly label: string;
  /** In a run with every input at its value, by the closed form. */
  readonly time_s: number;
  readonly share: number;
}

export interface CheckpointAnswer {
  readonly bytes: number;
  readonly words: string;
  readonly mode: string;
  readonly target: string;
  readonly storage: string;
  readonly write_s: number;
  /** Held by each checkpoint. */
  readonly blocked_s: number;
  /** From the end of the hold until it can be loaded. */
  readonly behind_s: number;
  readonly load_s: number;
  readonly binds: string;
}

export interface IntervalAnswer {
  readonly used_s: number;
  readonly stated: boolean;
  readonly steps: number;
  readonly best_s: number;
  readonly young_s: number;
  readonly daly_s: number;
  /** Intervals that lose at most `tolerance` of the time more than the best. */
  readonly flat: { readonly low_s: number; readonly high_s: number; readonly tolerance: number };
}

export interface InterruptionAnswer {
  readonly law: { readonly id: string; readonly title: string; readonly sites: number } | null;
  readonly meanBetween_s: Estimate;
  /** Expected in the run. */
  readonly count: number;
  /** Mean from an interruption until the job computes again, without the load. */
  readonly down_s: number;
  /** Waiting for a node, in it. */
  readonly wait_s: number;
  readonly facts: readonly KnownFact[];
}

export interface TrainingRun {
  readonly devices: number;
  readonly nodes: number;
  readonly spareNodes: number | null;
  readonly steps: number;
  readonly samples: number;
  readonly tokens: number | null;
  readonly stepTime_s: Estimate;
  /** Steps x step time: what a run in which nothing fails and nothing is saved takes. */
  readonly work_s: number;
  readonly checkpoint: CheckpointAnswer;
  /** Null where nothing is known of them, or they were left out. */
  readonly interruptions: InterruptionAnswer | null;
  readonly interval: IntervalAnswer | null;
  /** Effective: useful work over wall time, staging left out. Uptime: wall time in which processes run. Goodput: useful work over all time from the first byte staged to the last saved. */
  readonly effective: Estimate;
  readonly uptime: Estimate;
  readonly goodput: Estimate;
  readonly parts: readonly RunPartTime[];
  /** With every input at its value, by the closed form. */
  readonly wall_s: number;
  readonly days: Quantiles;
  /** Times of the drawn runs in rising order, for a picture. */
  readonly drawn_s: readonly number[];
  /** Drawn runs that did not end. */
  readonly unfinished: number;
  readonly curve: ReadonlyArray<{ readonly interval_s: number; readonly effective: number; readonly low80: number; readonly high80: number; readonly lost: Readonly<Record<LossCause, number>> }>;
  readonly bill: TrainingBill;
  readonly warnings: readonly string[];
}

export interface Training {
  readonly kind: "training";
  readonly scenario: { readonly machine: Named; readonly device: Named; readonly workload: Named; readonly plan: Named; readonly stack: Named };
  readonly wanted: string;
  readonly seed: number;
  readonly draws: number;
  readonly runs: readonly TrainingRun[];
  /** Facts and choices that move nothing here, with the reason. */
  readonly unused: readonly UnusedChoice[];
  readonly notes: readonly string[];
}
