/**
 * Many steps of groups that do not wait for each other, event by event: each group goes at the pace of its own slowest device, drawn anew in every step; exchanges
 * queue at the servers in the order in which they come, or wait for all groups where weights are averaged. Of training with a lag of k steps: every rank on its own,
 * none more than k steps ahead of the slowest sum. Beside them stand the closed forms of model/asynchrony. Left out: how groups share links.
 */
import { IndexedHeap } from "../engine/events/heap.ts";
import type { Asynchrony } from "../asynchrony/scheme.ts";
import type { Random } from "../variability/draw.ts";
import { drawJitter } from "./fleets.ts";

export interface AsynchronousTask {
  readonly asynchrony: Asynchrony;
  readonly groups: number;
  readonly size: number;
  /** Time of each device's work over the mean's, by rank; ranks of a group follow one another. */
  readonly speeds: Float64Array;
  readonly jitter: number;
  readonly random: Random;
  /** A step of a group whose slowest device takes that many times as long, without exchange. */
  readonly step_s: (stretch: number) => number;
  /** One exchange: averaged over all, or with servers that are free; and the time of all servers that it takes. */
  readonly exchange_s: number;
  readonly service_s: number;
  readonly steps: number;
}

export interface AsynchronousSteps {
  /** Of a device, on average. */
  readonly step_s: number;
  /** Updates of others between taking weights and giving a gradient; empty where nothing is updated in turn. */
  readonly staleness: readonly number[];
}

export function simulateAsynchronous(task: AsynchronousTask): AsynchronousSteps {
  if (task.groups === 1) return { step_s: simulateLag(task), staleness: [] };
  return task.asynchrony.exchange === "average" ? { step_s: simulateAveraging(task), staleness: [] } : simulateTurns(task);
}

/** Pace of every group in one step: its slowest device. */
function drawPace({ size, speeds, jitter, random }: AsynchronousTask, group: number): number {
  let slowest = 0;
  for (let rank = group * size; rank < Math.min(speeds.length, (group + 1) * size); rank++) {
    const time = (speeds[rank] as number) * (jitter > 0 ? drawJitter(jitter, random) : 1);
    if (time > slowest) slowest = time;
  }
  return slowest;
}

/** Nobody is more than `lag` steps ahead of the slowest. */
function simulateLag(task: AsynchronousTask): number {
  const { speeds, steps, jitter, random, step_s, asynchrony: { lag } } = task;
  const ends = new Float64Array(speeds.length);
  const barriers = new Float64Array(steps);
  const first = Math.min(steps - 1, 4 * (lag + 1));
  for (let step = 0; step < steps; step++) {
    const from = step - 1 - lag >= 0 ? (barriers[step - 1 - lag] as number) : 0;
    let last = 0;
    for (let rank = 0; rank < speeds.length; rank++) {
      const end = Math.max(ends[rank] as number, from) + step_s((speeds[rank] as number) * (jitter > 0 ? drawJitter(jitter, random) : 1));
      ends[rank] = end;
      if (end > last) last = end;
    }
    barriers[step] = last;
  }
  return ((barriers[steps - 1] as number) - (barriers[first] as number)) / (steps - 1 - first || 1);
}

/** All groups meet after every period. */
function simulateAveraging(task: AsynchronousTask): number {
  const { groups, steps, step_s, exchange_s, asynchrony: { period, overlap } } = task;
  const rounds = Math.max(1, Math.round(steps / period));
  let [now, exchanged] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    let last = 0;
    for (let group = 0; group < groups; group++) {
      let own = 0;
      for (let step = 0; step < period; step++) own += step_s(drawPace(task, group));
      if (own > last) last = own;
    }
    const met = Math.max(now + last, overlap ? exchanged : 0);
    exchanged = met + exchange_s;
    now = overlap ? met : exchanged;
  }
  return now / (rounds * period);
}

const mostStaleness = 100_000;

/** Groups in the order in which they come to the servers. */
function simulateTurns(task: AsynchronousTask): AsynchronousSteps {
  const { groups, steps, step_s, exchange_s, service_s, random, asynchrony: { exchange, period, overlap } } = task;
  const heap = new IndexedHeap(groups);
  const done = new Int32Array(groups);
  const taken = new Float64Array(groups);
  const warm_s = new Float64Array(groups);
  const end_s = new Float64Array(groups);
  const exchanged_s = new Float64Array(groups);
  const rounds = Math.max(4, Math.round(steps / period));
  const first = Math.max(1, Math.floor(rounds / 4));
  const fetched = new Float64Array(groups);
  const staleness: number[] = [];
  const compute = (group: number): number => {
    let own = 0;
    for (let step = 0; step < period; step++) own += step_s(drawPace(task, group));
    return own;
  };
  // Groups do not begin together, or all would come to the servers at once.
  for (let group = 0; group < groups; group++) heap.set(group, compute(group) * random());
  let [free_s, updates, left] = [0, 0, groups];
  // All go on until the last has done its rounds, so that nobody is measured with idle servers.
  while (left > 0) {
    const now = heap.keys[0] as number;
    const group = heap.pop();
    const asked = Math.max(now, overlap ? (exchanged_s[group] as number) : 0);
    const begun = exchange === "server" ? Math.max(asked, free_s) : asked;
    if (exchange === "server") free_s = begun + service_s;
    const ended = exchange === "server" ? Math.max(free_s, begun + exchange_s) : asked;
    exchanged_s[group] = ended;
    const round = (done[group] as number) + 1;
    done[group] = round;
    if (exchange === "server" && round > first && staleness.length < mostStaleness) staleness.push(updates - (taken[group] as number));
    // Beside the next step a group computes on the weights of the exchange before.
    taken[group] = overlap ? (fetched[group] as number) : ++updates;
    if (overlap) fetched[group] = ++updates;
    if (round === first) warm_s[group] = asked;
    if (round === rounds) {
      end_s[group] = asked;
      left--;
    }
    heap.set(group, (overlap ? asked : ended) + compute(group));
  }
  let rate = 0;
  for (let group = 0; group < groups; group++) rate += ((rounds - first) * period) / ((end_s[group] as number) - (warm_s[group] as number));
  return { step_s: groups / rate, staleness };
}
