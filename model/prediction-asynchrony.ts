/** What a prediction says of ranks that do not wait for each other, and of training to a quality target. Plain data. */

export interface Interval {
  readonly value: number;
  readonly low95: number;
  readonly high95: number;
}

export interface TargetEstimate {
  /** Id of the convergence document. */
  readonly document: string;
  readonly title: string;
  readonly source: string;
  readonly target: string;
  readonly batch: number;
  readonly unit: "epochs" | "samples" | "tokens";
  /** Of synchronous training at this batch: epochs, samples or tokens, as the document counts. */
  readonly amount: Interval;
  readonly samples: Interval | null;
  readonly steps: Interval | null;
  /** Standard deviation of the log between runs. */
  readonly betweenRuns: number | null;
  /** Null where the amount does not grow with the batch. */
  readonly criticalBatch: number | null;
  /** Share of the steps that less gradient noise would not save: B / (B + B_critical). What delay can cost is bounded by it. */
  readonly curvatureShare: number;
  /** Whether the batch lies within the document's batches. */
  readonly within: boolean;
  readonly equation: string;
}

export interface RefusedTarget {
  readonly document: string;
  readonly batch: number;
  readonly refused: string;
}

/** Training to the target as the plan does it, delay included. */
export interface TargetReport extends TargetEstimate {
  /** Factor on samples for delay and compression; 1 for synchronous training. */
  readonly penalty: Interval;
  /** Steps of a device, and the time of all of them; null where the document does not say what an epoch holds. */
  readonly stepsNeeded: Interval | null;
  readonly time_s: Interval | null;
}

/** Stands for the id of a source where the penalty of delay is not measured. */
export const delayTheory = "bounds by Arjevani, Shamir, Srebro 2020 and Stich, Karimireddy 2020, with the critical batch of McCandlish and others 2018";

export interface AsynchronyReport {
  readonly scheme: string;
  readonly groups: number;
  readonly groupSize: number;
  readonly lag: number;
  /** In words: what a step waits for and what not. */
  readonly waits: string;
  /** Bytes that one group sends in an exchange; 0 without one. */
  readonly exchange_bytes: number;
  readonly exchange_s: number;
  /** Part of the servers' time that is taken; null without servers. */
  readonly serverUse: number | null;
  /** Bytes of a gradient on the network over those of the gradient. */
  readonly sentShare: number;
  /** Updates by others between taking weights and applying a gradient. */
  readonly staleness: { readonly mean: number; readonly p95: number } | null;
  /** Samples to target over those of synchronous training at `batch`: that of one update, or the global one where the plan states the figure. Null where nothing is delayed. */
  readonly penalty: (Interval & { readonly batch: number; readonly how: string; readonly source: string }) | null;
  /** Of independent trainings: time until all trials are done. */
  readonly trials_s: number | null;
  readonly equation: string;
}
