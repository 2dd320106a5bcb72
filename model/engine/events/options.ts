/** What a caller may ask of the events engine and what it answers. */
import type { Host } from "./pulse.ts";

interface CommonOptions extends Host {
  /** Relative error of the ends that is allowed where many flows of different sizes share links. 0 (the default): exact. */
  readonly tolerance?: number | undefined;
  /**
   * Part of a message's time within which events of others are one moment: for large exchanges whose ranks drift apart. Rates are late for some and early for
   * others, so that the end of the whole moves much less; single messages may move by more. 0 (the default): exact.
   */
  readonly merge?: number | undefined;
  /** Most flows that are simulated and rates that are given; a run that needs more ends with SimulationTooLong. Counts, so that it is the same on every machine. */
  readonly mostWork?: number | undefined;
  /** Most memory the run may take; more is a problem before it starts. */
  readonly memory_bytes?: number | undefined;
  /** How long each link was in use, held flows back, and its highest load. Costs time: no link is left out then. */
  readonly watchLinks?: boolean | undefined;
}

export interface FlowOptions extends CommonOptions {
  /** Simulate alike flows once. True unless said otherwise. Changes no end. */
  readonly fold?: boolean | undefined;
}

export interface ExchangeOptions extends CommonOptions {
  /** Simulate alike ranks once. True unless said otherwise; classes of ranks that may be alike are a hint, which is checked. Changes no end. */
  readonly fold?: boolean | Int32Array | undefined;
  /** When each rank comes to the exchange; 0 for all unless given. */
  readonly start_s?: Float64Array | undefined;
  /** Leap over steps that repeat. True unless said otherwise. Changes no end. */
  readonly jump?: boolean | undefined;
  /** Without contention compute ends directly, without events. True unless said otherwise. Changes no end. */
  readonly direct?: boolean | undefined;
  /** Bytes that each link of the graph carried. */
  readonly linkBytes?: boolean | undefined;
}

/** By link of the graph; 0 where no flow came. */
export interface LinkLoads {
  readonly busy_s: Float64Array;
  /** Time in which the link was full and held back two flows or more. */
  readonly contended_s: Float64Array;
  /** Highest load over capacity, 0 to 1. */
  readonly peakShare: Float64Array;
}

export interface FlowResult {
  readonly end_s: Float64Array;
  /** Times that rates were shared anew. */
  readonly shares: number;
  readonly links?: LinkLoads;
}

export interface ExchangeResult extends FlowResult {
  /** "direct": no link can bind, so that no events were needed. */
  readonly method: "direct" | "events";
  /** Flows that were simulated one by one, after folding and jumping. */
  readonly flows: number;
  /** Steps of phases that were jumped over. */
  readonly jumped: number;
  /** Classes of ranks that were simulated in place of the ranks, or null. */
  readonly classes: number | null;
  readonly linkBytes?: Float64Array;
}

export const defaultMemory_bytes = 1 << 30;
export const largestTolerance = 0.05;
export const largestMerge = 0.25;
