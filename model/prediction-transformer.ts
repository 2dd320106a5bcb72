/** What a prediction of a transformer's training is made of: plain data in SI. */
import type { RefusedTarget, TargetReport } from "./prediction-asynchrony.ts";
import type { EnergyReport, Estimate, MoneyReport, Named, TermGroup, UnusedChoice } from "./prediction.ts";
import type { MemoryReport } from "./memory/describe.ts";
import type { Layout } from "./plan/layout.ts";
import type { TokenInputReport } from "./prediction-input.ts";
import type { FactKind } from "./schema/fact.ts";

export interface TransformerTermTime {
  readonly id: string;
  readonly label: string;
  readonly group: TermGroup;
  readonly time_s: number;
  readonly low95_s: number;
  readonly high95_s: number;
  /** In words, with numbers: what decides it. */
  readonly binds: string;
}

/** How one step is spread at one number of devices. */
export interface LayoutSummary {
  readonly tensor: number;
  readonly pipeline: number;
  readonly virtualStages: number;
  readonly context: number;
  readonly data: number;
  readonly expert: number;
  readonly expertTensor: number;
  readonly microBatch: number;
  readonly microBatches: number;
  readonly globalBatch: number;
  readonly sequence: number;
  readonly schedule: string;
  readonly sharding: string;
  readonly recompute: string;
  readonly recipe: string;
}

export interface TransformerPoint {
  readonly devices: number;
  readonly nodes: number;
  readonly layout: LayoutSummary;
  readonly stepTime_s: Estimate;
  readonly throughput_tokens_per_s: Estimate;
  readonly throughputPerDevice_tokens_per_s: Estimate;
  /** Model FLOP per device and second: no recomputation, causal attention counted by its half. */
  readonly ratePerDevice_flop_per_s: Estimate;
  /** Of the dense peak of the recipe's products. */
  readonly utilisation: Estimate;
  readonly terms: readonly TransformerTermTime[];
  readonly input: TokenInputReport;
  /** Null where the stack names no memory document. */
  readonly memory: MemoryReport | null;
  /** What would make it fit, with the step time it leads to; empty where it fits. */
  readonly remedies: ReadonlyArray<{ readonly label: string; readonly change: Readonly<Partial<Layout>>; readonly saves_bytes: number; readonly stepTime_s: number; readonly answer: string }>;
  /** Null where the device document states no power. A sample is a token here. */
  readonly energy: EnergyReport | null;
  readonly money: MoneyReport;
  readonly unused: readonly UnusedChoice[];
  /** By convergence document of the workload: steps and time to its quality target. */
  readonly targets: ReadonlyArray<TargetReport | RefusedTarget>;
  readonly notes: readonly string[];
}

/** A parameter of the equations, with what is known of it. */
export interface TransformerParameterRecord {
  readonly name: string;
  readonly means: string;
  readonly unit: string;
  readonly scope: string;
  readonly value: number;
  readonly low95: number;
  readonly high95: number;
  /** Value of the document before runs were seen. */
  readonly prior: number;
  readonly kind: FactKind | "calibrated";
  readonly series: readonly string[];
  /** Step time at the largest scale with this parameter at its ends; equal where it does not act. */
  readonly stepTimeLow_s: number;
  readonly stepTimeHigh_s: number;
  readonly used: boolean;
}

export interface TransformerPrediction {
  readonly kind: "transformer";
  readonly scenario: { readonly machine: Named; readonly device: Named; readonly workload: Named; readonly plan: Named; readonly stack: Named; readonly changes: Readonly<Record<string, string | number | boolean>> };
  readonly totals: { readonly parameters: number; readonly activeParameters: number; readonly flopPerToken: Readonly<Record<string, number>> };
  readonly points: readonly TransformerPoint[];
  readonly parameters: readonly TransformerParameterRecord[];
  readonly calibration: { readonly id: string; readonly title: string; readonly runs: number } | null;
  readonly notes: readonly string[];
}
