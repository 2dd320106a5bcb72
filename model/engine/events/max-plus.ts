/**
 * An exchange without contention, exactly and without events: each flow takes a fixed time t, so that entering times follow a recursion of maxima and sums,
 * x'(r) = max(x(r) + t of its sends, x(s) + t of what it receives from s) (Baccelli et al. 1992, Synchronization and Linearity, chapter 2).
 * In a ring a rank and its receiver wait for the same flow, so after k steps x'(i) = max over d of x(i-d) + the times of i-d .. i-1 + (k-d) x the longest
 * of i-d .. i: a delay walks on by one rank a step, or stays and pays the longest it has passed. For each distinct time that is a sliding maximum.
 */
import type { Exchange, Phase } from "../../network/exchange.ts";
import type { Pulse } from "./pulse.ts";

type Times = Float64Array<ArrayBufferLike>;

/** `times(phase)`: seconds of each flow of the phase when it is alone. */
export function runMaxPlus(exchange: Exchange, times: (phase: number) => Float64Array, start_s: Float64Array, pulse: Pulse): Float64Array {
  let now_s: Times = start_s.slice();
  exchange.phases.forEach((phase, index) => {
    if (phase.repeat === 0 || phase.from.length === 0) return;
    const time_s = times(index);
    const flowFrom = ringFlows(phase, exchange.ranks);
    if (flowFrom === null || phase.repeat === 1) now_s = stepOn(phase, time_s, now_s, pulse, index);
    else for (const ring of ringsOf(phase, flowFrom)) turn(ring, ring.map((rank) => time_s[flowFrom[rank] as number] as number), phase.repeat, now_s);
    pulse.beat(index);
  });
  return now_s;
}

/** The flow of each sender, or -1; null unless every rank that takes part sends one and receives one. */
function ringFlows({ from, to }: Phase, ranks: number): Int32Array | null {
  const sends = new Int32Array(ranks).fill(-1);
  const receives = new Int32Array(ranks).fill(-1);
  for (let flow = 0; flow < from.length; flow++) {
    const sender = from[flow] as number;
    const receiver = to[flow] as number;
    if (sends[sender] !== -1 || receives[receiver] !== -1) return null;
    sends[sender] = flow;
    receives[receiver] = flow;
  }
  for (let rank = 0; rank < ranks; rank++) if ((sends[rank] === -1) !== (receives[rank] === -1)) return null;
  return sends;
}

function ringsOf({ from, to }: Phase, flowFrom: Int32Array): number[][] {
  const seen = new Uint8Array(flowFrom.length);
  const rings: number[][] = [];
  for (const first of from) {
    if (seen[first]) continue;
    const ring: number[] = [];
    for (let rank = first; !seen[rank]; rank = to[flowFrom[rank] as number] as number) {
      seen[rank] = 1;
      ring.push(rank);
    }
    rings.push(ring);
  }
  return rings;
}

const mostTimes = 32;

/** So many steps of one ring, in place. */
function turn(ring: readonly number[], time_s: readonly number[], steps: number, now_s: Float64Array): void {
  const ranks = ring.length;
  // Three times around: from every rank back once around, which passes the longest time of all, and on to any start. Going around again pays no more.
  const entered_s = Float64Array.from({ length: 3 * ranks }, (_, at) => now_s[ring[at % ranks] as number] as number);
  const own_s = Float64Array.from({ length: 3 * ranks }, (_, at) => time_s[at % ranks] as number);
  const distinct = [...new Set(time_s)];
  const end_s = distinct.length <= mostTimes ? slide(entered_s, own_s, distinct, steps) : lookBack(entered_s, own_s, steps);
  for (let at = 0; at < ranks; at++) now_s[ring[at] as number] = end_s[at] as number;
}

function sumBefore(own_s: Float64Array): Float64Array {
  const sums = new Float64Array(own_s.length);
  for (let at = 1; at < own_s.length; at++) sums[at] = (sums[at - 1] as number) + (own_s[at - 1] as number);
  return sums;
}

