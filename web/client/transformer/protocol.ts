/** What the transformer page asks its worker and what it gets. All plain data. */
import type { Changes, Library } from "../../../model/scenario.ts";
import type { FitAnswer } from "../../../model/memory/judge.ts";
import type { Estimate, Named } from "../../../model/prediction.ts";
import type { TransformerPoint, TransformerPrediction } from "../../../model/prediction-transformer.ts";
import type { Problem } from "../../../model/problems.ts";
import type { TransformerDocument } from "../../../model/schema/transformer.ts";
import type { PlanSearch } from "../../../model/search/found.ts";
import type { Objective } from "../../../model/search/problem.ts";

export interface TransformerWish {
  machine: string;
  workload: string;
  /** A model of the user's own, from a config.json; then `workload` is its id. */
  model: TransformerDocument | null;
  /** Null: that of the plan, or the generic one. */
  stack: string | null;
  /** Null: one made for the model, or one that is found; "suggested:256" is one found for 256 devices. */
  plan: string | null;
  devices: number | null;
  changes: Changes;
  /** Over more devices the batch stays, or grows with them. */
  scaling: "strong" | "weak";
}

/** A value that a control offers, with what the layout then is. */
export interface Offer {
  value: string | number | boolean;
  /** Keys of the plan that it sets; more than one where another choice must follow. */
  sets: Readonly<Record<string, string | number | boolean>>;
  step_s: number;
  answer: FitAnswer | null;
}

/** A value that is not valid with the other choices as they are. */
export interface RefusedValue {
  value: string | number | boolean;
  why: string;
  /** The closest value that is. */
  nearest: string | number | boolean | null;
}

export interface Control {
  key: string;
  value: string | number | boolean;
  /** In the plan without changes. */
  planned: string | number | boolean;
  offers: Offer[];
  refused: RefusedValue[];
}

export interface ScalePoint {
  devices: number;
  nodes: number;
  stepTime_s: Estimate;
  throughput_tokens_per_s: Estimate;
  utilisation: Estimate;
  answer: FitAnswer | null;
}

/** Passes of the pipeline, columns of one row each, in the order of their start on each stage. */
export interface Schedule {
  stages: number;
  virtualStages: number;
  microBatches: number;
  makespan_s: number;
  step_s: number;
  device: Uint16Array;
  pass: Uint8Array;
  micro: Int32Array;
  start_s: Float64Array;
  end_s: Float64Array;
  busy_s: Float64Array;
}

export interface TransformerPicture {
  wish: TransformerWish;
  selection: { machine: string; workload: string; plan: string; stack: string; changes: Changes };
  /** Choices of a plan that was found here: no document holds them. */
  found: Readonly<Record<string, string | number | boolean>> | null;
  prediction: TransformerPrediction;
  point: TransformerPoint;
  /** The plan as it is, on as many devices; null where nothing is changed or it is not valid there. */
  baseline: TransformerPoint | null;
  scaling: ScalePoint[];
  /** Valid numbers of devices. */
  counts: number[];
  schedule: Schedule | null;
  /** Why there is no schedule to draw. */
  unscheduled: string;
  controls: Control[];
  plans: Named[];
  notes: readonly string[];
  elapsed_ms: number;
}

/** What can be said of a layout that is not valid. */
export interface Refusal {
  problems: readonly Problem[];
  /** The closest valid layout, as keys of the plan; null where none is near. */
  nearest: Readonly<Record<string, string | number | boolean>> | null;
  /** The closest number of devices on which the layout is valid as it is. */
  nearestDevices: number | null;
}

export interface SearchWish {
  wish: TransformerWish;
  devices: number;
  objective: Objective;
}

export interface SearchProgress {
  part: number;
  valid: number;
  bestStep_s: number | null;
}

export type TransformerRequest = { type: "library"; library: Library } | { type: "show"; id: number; wish: TransformerWish } | { type: "search"; id: number; search: SearchWish } | { type: "config"; name: string; text: string } | { type: "stop"; id: number };
export type TransformerAnswer =
  | { type: "picture"; id: number; picture: TransformerPicture }
  | { type: "problems"; id: number; refusal: Refusal }
  | { type: "config"; model: TransformerDocument | null; remarks: readonly string[]; problems: readonly Problem[] }
  | { type: "progress"; id: number; progress: SearchProgress }
  | { type: "found"; id: number; found: PlanSearch }
  | { type: "search-problems"; id: number; problems: readonly Problem[] };
