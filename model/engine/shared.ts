/**
 * The analytic schedule where compute and collectives share a core: while both lanes have work, each goes at its pace beside the other (network/shared-core).
 * Paces change only when an operation begins or ends, so the schedule goes from one such moment to the next. With both paces 1 it is the plain list schedule
 * (test/property). Work is in seconds alone; other lanes are never slowed.
 */
import type { SharedRates } from "../network/shared-core.ts";
import { Lane, lanes, type Program } from "../program/types.ts";

export function runShared(
  program: Program,
  time_s: Float64Array,
  keep: ArrayLike<boolean | number> | undefined,
  stretch: number,
  rates: SharedRates,
  end_s: Float64Array,
  laneEnd_s: Float64Array,
  start_s: Float64Array | null,
): number {
  const { count, lane, kind } = program;
  const queues = queueByLane(program);
  const at = new Int32Array(lanes.length);
  const left_s = new Float64Array(lanes.length).fill(-1);
  const done = new Uint8Array(count);
  let now = 0;
  let finished = 0;
  const work = (index: number): number => {
    if (keep !== undefined && !keep[kind[index] as number]) return 0;
    return (time_s[index] as number) * (lane[index] === Lane.compute ? stretch : 1);
  };
  const finish = (row: number): void => {
    const index = (queues[row] as number[])[at[row] as number] as number;
    end_s[index] = now;
    laneEnd_s[row] = now;
    done[index] = 1;
    left_s[row] = -1;
    at[row] = (at[row] as number) + 1;
    finished++;
  };
  for (;;) {
    // Begin what can begin. An operation without work ends at once and may let others begin, so this goes on until nothing more does.
    let changed = true;
    while (changed) {
      changed = false;
      for (let row = 0; row < lanes.length; row++) {
        const index = (queues[row] as number[])[at[row] as number];
        if (index === undefined || (left_s[row] as number) >= 0 || !isReady(program, index, done)) continue;
        if (start_s) start_s[index] = now;
        left_s[row] = work(index);
        changed = true;
        if (left_s[row] === 0) finish(row);
      }
    }
    if (finished === count) return now;
    const both = (left_s[Lane.compute] as number) > 0 && (left_s[Lane.network] as number) > 0;
    const pace = (row: number): number => (both && row === Lane.compute ? rates.compute : both && row === Lane.network ? rates.network : 1);
    let step = Number.POSITIVE_INFINITY;
    for (let row = 0; row < lanes.length; row++) if ((left_s[row] as number) > 0) step = Math.min(step, (left_s[row] as number) / pace(row));
    if (step === Number.POSITIVE_INFINITY) throw new Error("the program waits for itself");
    now += step;
    for (let row = 0; row < lanes.length; row++) {
      const left = left_s[row] as number;
      if (left <= 0) continue;
      const after = left - step * pace(row);
      // What is left beyond rounding counts; less than that is nothing.
      if (after <= 1e-12 * (left + now)) finish(row);
      else left_s[row] = after;
    }
  }
}

function queueByLane({ count, lane }: Program): number[][] {
  const queues: number[][] = lanes.map(() => []);
  for (let index = 0; index < count; index++) queues[lane[index] as number]?.push(index);
  return queues;
}

function isReady({ dependencyStart, dependencies }: Program, index: number, done: Uint8Array): boolean {
  for (let at = dependencyStart[index] as number; at < (dependencyStart[index + 1] as number); at++) if (!done[dependencies[at] as number]) return false;
  return true;
}
