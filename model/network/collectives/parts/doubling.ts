/**
 * Pairs whose numbers differ in one binary digit, for any number of ranks: of the ranks beyond a power of two each sits out with a neighbour that acts for both
 * (Thakur, Rabenseifner and Gropp 2005): rank 2i with rank 2i + 1 for the first few i. The others take part; they are numbered in order of rank.
 * Closed forms put these rounds one after another. Where a sender does not wait for the receiver, messages of ranks that nobody holds up meet those of the
 * extra rounds on the receivers' links: events then take up to twice as long.
 */
import { makeFlows, range, type BlockPhase, type Effect } from "./block-plan.ts";

export interface Pairing {
  readonly ranks: number;
  /** The largest power of two in `ranks`, and its logarithm. */
  readonly active: number;
  readonly rounds: number;
  readonly extra: number;
}

export const largestPower = (ranks: number): number => 2 ** (31 - Math.clz32(ranks));

export function pairUp(ranks: number): Pairing {
  const active = largestPower(ranks);
  return { ranks, active, rounds: 31 - Math.clz32(ranks), extra: ranks - active };
}

export const rankOf = ({ extra }: Pairing, active: number): number => (active < extra ? 2 * active + 1 : active + extra);

/** Flow i is what the i-th that takes part sends. */
export function exchangePhase(
  pairing: Pairing,
  name: string,
  distance: number,
  count: number | Int32Array,
  effect: Effect,
  blocks: (active: number) => number[],
): BlockPhase {
  return {
    name,
    repeat: 1,
    ...makeFlows(pairing.active, (active) => rankOf(pairing, active), (active) => rankOf(pairing, active ^ distance)),
    count,
    effect: () => effect,
    blocks: (_, active) => blocks(active),
  };
}

/** Ranks that sit out send to, or get from, the neighbour that acts for them. Flow i is that of rank 2i. */
export function neighbourPhase(
  { extra }: Pairing,
  name: string,
  way: "in" | "out",
  count: number,
  effect: Effect,
  blocks: (index: number) => number[],
): BlockPhase {
  const flows = makeFlows(extra, (index) => 2 * index, (index) => 2 * index + 1);
  const { from, to } = way === "in" ? flows : { from: flows.to, to: flows.from };
  return { name, repeat: 1, from, to, count, effect: () => effect, blocks: (_, index) => blocks(index) };
}

/** The first of the blocks that a rank is left with after so many halvings, nearest partners first, of one block for each that takes part. */
function firstBlock({ active }: Pairing, number: number, halvings: number): number {
  let first = 0;
  for (let round = 0; round < halvings; round++) if (number & (1 << round)) first += active >> (round + 1);
  return first;
}

/** Vector halving with distance doubling, then back: after it everybody that takes part has the sum of what they began with. */
export function halveAndDouble(pairing: Pairing): BlockPhase[] {
  const { active, rounds } = pairing;
  const halving = range(0, rounds).map((round) => {
    const count = active >> (round + 1);
    return exchangePhase(pairing, "halving", 1 << round, count, "add", (number) => range(firstBlock(pairing, number ^ (1 << round), round + 1), count));
  });
  const doubling = range(0, rounds).toReversed().map((round) => {
    const count = active >> (round + 1);
    return exchangePhase(pairing, "doubling", 1 << round, count, "copy", (number) => range(firstBlock(pairing, number, round + 1), count));
  });
  return [...halving, ...doubling];
}

/** Of one block per rank: what the `size` numbers around this one, from a multiple of `size` on, hold for themselves and for whom they act. */
export function groupOf({ extra }: Pairing, number: number, size: number): { first: number; count: number } {
  const lowest = number - (number % size);
  const first = lowest + Math.min(lowest, extra);
  return { first, count: lowest + size + Math.min(lowest + size, extra) - first };
}
