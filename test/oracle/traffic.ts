/** Who sends to whom: the patterns of collectives and of programs, and drawn ones; and how much of it when. */
import { drawOrder, type Random } from "../../model/variability/draw.ts";
import { product } from "./networks.ts";

export type Pair = readonly [from: number, to: number];

const hosts = (count: number): number[] => Array.from({ length: count }, (_, host) => host);

export const shift = (count: number, by: number): Pair[] => hosts(count).map((host) => [host, (host + by) % count]);
export const bothWays = (count: number): Pair[] => [...shift(count, 1), ...shift(count, count - 1)];
export const allToAll = (count: number): Pair[] => hosts(count).flatMap((from) => hosts(count).map((to): Pair => [from, to]));
export const incast = (count: number, to: number): Pair[] => hosts(count).map((from) => [from, to]);
export const outcast = (count: number, from: number): Pair[] => hosts(count).map((to) => [from, to]);
/** Hosts whose numbers differ in the bits of the mask swap; those without such a partner do nothing. */
export const swap = (count: number, mask: number): Pair[] => hosts(count).map((host): Pair => [host, host ^ mask]).filter(([, to]) => to < count);

/** Each child with its parent (host - 1) / 2, up and down. */
export const binaryTree = (count: number): Pair[] => hosts(count).slice(1).flatMap((host): Pair[] => [[host, (host - 1) >> 1], [(host - 1) >> 1, host]]);
/** The same tree twice, the second over the hosts backwards: inner nodes of one are leaves of the other. */
export const doubleTree = (count: number): Pair[] => [...binaryTree(count), ...binaryTree(count).map(([from, to]): Pair => [count - 1 - from, count - 1 - to])];

export function permutation(count: number, random: Random): Pair[] {
  const order = drawOrder(count, random);
  return hosts(count).map((host) => [host, order[host] ?? host]);
}

export const drawPairs = (count: number, pairs: number, random: Random): Pair[] => hosts(pairs).map(() => [Math.floor(random() * count), Math.floor(random() * count)]);

/** Each member of a grid with its neighbours of both sides in every dimension, the grid closed; digit 0 fastest. */
export function halo(sizes: readonly number[]): Pair[] {
  const neighbours = (host: number, dimension: number): number[] => {
    const [size, stride] = [sizes[dimension] ?? 1, product(sizes.slice(0, dimension))];
    const at = Math.floor(host / stride) % size;
    return [(at + 1) % size, (at + size - 1) % size].map((next) => host + (next - at) * stride);
  };
  return hosts(product(sizes)).flatMap((host) => sizes.flatMap((_, dimension) => neighbours(host, dimension).map((to): Pair => [host, to])));
}

/** Rows and columns of a square change places. */
export const transpose = (side: number): Pair[] => hosts(side * side).map((host) => [host, (host % side) * side + Math.floor(host / side)]);

export interface Flows {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly bytes: readonly number[];
  readonly start_s: readonly number[];
}

/** Sizes in seconds of an empty link: all alike; one of three, so that some flows end together; any from 20 ms to 2 s. One of "few" is nothing at all. */
const sizes = {
  equal: () => 0.25,
  few: (random: Random) => [0, 0.1, 0.3, 0.9][Math.floor(random() * 4)] ?? 0,
  mixed: (random: Random) => 0.02 * 100 ** random(),
} as const satisfies Record<string, (random: Random) => number>;

export interface Dress {
  readonly sizes: keyof typeof sizes;
  /** Flows start at any time within this; all at once without. */
  readonly within_s?: number;
}

export function dress(pairs: readonly Pair[], { sizes: kind, within_s = 0 }: Dress, unit_bytes_per_s: number, random: Random): Flows {
  const sending = pairs.filter(([from, to]) => from !== to);
  return {
    from: sending.map(([from]) => from),
    to: sending.map(([, to]) => to),
    bytes: sending.map(() => Math.round(sizes[kind](random) * unit_bytes_per_s)),
    start_s: sending.map(() => Math.round(random() * within_s * 1e6) / 1e6),
  };
}
