/** What a prediction is made of: plain data in SI, ready for a table, a chart or JSON. Names say the unit; a fraction has none. */
import type { AsynchronyReport, RefusedTarget, TargetReport } from "./prediction-asynchrony.ts";
import type { InputReport, StagingRace, StagingReport } from "./prediction-input.ts";
import type { Precision } from "./schema/common.ts";
import type { FactKind } from "./schema/fact.ts";
import type { FlopConvention } from "./schema/plan.ts";
import type { Dimension } from "./units.ts";

/** A predicted value with the ends of its 80 % and 95 % intervals. */
export interface Estimate {
  value: number;
  low80: number;
  high80: number;
  low95: number;
  high95: number;
}

/** Families of terms, in the order in which every view shows them. */
export const termGroups = ["compute", "memory", "comm", "storage", "wait", "host", "other"] as const;
export type TermGroup = (typeof termGroups)[number];

/** Terms of a step in the order of the waterfall. They add up to the step time. */
export const termIds = ["ideal-compute", "kernel-inefficiency", "memory-bound", "optimizer", "launch", "normalisation-exchange", "communication", "control-plane", "input", "stragglers"] as const;
export type TermId = (typeof termIds)[number];

export interface Term {
  id: TermId;
  label: string;
  group: TermGroup;
  /** Time this term adds to the step; low95 and high95 are of this time. */
  time_s: number;
  low95_s: number;
  high95_s: number;
  /** Time of the same work that other work hides; it adds nothing to the step. */
  overlapped_s: number;
  /** In words, with numbers: the limit that decides this term. */
  binds: string;
}

export interface ScalePoint {
  devices: number;
  nodes: number;
  samplesPerStep: number;
  stepTime_s: Estimate;
  throughput_samples_per_s: Estimate;
  /** Sustained rate over all devices, FLOP counted by the plan's convention. */
  rate_flop_per_s: Estimate;
  /** Rate of the best step: what the devices compute when nothing is waited for. */
  peakRate_flop_per_s: Estimate;
  /** Rate per device over the rate of one device alone in the same configuration. */
  efficiency: Estimate;
  /** Time to put the data set's share on every node before training; null where the plan stages nothing. */
  stagingTime_s: Estimate | null;
  /** Null where the plan stages nothing. */
  staging: StagingReport | null;
  inputNeed_bytes_per_s: { device: number; node: number; machine: number };
  input: InputReport;
  terms: Term[];
  /** Null where the device document states no power. */
  energy: EnergyReport | null;
  money: MoneyReport;
  /** Null where every step waits for one sum over all ranks. */
  asynchrony: AsynchronyReport | null;
  /** By convergence document of the workload. */
  targets: Array<TargetReport | RefusedTarget>;
}

export type EnergyBoundaryName = "devices" | "nodes" | "system" | "site";

/** What a step draws. A boundary that needs what no document states is null; smaller parts that no document states are left out and named in `unknown`. */
export interface EnergyReport {
  /** Mean over the step: of one device, of one node, of all nodes with what they share, and with what the site adds. */
  power_w: { device: Estimate; node: Estimate | null; system: Estimate | null; site: Estimate | null };
  perStep_J: { devices: Estimate; nodes: Estimate | null; system: Estimate | null; site: Estimate | null };
  /** The widest boundary that is known; the figures below are of it. */
  boundary: EnergyBoundaryName;
  /** Of one sample, or of one token of a transformer. */
  perSample_J: Estimate;
  carbonPerStep_kg: Estimate | null;
  /** Whose average the emissions are by. */
  grid: { region: string; year: number; source: string } | null;
  parts: EnergyPart[];
  activities: ActivityPower[];
  /** In words: what is not in the figures, or stands in for what no document states. */
  unknown: string[];
}

/** Parts of the energy of a step at the widest boundary; they add up to it. */
export interface EnergyPart {
  id: string;
  label: string;
  group: TermGroup;
  perStep_J: number;
}

