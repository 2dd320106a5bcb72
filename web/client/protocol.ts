/** Messages between the page and its worker. All plain data. */
import type { Alternatives, Knob } from "../../model/index.ts";
import type { Prediction, Validation } from "../../model/prediction.ts";
import type { Problem } from "../../model/problems.ts";
import type { Library, Selection } from "../../model/scenario.ts";
import type { Metric, Run } from "../../model/schema/run.ts";
import type { Dimension } from "../../model/units.ts";

/** A published point of a run in SI. */
export interface Published {
  run: string;
  point: string;
  devices: number;
  metric: Metric;
  dimension: Dimension;
  value: number;
  /** As the source states it, all digits. */
  text: string;
  low?: number;
  high?: number;
  how: string;
  use: "validation" | "calibration";
  source: string;
  note?: string;
  overridden: boolean;
}

/** A fit of kernel constants, with how well it holds. */
export interface KernelTable {
  title: string;
  rows: number;
  sources: string[];
  medianError: number | null;
  /** Whose table stands in, where the device has none of its own. */
  standIn: string | null;
}

/** Requests of one slot replace one another: only the newest is answered. */
export type Slot = "current" | "baseline" | "secondary" | "inputs" | "validation" | "alternatives";

/** Slots that a whole prediction answers. */
export type PredictionSlot = Exclude<Slot, "validation" | "alternatives">;

export type Request =
  | { type: "library"; library: Library }
  | { type: "predict"; id: number; slot: PredictionSlot; selection: Selection; devices: DeviceChoice }
  | { type: "alternatives"; id: number; slot: "alternatives"; selection: Selection; devices: number }
  | { type: "validate"; id: number; slot: "validation"; runs: string[] };

/** "include": the counts of the run with these; "only": just these. */
export type DeviceChoice = { include: number[] } | { only: number[] };

export interface Outcome {
  prediction: Prediction;
  knobs: Knob[];
  published: Published[];
  /** The measurements that the kernel constants of the device were fitted to. */
  kernels: KernelTable[];
  definitions: NonNullable<Run["definitions"]>;
  /** Devices of the whole machine. */
  total: number;
  elapsed_ms: number;
}

export type Answer =
  | { type: "outcome"; id: number; slot: Slot; outcome: Outcome }
  | { type: "validation"; id: number; slot: "validation"; validation: Validation }
  | { type: "alternatives"; id: number; slot: "alternatives"; alternatives: Alternatives }
  | { type: "problems"; id: number; slot: Slot; problems: readonly Problem[] }
  | { type: "superseded"; id: number; slot: Slot };
