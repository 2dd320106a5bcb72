/**
 * Colours for ranks and links such that alike ones have one colour: from what is told apart at the start, each round tells apart what has different neighbours
 * (colour refinement; Paige and Tarjan 1987 for the theory). By hashes, so the result is a proposal: fold.ts proves it. Ranks are nodes 0 .. ranks - 1, links
 * follow. Rounds have a limit, because one defect in a long ring needs as many rounds as the ring has ranks and ends with nothing alike.
 */
import { mixFirst, mixSecond, PairNumbers, spread, wordOf } from "./hash.ts";
import type { FlowList } from "./flow-list.ts";

export interface Colours {
  readonly of: Int32Array;
  readonly count: number;
}

const mostRounds = 40;
const [asSender, asReceiver, asLink] = [0x3c6ef372, 0x5f356495, 0x1b873593];

/** Null where the limit is reached or too little is alike to be worth it. `declared`: classes of ranks that are never joined. */
export function refineColours(flows: FlowList, ranks: number, start_s: Float64Array, capacity_bytes_per_s: Float64Array, declared: Int32Array | null): Colours | null {
  const nodes = ranks + capacity_bytes_per_s.length;
  const numbers = new PairNumbers(nodes);
  const colour = new Int32Array(nodes);
  for (let rank = 0; rank < ranks; rank++) colour[rank] = numbers.of(spread(wordOf(start_s[rank] as number)), spread((declared?.[rank] ?? 0) ^ asSender));
  for (let link = ranks; link < nodes; link++) colour[link] = numbers.of(spread(wordOf(capacity_bytes_per_s[link - ranks] as number)), asLink);
  const seeds = flowSeeds(flows);
  const first = new Int32Array(nodes);
  const second = new Int32Array(nodes);
  let count = numbers.count;
  for (let round = 0; round < mostRounds; round++) {
    first.fill(0);
    second.fill(0);
    gather(flows, ranks, colour, seeds, first, second);
    numbers.clear();
    let rankColours = 0;
    for (let node = 0; node < nodes; node++) {
      if (node === ranks) rankColours = numbers.count;
      const old = colour[node] as number;
      colour[node] = numbers.of(spread(mixFirst(first[node] as number, old)), spread(mixSecond(second[node] as number, old)));
    }
    if (nodes === ranks) rankColours = numbers.count;
    if (numbers.count === count) return { of: colour, count };
    if (rankColours * 2 > ranks) return null;
    count = numbers.count;
  }
  return null;
}

interface Seeds {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

function flowSeeds({ count, phase, bytes, latency_s, cap_bytes_per_s }: FlowList): Seeds {
  const [first, second] = [new Int32Array(count), new Int32Array(count)];
  for (let flow = 0; flow < count; flow++) {
    let [a, b] = [phase[flow] as number, (phase[flow] as number) + 1];
    for (const value of [bytes[flow] as number, latency_s[flow] as number, cap_bytes_per_s[flow] as number]) {
      const word = wordOf(value);
      a = mixFirst(a, word);
      b = mixSecond(b, word);
    }
    first[flow] = a;
    second[flow] = b;
  }
  return { first, second };
}

/** Every flow tells its ends and its links what it is; sums, so that order does not matter. */
function gather({ count, from, to, start, link }: FlowList, ranks: number, colour: Int32Array, seeds: Seeds, first: Int32Array, second: Int32Array): void {
  for (let flow = 0; flow < count; flow++) {
    const sender = from[flow] as number;
    const receiver = to[flow] as number;
    let a = mixFirst(mixFirst(seeds.first[flow] as number, colour[sender] as number), colour[receiver] as number);
    let b = mixSecond(mixSecond(seeds.second[flow] as number, colour[sender] as number), colour[receiver] as number);
    const end = start[flow + 1] as number;
    for (let at = start[flow] as number; at < end; at++) {
      const seen = colour[ranks + (link[at] as number)] as number;
      a = mixFirst(a, seen);
      b = mixSecond(b, seen);
    }
    first[sender] = (first[sender] as number) + spread(a ^ asSender);
    second[sender] = (second[sender] as number) + spread(b ^ asSender);
    first[receiver] = (first[receiver] as number) + spread(a ^ asReceiver);
    second[receiver] = (second[receiver] as number) + spread(b ^ asReceiver);
    const [onFirst, onSecond] = [spread(a ^ asLink), spread(b ^ asLink)];
    for (let at = start[flow] as number; at < end; at++) {
      const node = ranks + (link[at] as number);
      first[node] = (first[node] as number) + onFirst;
      second[node] = (second[node] as number) + onSecond;
    }
  }
}

/** Numbers for flows that have equal figures and ways of equal colours. */
export function colourFlows(flows: FlowList, ranks: number, colour: Int32Array): Colours {
  const seeds = flowSeeds(flows);
  const numbers = new PairNumbers(flows.count);
  const { count, from, to, start, link } = flows;
  const of = new Int32Array(count);
  for (let flow = 0; flow < count; flow++) {
    let a = mixFirst(mixFirst(seeds.first[flow] as number, colour[from[flow] as number] as number), colour[to[flow] as number] as number);
    let b = mixSecond(mixSecond(seeds.second[flow] as number, colour[from[flow] as number] as number), colour[to[flow] as number] as number);
    for (let at = start[flow] as number; at < (start[flow + 1] as number); at++) {
      a = mixFirst(a, colour[ranks + (link[at] as number)] as number);
      b = mixSecond(b, colour[ranks + (link[at] as number)] as number);
    }
    of[flow] = numbers.of(spread(a), spread(b));
  }
  return { of, count: numbers.count };
}
