/**
 * How long the devices of a training run spend in each activity, so that energy and money can be counted: what they draw differs between a step, a checkpoint and standing idle. The job
 * holds its nodes, and its spares, for all of it.
 */
import type { RunPart, TrainingRun } from "./training-run.ts";

export const activities = ["step", "checkpoint", "load", "idle", "staging"] as const;
export type Activity = (typeof activities)[number];

const activityOf: Record<RunPart, Activity> = { useful: "step", recomputed: "step", checkpoint: "checkpoint", load: "load", detection: "idle", manual: "idle", wait: "idle", staging: "staging" };

export interface ActivityTimes {
  /** Wall time by activity, every input at its value. */
  readonly time_s: Readonly<Record<Activity, number>>;
  /** Steps that were computed, those done again among them. */
  readonly steps: number;
  readonly wall_s: number;
  readonly nodes: number;
  /** Held ready beside them, idle all the time. */
  readonly spareNodes: number;
}

export function activityTimes(run: Pick<TrainingRun, "parts" | "stepTime_s" | "wall_s" | "nodes" | "spareNodes">): ActivityTimes {
  const time_s: Record<Activity, number> = { step: 0, checkpoint: 0, load: 0, idle: 0, staging: 0 };
  for (const part of run.parts) time_s[activityOf[part.id]] += part.time_s;
  return { time_s, steps: time_s.step / run.stepTime_s.value, wall_s: run.wall_s, nodes: run.nodes, spareNodes: run.spareNodes ?? 0 };
}
