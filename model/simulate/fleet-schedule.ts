/**
 * The schedule of one step with every rank on its own: work on the compute lane takes as much longer as its device is slow, a sum of gradients begins when the
 * last rank is ready and ends for all together. With equal devices it is the analytic schedule (test/property).
 * A sum takes from the last rank's coming on what it takes when all come together. In a ring that is exact; in trees early ranks have done part of it (0.7 to 1 of
 * that time, 13 ranks), in halving and doubling messages of several steps meet when ranks come apart by about the sum's own time (up to 1.5 of it), and hardly
 * when by more: test/model/simulate/late-ranks.test.ts. Left out: that difference, and jitter from operation to operation within a step.
 */
import { Kind, Lane, lanes, type Program } from "../program/types.ts";

export interface Watched {
  readonly start_s: Float64Array;
  readonly end_s: Float64Array;
}

export interface FleetSchedule {
  readonly step_s: number;
  /** Of each rank, in which its compute lane has nothing to do before the step ends. */
  readonly idle_s: Float64Array;
  /** Operations of the ranks that were asked for. */
  readonly watched: readonly Watched[];
}

/** What every rank takes part in: nobody goes on before the last has come. */
const together = new Set<number>([Kind.allReduce, Kind.answer]);
/** What takes no time makes nobody wait. */
export const isTogether = ({ kind }: Program, index: number, time_s: number): boolean => time_s > 0 && together.has(kind[index] as number);

export function scheduleFleet(program: Program, time_s: Float64Array, slowdowns: Float64Array, watch: readonly number[] = []): FleetSchedule {
  const { count, lane, dependencyStart, dependencies } = program;
  const ranks = slowdowns.length;
  const laneEnds = lanes.map(() => new Float64Array(ranks));
  const busy_s = new Float64Array(ranks);
  const watched = watch.map(() => ({ start_s: new Float64Array(count), end_s: new Float64Array(count) }));
  const rows = new Rows(program, ranks);
  for (let index = 0; index < count; index++) {
    const row = lane[index] as number;
    const laneEnd = laneEnds[row] as Float64Array;
    const start_s = rows.take();
    start_s.set(laneEnd);
    for (let at = dependencyStart[index] as number; at < (dependencyStart[index + 1] as number); at++) raise(start_s, rows.of(dependencies[at] as number));
    watch.forEach((rank, place) => ((watched[place] as Watched).start_s[index] = start_s[rank] as number));
    const work_s = time_s[index] as number;
    if (isTogether(program, index, work_s)) {
      laneEnd.fill(largest(start_s) + work_s);
    } else if (row === Lane.compute) {
      for (let rank = 0; rank < ranks; rank++) {
        const own_s = work_s * (slowdowns[rank] as number);
        busy_s[rank] = (busy_s[rank] as number) + own_s;
        laneEnd[rank] = (start_s[rank] as number) + own_s;
      }
    } else for (let rank = 0; rank < ranks; rank++) laneEnd[rank] = (start_s[rank] as number) + work_s;
    watch.forEach((rank, place) => ((watched[place] as Watched).end_s[index] = laneEnd[rank] as number));
    rows.keep(index, start_s, laneEnd);
  }
  const step_s = laneEnds.reduce((most, ends) => Math.max(most, largest(ends)), 0);
  return { step_s, idle_s: busy_s.map((busy) => step_s - busy), watched };
}

function raise(target: Float64Array, other: Float64Array): void {
  for (let index = 0; index < target.length; index++) if ((other[index] as number) > (target[index] as number)) target[index] = other[index] as number;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let index = 0; index < values.length; index++) if ((values[index] as number) > most) most = values[index] as number;
  return most;
}

/** Ends of operations that later ones wait for; a row of numbers is used again when nobody waits for it any more. */
class Rows {
  private readonly lastUse: Int32Array;
  private readonly kept = new Map<number, Float64Array>();
  private readonly free: Float64Array[] = [];
  private readonly ranks: number;

  constructor({ count, dependencyStart, dependencies }: Program, ranks: number) {
    this.ranks = ranks;
    this.lastUse = new Int32Array(count).fill(-1);
    for (let index = 0; index < count; index++) for (let at = dependencyStart[index] as number; at < (dependencyStart[index + 1] as number); at++) this.lastUse[dependencies[at] as number] = index;
  }

  take(): Float64Array {
    return this.free.pop() ?? new Float64Array(this.ranks);
  }

  of(index: number): Float64Array {
    const row = this.kept.get(index);
    if (!row) throw new Error(`operation ${index} has not ended`);
    return row;
  }

  /** After operation `index` has ended: `scratch` may hold its ends, if anybody will ask. */
  keep(index: number, scratch: Float64Array, ends_s: Float64Array): void {
    for (const [other, row] of this.kept) {
      if ((this.lastUse[other] as number) > index) continue;
      this.kept.delete(other);
      this.free.push(row);
    }
    if ((this.lastUse[index] as number) > index) {
      scratch.set(ends_s);
      this.kept.set(index, scratch);
    } else this.free.push(scratch);
  }
}
