/**
 * The analytic interpreter: a deterministic list schedule of the folded program. Operations of one lane run in program order; an operation begins when its
 * lane is free and its dependencies have ended; the step ends when the last lane does (a training loop in steady state repeats it).
 * Expectation instead of sampling: devices differ in speed, and a synchronous step goes at the pace of the slowest, so work on the compute lane is stretched
 * by the expected lag of the slowest of n. Lanes contend only where collectives run on the core that computes (shared.ts). Left out: jitter from step to step.
 */
import { unshared, type SharedRates } from "../network/shared-core.ts";
import { Lane, lanes, type Program } from "../program/types.ts";
import { runShared } from "./shared.ts";

export interface Schedule {
  readonly start_s: Float64Array;
  readonly end_s: Float64Array;
  readonly laneEnd_s: Float64Array;
  readonly step_s: number;
}

/**
 * `keep[kind]` false makes operations of that kind free: what remains when they are left out. `stretch` multiplies the compute lane.
 * `rates`: paces of compute and network lane beside each other.
 */
export function schedule(program: Program, time_s: Float64Array, keep?: ArrayLike<boolean | number>, stretch = 1, rates: SharedRates = unshared): Schedule {
  const start_s = new Float64Array(program.count);
  const end_s = new Float64Array(program.count);
  const laneEnd_s = new Float64Array(countLanes(program));
  const step_s = contends(rates) ? runShared(program, time_s, keep, stretch, rates, end_s, laneEnd_s, start_s) : run(program, time_s, keep, stretch, end_s, laneEnd_s, start_s);
  return { start_s, end_s, laneEnd_s, step_s };
}

/** Streams of a traced step are lanes behind those that have names. */
const countLanes = ({ lane }: Program): number => lane.reduce((most, one) => (one >= most ? one + 1 : most), lanes.length);

const contends = ({ network, compute }: SharedRates): boolean => network < 1 || compute < 1;

let scratch = new Float64Array(0);
const scratchLanes = new Float64Array(lanes.length);

/** The step time of the same schedule, for the many calls that need nothing else: no memory is taken. */
export function scheduleStep(program: Program, time_s: Float64Array, keep?: ArrayLike<boolean | number>, stretch = 1, rates: SharedRates = unshared): number {
  if (scratch.length < program.count) scratch = new Float64Array(program.count * 2);
  scratchLanes.fill(0);
  if (contends(rates)) return runShared(program, time_s, keep, stretch, rates, scratch, scratchLanes, null);
  return run(program, time_s, keep, stretch, scratch, scratchLanes, null);
}

function run(program: Program, time_s: Float64Array, keep: ArrayLike<boolean | number> | undefined, stretch: number, end_s: Float64Array, laneEnd_s: Float64Array, start_s: Float64Array | null): number {
  const { count, lane, kind, dependencyStart, dependencies } = program;
  const compute: number = Lane.compute;
  let step_s = 0;
  let at = 0;
  for (let index = 0; index < count; index++) {
    const row = lane[index] as number;
    let start = laneEnd_s[row] as number;
    for (const last = dependencyStart[index + 1] as number; at < last; at++) {
      const ready = end_s[dependencies[at] as number] as number;
      if (ready > start) start = ready;
    }
    let end = start;
    if (keep === undefined || keep[kind[index] as number]) end += row === compute ? (time_s[index] as number) * stretch : (time_s[index] as number);
    if (start_s) start_s[index] = start;
    end_s[index] = end;
    laneEnd_s[row] = end;
    if (end > step_s) step_s = end;
  }
  return step_s;
}
