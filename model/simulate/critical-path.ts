/**
 * The critical path of a recorded step, and the slack of everything beside it. From the end of the step back: an operation begins when its lane is free and
 * its last dependency has ended, so one of these ended at just that moment, and it is the one that bound. A sum begins when the last rank has come; there the
 * path goes over to that rank. No time lies between two parts of the path, so their lengths add up to the step (test/property).
 * Slack: how much later an operation could end without making the step longer, all others as they are (Kelley 1961, the backward pass of CPM).
 */
import { lanes, type Program } from "../program/types.ts";
import { isTogether, type Watched } from "./fleet-schedule.ts";

export interface PathStep {
  /** Which of the watched ranks. */
  readonly place: number;
  readonly index: number;
  readonly start_s: number;
  readonly end_s: number;
}

/** When work on it begins: later than a rank is ready, where it waits for others. */
export function beginOf(program: Program, watched: readonly Watched[], place: number, index: number): number {
  const { start_s, end_s } = watched[place] as Watched;
  return isTogether(program, index, (end_s[index] as number) - (start_s[index] as number)) ? latest(watched, index) : (start_s[index] as number);
}

const latest = (watched: readonly Watched[], index: number): number => watched.reduce((most, { start_s }) => Math.max(most, start_s[index] as number), 0);

/** The operation before each on its lane, -1 for the first. */
export function previousOnLane({ count, lane }: Program): Int32Array {
  const last = new Int32Array(lanes.length).fill(-1);
  return Int32Array.from({ length: count }, (_, index) => {
    const row = lane[index] as number;
    const before = last[row] as number;
    last[row] = index;
    return before;
  });
}

/** What an operation waited for on its own rank: that which ended when it began. -1 where it began with the step. */
export function boundBy(program: Program, { start_s, end_s }: Watched, before: Int32Array, index: number): number {
  const start = start_s[index] as number;
  if (start === 0) return -1;
  const previous = before[index] as number;
  if (previous >= 0 && end_s[previous] === start) return previous;
  for (let at = program.dependencyStart[index] as number; at < (program.dependencyStart[index + 1] as number); at++) {
    const dependency = program.dependencies[at] as number;
    if (end_s[dependency] === start) return dependency;
  }
  throw new Error(`operation ${index} begins at ${start} s, and nothing ended then`);
}

/** In the order of time; operations that take none are left out. */
export function criticalPath(program: Program, watched: readonly Watched[]): PathStep[] {
  const before = previousOnLane(program);
  const path: PathStep[] = [];
  let [place, index] = lastToEnd(watched);
  while (index >= 0) {
    const begin = beginOf(program, watched, place, index);
    const end = (watched[place] as Watched).end_s[index] as number;
    if ((watched[place] as Watched).start_s[index] !== begin) place = watched.findIndex(({ start_s }) => start_s[index] === begin);
    if (end > begin) path.push({ place, index, start_s: begin, end_s: end });
    index = boundBy(program, watched[place] as Watched, before, index);
  }
  return path.toReversed();
}

function lastToEnd(watched: readonly Watched[]): [place: number, index: number] {
  let [best, place, index] = [0, 0, -1];
  watched.forEach(({ end_s }, rank) => end_s.forEach((end, at) => {
    if (end > best) [best, place, index] = [end, rank, at];
  }));
  return [place, index];
}

/** Slack of every operation of each watched rank. */
export function slackOf(program: Program, watched: readonly Watched[]): Float64Array[] {
  const step_s = watched.reduce((most, { end_s }) => end_s.reduce((later, end) => Math.max(later, end), most), 0);
  const before = previousOnLane(program);
  const latestEnd = watched.map(() => new Float64Array(program.count).fill(step_s));
  const slack = watched.map(() => new Float64Array(program.count));
  for (let index = program.count - 1; index >= 0; index--) {
    const common = Math.min(...latestEnd.map((ends) => ends[index] as number));
    watched.forEach((rank, place) => {
      const ends = latestEnd[place] as Float64Array;
      const [start, end] = [rank.start_s[index] as number, rank.end_s[index] as number];
      const together = isTogether(program, index, end - start);
      const allowed = together ? common : (ends[index] as number);
      // Not below zero by rounding: an operation cannot end too late for the step it is in.
      (slack[place] as Float64Array)[index] = Math.max(0, allowed - end);
      const allowedStart = allowed - (end - beginOf(program, watched, place, index));
      const lower = (other: number) => (ends[other] = Math.min(ends[other] as number, allowedStart));
      if ((before[index] as number) >= 0) lower(before[index] as number);
      for (let at = program.dependencyStart[index] as number; at < (program.dependencyStart[index + 1] as number); at++) lower(program.dependencies[at] as number);
    });
  }
  return slack;
}
