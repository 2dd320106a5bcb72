/** What the page of training runs asks its worker and what it gets. All plain data. */
import type { ExplainedTraining, Training, TrainingRun } from "../../../model/index.ts";
import type { Problem } from "../../../model/problems.ts";
import type { Changes, Library } from "../../../model/scenario.ts";

export const trainingUnits = ["tokens", "samples", "steps"] as const;
export type TrainingUnit = (typeof trainingUnits)[number];

export interface TrainingWish {
  /** A stored run of a network of layers; then machine and the rest are its own. */
  run: string | null;
  machine: string;
  workload: string;
  /** Null: one made for the model, or one that is found. */
  plan: string | null;
  stack: string | null;
  devices: number | null;
  unit: TrainingUnit;
  count: number;
  /** A failure law by name, "none", or null for what the machine says. */
  failures: string | null;
  changes: Changes;
}

export interface TrainingPicture {
  wish: TrainingWish;
  training: Training;
  run: TrainingRun;
  explained: readonly ExplainedTraining[];
  selection: { machine: string; workload: string; plan: string; stack: string };
  notes: readonly string[];
  elapsed_ms: number;
}

export type TrainingRequest = { type: "library"; library: Library } | { type: "show"; id: number; wish: TrainingWish };
export type TrainingAnswer = { type: "picture"; id: number; picture: TrainingPicture } | { type: "problems"; id: number; problems: readonly Problem[] };