export interface ActivityPower {
  activity: string;
  label: string;
  time_s: number;
  /** FLOP rate over the peak, or bytes per second over the bandwidth; null for messages and waiting. */
  share: number | null;
  power_w: number;
  /** What the law asks for; where it is more than the board takes for long, the clock falls. */
  demand_w: number;
  limited: boolean;
}

/** What a step costs, where prices are known. */
export interface MoneyReport {
  rented: RentedPrice | null;
  owned: OwnedPrice | null;
  unknown: string[];
}

export interface RentedPrice {
  /** USD: the cheapest, the middle and the dearest offer. */
  perStep: { low: number; middle: number; high: number };
  perDeviceHour: { low: number; middle: number; high: number };
  offers: Array<{ seller: string; term: string; date: string; perDeviceHour: number; source: string }>;
}

export interface OwnedPrice {
  /** USD of one step; capital is the machine's price over its life and use. */
  perStep: Estimate;
  capitalPerStep: number;
  electricityPerStep: number | null;
  perNodeHour: number;
  what: string;
  sources: string[];
}

/** A number the prediction rests on, with where it is from and what it moves. */
export interface InputRecord {
  /** Path that `--set` takes, such as "machine.node.injection"; that of a fitted parameter of the communication library begins with "collectives" and cannot be set. */
  path: string;
  label: string;
  dimension: Dimension;
  value: number;
  text: string;
  kind: FactKind | "calibrated";
  source: string;
  low?: number;
  high?: number;
  note?: string;
  /** False where changing it by 10 % moves no output of this prediction. */
  used: boolean;
  /** Step time at the largest scale with this input at its low and high end; absent where it is exact. */
  stepTimeLow_s?: number;
  stepTimeHigh_s?: number;
}

/** A choice that cannot move this prediction. */
export interface UnusedChoice {
  path: string;
  label: string;
  reason: string;
}

/** One link of the chain from measurements to the value of a fitted parameter. */
export interface CalibrationLink {
  parameter: string;
  label: string;
  value: number;
  low95: number;
  high95: number;
  /** What went in, with its weight (0 to 1), and what was left out, with the reason. */
  parts: Array<{ what: string; value: number; weight: number; run?: string; point?: string; leftOut?: string }>;
}

export interface WorkloadTotals {
  parameters: number;
  gradientTensors: number;
  gradient_bytes: number;
  activationsPerSample_elements: number;
  inputPerSample_bytes: number;
  flopPerSample: Record<FlopConvention, number>;
}

export interface Prediction {
  scenario: { machine: Named; device: Named; workload: Named; plan: Named; stack: Named; run: Named | null; precision: Precision; samplesPerDevice: number; devicesPerNode: number; changes: Record<string, string | number | boolean> };
  convention: FlopConvention;
  totals: WorkloadTotals;
  points: ScalePoint[];
  /** Strategies of staging side by side; null where nodes have no storage of their own. */
  stagingRace: StagingRace | null;
  inputs: InputRecord[];
  unusedChoices: UnusedChoice[];
  assumed: number;
  calibration: CalibrationLink[];
  notes: string[];
}

export interface Named {
  id: string;
  title: string;
}

/** A published value beside what is predicted for it. */
export interface ValidationCase {
  run: string;
  point: string;
  title: string;
  machine: string;
  devices: number;
  metric: string;
  unit: string;
  measured: number;
  predicted: number;
  low80: number;
  high80: number;
  low95: number;
  high95: number;
  /** predicted / measured - 1. */
  error: number;
  /** The same on step time: the sign tells whether the prediction is too slow (+) or too fast (-). */
  stepTimeError: number;
  how: string;
  source: string;
}

export interface Validation {
  protocol: string;
  summary: { n: number; mape: number; median: number; p90: number; bias: number; worst: number; coverage80: number; coverage95: number };
  cases: ValidationCase[];
  excluded: Array<{ run: string; point: string; reason: string }>;
  /** Points that runs name for calibration, where they were asked for. */
  calibrationCases?: ValidationCase[];
}