/** For each distinct time: the best start among those that pass a rank of at least this time on their way. Both ends of that window only move on. */
function slide(entered_s: Float64Array, own_s: Float64Array, distinct: readonly number[], steps: number): Float64Array {
  const ranks = own_s.length / 3;
  const furthest = Math.min(steps, 2 * ranks - 1);
  const before_s = sumBefore(own_s);
  const end_s = new Float64Array(ranks).fill(Number.NEGATIVE_INFINITY);
  const queue = new Int32Array(3 * ranks);
  const value_s = new Float64Array(3 * ranks);
  for (const stay_s of distinct) {
    let first = 0;
    let last = 0;
    let next = 0;
    let passed = -1;
    for (let at = 0; at < 3 * ranks; at++) {
      value_s[at] = (entered_s[at] as number) - (before_s[at] as number) + at * stay_s;
      if ((own_s[at] as number) >= stay_s) passed = at;
      for (; next <= passed; next++) {
        while (last > first && (value_s[queue[last - 1] as number] as number) <= (value_s[next] as number)) last--;
        queue[last++] = next;
      }
      if (at < 2 * ranks) continue;
      while (first < last && (queue[first] as number) < at - furthest) first++;
      if (first === last) continue;
      const reached_s = (value_s[queue[first] as number] as number) + (before_s[at] as number) + (steps - at) * stay_s;
      if (reached_s > (end_s[at - 2 * ranks] as number)) end_s[at - 2 * ranks] = reached_s;
    }
  }
  return end_s;
}

/** The same for any times, at the price of one look at every start. */
function lookBack(entered_s: Float64Array, own_s: Float64Array, steps: number): Float64Array {
  const ranks = own_s.length / 3;
  const furthest = Math.min(steps, 2 * ranks - 1);
  const end_s = new Float64Array(ranks);
  for (let at = 2 * ranks; at < 3 * ranks; at++) {
    let stay_s = own_s[at] as number;
    let walked_s = 0;
    let best_s = (entered_s[at] as number) + steps * stay_s;
    for (let back = 1; back <= furthest; back++) {
      const own = own_s[at - back] as number;
      walked_s += own;
      if (own > stay_s) stay_s = own;
      const reached_s = (entered_s[at - back] as number) + walked_s + (steps - back) * stay_s;
      if (reached_s > best_s) best_s = reached_s;
    }
    end_s[at - 2 * ranks] = best_s;
  }
  return end_s;
}

/** Step by step for any flows; once all that take part move on by the same, so will they in every further step. */
function stepOn({ from, to, repeat }: Phase, time_s: Float64Array, start_s: Float64Array, pulse: Pulse, done: number): Float64Array {
  let now_s = start_s;
  for (let step = 0; step < repeat; step++) {
    const next_s = now_s.slice();
    for (let flow = 0; flow < from.length; flow++) {
      const end_s = (now_s[from[flow] as number] as number) + (time_s[flow] as number);
      if (end_s > (next_s[from[flow] as number] as number)) next_s[from[flow] as number] = end_s;
      if (end_s > (next_s[to[flow] as number] as number)) next_s[to[flow] as number] = end_s;
    }
    const longer_s = step < repeat - 1 ? commonStep(from, to, now_s, next_s) : -1;
    now_s = next_s;
    pulse.beat(done);
    if (longer_s < 0) continue;
    const seen = new Uint8Array(now_s.length);
    for (let flow = 0; flow < from.length; flow++) seen[from[flow] as number] = seen[to[flow] as number] = 1;
    for (let rank = 0; rank < now_s.length; rank++) if (seen[rank]) now_s[rank] = (now_s[rank] as number) + (repeat - 1 - step) * longer_s;
    break;
  }
  return now_s;
}

/** By how much all that take part have moved on, or -1 if not by the same. */
function commonStep(from: Int32Array, to: Int32Array, now_s: Float64Array, next_s: Float64Array): number {
  const rank = from[0] as number;
  const longer_s = (next_s[rank] as number) - (now_s[rank] as number);
  const tolerance_s = 4e-15 * (next_s[rank] as number);
  for (let flow = 0; flow < from.length; flow++) {
    for (const one of [from[flow] as number, to[flow] as number]) if (Math.abs((next_s[one] as number) - (now_s[one] as number) - longer_s) > tolerance_s) return -1;
  }
  return longer_s;
}
