/**
 * The analytic interpreter: a deterministic list schedule of the folded program. Operations of one lane run in program order; an operation begins when its
 * lane is free and its dependencies have ended; the step ends when the last lane does (a training loop in steady state repeats it).
 * Expectation instead of sampling: devices differ in speed, and a synchronous step goes at the pace of the slowest, so work on the compute lane is stretched
 * by the expected lag of the slowest of n. Left out: contention between lanes, and jitter from step to step.
 */
import { Lane, lanes, type Program } from "../program/types.ts";

export interface Schedule {
  readonly start_s: Float64Array;
  readonly end_s: Float64Array;
  readonly laneEnd_s: Float64Array;
  readonly step_s: number;
}

/** `keep[kind]` false makes operations of that kind free: what remains when they are left out. `stretch` multiplies the compute lane. */
export function schedule(program: Program, time_s: Float64Array, keep?: ArrayLike<boolean | number>, stretch = 1): Schedule {
  const { count, lane, kind, dependencyStart, dependencies } = program;
  const start_s = new Float64Array(count);
  const end_s = new Float64Array(count);
  const laneEnd_s = new Float64Array(lanes.length);
  let step_s = 0;
  for (let index = 0; index < count; index++) {
    const row = lane[index] ?? 0;
    let start = laneEnd_s[row] ?? 0;
    for (let at = dependencyStart[index] ?? 0, last = dependencyStart[index + 1] ?? 0; at < last; at++) {
      const ready = end_s[dependencies[at] ?? 0] ?? 0;
      if (ready > start) start = ready;
    }
    const cost = keep && !keep[kind[index] ?? 0] ? 0 : (time_s[index] ?? 0) * (row === Lane.compute ? stretch : 1);
    const end = start + cost;
    start_s[index] = start;
    end_s[index] = end;
    laneEnd_s[row] = end;
    if (end > step_s) step_s = end;
  }
  return { start_s, end_s, laneEnd_s, step_s };
}
