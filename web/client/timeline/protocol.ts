/** Messages between the timeline and its worker: one question at a time, told in words what is being done, then the simulation. All plain data. */
import type { Simulation } from "../../../model/simulate/simulation.ts";
import type { SimulateOptions } from "../../../model/simulate/simulate.ts";
import type { Problem } from "../../../model/problems.ts";
import type { Library, Selection } from "../../../model/scenario.ts";

export interface SimulationQuestion {
  selection: Selection;
  /** Null: the largest scale of the scenario. */
  devices: number | null;
  options: Required<Pick<SimulateOptions, "draws" | "seed" | "placement" | "slowNode">>;
}

export interface SimulationOutcome {
  simulation: Simulation;
  title: string;
  device: string;
  stack: string;
  /** Scales of the scenario, for the choice of one. */
  scales: number[];
  /** By place in the step program: the limit that binds an operation. */
  limits: string[];
  elapsed_ms: number;
}

export type SimulationRequest = { type: "library"; library: Library } | { type: "simulate"; id: number; question: SimulationQuestion };

export type SimulationAnswer =
  | { type: "progress"; id: number; words: string }
  | { type: "simulation"; id: number; outcome: SimulationOutcome }
  | { type: "problems"; id: number; problems: readonly Problem[] };
