/** What a prediction says of staging and input: plain data in SI. */
import type { StagingMode } from "./schema/plan.ts";

export type StagingStrategy = Exclude<StagingMode, "none">;

export interface StagingTime {
  readonly time_s: number;
  readonly read_s: number;
  readonly metadata_s: number;
  readonly exchange_s: number;
  readonly write_s: number;
  /** Read from the shared storage by all nodes together. */
  readonly read_bytes: number;
  /** Of one node: what it should hold, and what its storage takes. */
  readonly share_bytes: number;
  readonly held_bytes: number;
  /** How many nodes want one sample, on average. */
  readonly copies: number;
}

/** Staging by one strategy: the slowest part binds. */
export interface StagingReport extends StagingTime {
  mode: StagingStrategy;
  binds: "read" | "metadata" | "exchange" | "write";
}

/** All strategies beside each other, over nodes. */
export interface StagingRace {
  chosen: StagingStrategy | "none";
  dataset_bytes: number;
  /** held: of what a node should hold, the share that fits. */
  strategies: Array<{ strategy: StagingStrategy; points: Array<{ nodes: number; time_s: number; binds: StagingReport["binds"]; held: number }> }>;
}

/** Where a node reads from, the share of its samples, what the step takes, what it would take without waiting, and what the tier gives. */
export interface InputTier {
  id: "page-cache" | "local" | "shared";
  name: string;
  share: number;
  need_bytes_per_s: number;
  wanted_bytes_per_s: number;
  supply_bytes_per_s: number;
}

/** Supply and demand of input, per device where it counts samples and per node where it counts bytes. */
export interface InputReport {
  place: "workers" | "training-process" | "memory";
  /** Of a step that waits for no input. */
  demand_samples_per_s: number;
  /** Supply is null where a stage takes no time; spread: relative standard deviation of the time of a batch. */
  stages: Array<{ id: "read" | "decode" | "copy"; time_s: number; spread: number; supply_samples_per_s: number | null }>;
  slowest: "read" | "decode" | "copy";
  tiers: InputTier[];
  /** Of the storage that holds the data set, all nodes together, other jobs beside. */
  sharedSupply_bytes_per_s: number;
  /** Of a device; cores of the node that are free for them, null where not known. */
  workers: { asked: number; running: number; cores: number | null };
  prefetch: number | null;
  /** What input adds to the step, and what of it is due to variability. */
  wait_s: number;
  variability_s: number;
  /** A step of the first epoch, before caches are warm; null where it is like the others. */
  firstEpochStep_s: number | null;
  dataset_bytes: number;
}

/** Token loading of a transformer: small, and told rather than left out. */
export interface TokenInputReport {
  readonly home: string;
  /** Ranks that read: one of each data replica. */
  readonly readers: number;
  readonly token_bytes: number;
  readonly need_bytes_per_s: { readonly device: number; readonly node: number; readonly machine: number };
  /** Of one node. */
  readonly supply_bytes_per_s: number;
  /** Time of reading and of copying what a step takes; both hide behind the step before. */
  readonly read_s: number;
  readonly copy_s: number;
  readonly wait_s: number;
}
