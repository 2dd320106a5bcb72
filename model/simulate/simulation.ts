/** What a simulation is made of: plain data in SI, ready for a table, a timeline or JSON. */
import type { LinkPlace } from "../network/topology/index.ts";
import type { Placement } from "./placement.ts";
import type { PathPart, RankRecord } from "./record.ts";

export type { PathPart, RankRecord };

export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
  readonly n: number;
}

/** Part of the difference between the simulated step and the analytic one; all of them add up to it. */
export interface Cause {
  readonly id: "network" | "links" | "background" | "devices" | "jitter" | "slow-node" | "input";
  readonly label: string;
  readonly time_s: number;
  readonly words: string;
}

export interface SimulatedCollective {
  readonly bytes: number;
  /** Of this size, in a step. */
  readonly count: number;
  readonly closed_s: number;
  readonly simulated_s: number;
}

/** events: flow by flow; merged: the same, with events close to each other as one; synchronous: step by step, as if all ranks met after each. */
export type SumMethod = "events" | "merged" | "synchronous";

/** The fullest link of its kind during the largest collective. */
export interface BusyLink extends LinkPlace {
  readonly links: number;
  readonly carried_bytes: number;
  /** Of what it could carry in the collective's time. */
  readonly used: number;
}

export interface Simulation {
  readonly scenario: { readonly run: string | null; readonly machine: string; readonly workload: string };
  readonly devices: number;
  readonly nodes: number;
  readonly seed: number;
  readonly placement: Placement;
  readonly network: { readonly contends: boolean; readonly links: number; readonly method: SumMethod };
  readonly analytic_s: number;
  readonly step_s: Spread;
  /** The step of each draw, in their order. */
  readonly draws_s: readonly number[];
  /** Which draw, from 1, `records` and `path` are of: the one whose step is the median. */
  readonly recorded: { readonly draw: number; readonly step_s: number };
  readonly causes: readonly Cause[];
  readonly collectives: readonly SimulatedCollective[];
  readonly links: readonly BusyLink[];
  /** Operations of some ranks, for a timeline. */
  readonly records: readonly RankRecord[];
  /** What the recorded step is made of, from its begin to its end. */
  readonly path: readonly PathPart[];
  readonly notes: readonly string[];
}
