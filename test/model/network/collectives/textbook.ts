/**
 * What textbooks say of each algorithm, by hand: vectors sent by all ranks together, rounds, and what the closed form is on a network of two levels. m nodes of g devices, n ranks, p the largest power of two in n, e = n - p, c chunks, L leaders.
 */
import type { CollectiveId } from "../../../../model/network/collectives/index.ts";

export interface Sizes {
  readonly m: number;
  readonly g: number;
  readonly n: number;
  readonly p: number;
  readonly e: number;
  readonly c: number;
  readonly L: number;
}

/**
 * "rounds": exact while messages of different rounds do not meet. Ranks that sit out let others run ahead, whose messages meet theirs on a link: events take
 * longer, up to twice as long. "loose": as that, and an upper bound where they do not meet. "other": another idealisation, such as stages that overlap.
 */
export type Closed = "exact" | "rounds" | "upper" | "loose" | "other";

export interface Textbook {
  vectors(sizes: Sizes): number;
  rounds(sizes: Sizes): number;
  closed(sizes: Sizes): Closed;
}

const isPower = (n: number): boolean => Number.isInteger(Math.log2(n));
const up = (n: number): number => Math.ceil(Math.log2(n));
const down = (n: number): number => Math.floor(Math.log2(n));
const digits = (n: number): number => Array.from({ length: n }, (_, number) => number.toString(2).replaceAll("0", "").length).reduce((sum, one) => sum + one, 0);

const flat = ({ m, g }: Sizes): boolean => m === 1 || g === 1;
const always = (): Closed => "exact";
const whereFlat = (otherwise: Closed) => (sizes: Sizes): Closed => (flat(sizes) ? "exact" : otherwise);
/** Partners by binary digits: who is in the node is known exactly where nodes hold a power of two. */
function byDigits(sizes: Sizes): Closed {
  if (sizes.e > 0) return flat(sizes) ? "rounds" : "loose";
  return "exact";
}
const inside = (g: number): number => 2 * (g - 1);

export const textbook: Readonly<Record<CollectiveId, Textbook>> = {
  ring: { vectors: ({ n }) => 2 * (n - 1), rounds: ({ n }) => 2 * (n - 1), closed: whereFlat("other") },
  "bidirectional-ring": { vectors: ({ n }) => 2 * (n - 1), rounds: ({ n }) => 2 * Math.ceil((n - 1) / 2), closed: whereFlat("upper") },
  tree: {
    vectors: ({ m, g }) => m * inside(g) + 2 * (m - 1),
    rounds: ({ m, g, c }) => inside(g) + (m > 1 ? c + 2 * down(m) - 1 : 0),
    closed: ({ m }) => (m === 1 ? "exact" : "other"),
  },
  "binary-tree": {
    vectors: ({ m, g }) => m * inside(g) + 2 * (m - 1),
    rounds: ({ m, g, c }) => inside(g) + (m > 1 ? c + 2 * down(m) - 1 : 0),
    closed: ({ m }) => (m <= 2 || isPower(m + 1) ? "exact" : "other"),
  },
  "recursive-doubling": { vectors: ({ p, e }) => p * down(p) + 2 * e, rounds: ({ p, e }) => down(p) + (e > 0 ? 2 : 0), closed: byDigits },
  "recursive-halving-doubling": { vectors: ({ p, e }) => 2 * (p - 1) + 2 * e, rounds: ({ p, e }) => 2 * down(p) + (e > 0 ? 2 : 0), closed: byDigits },
  rabenseifner: { vectors: ({ p, e }) => 2 * (p - 1) + 2.5 * e, rounds: ({ p, e }) => 2 * down(p) + (e > 0 ? 3 : 0), closed: byDigits },
  hierarchical: {
    vectors: ({ m, g, L }) => m * inside(g) + 2 * (m - 1) + (m > 1 ? (2 * m * (g - L)) / g : 0),
    rounds: ({ m, g, L }) => inside(g) + 2 * up(m) + (m > 1 && L < g ? 2 : 0),
    closed: always,
  },
  sharp: { vectors: ({ m, g }) => m * inside(g) + (m > 1 ? m : 0), rounds: ({ m, g }) => inside(g) + (m > 1 ? 1 : 0), closed: always },
  nvls: {
    vectors: ({ m, g }) => (g > 1 ? m * (g + 1) : 0) + 2 * (m - 1),
    rounds: ({ m, g, c }) => (g > 1 ? 2 : 0) + (m > 1 ? c + 2 * down(m) - 1 : 0),
    closed: ({ m }) => (m === 1 ? "exact" : "other"),
  },
  "all-gather-ring": { vectors: ({ n }) => n - 1, rounds: ({ n }) => n - 1, closed: whereFlat("other") },
  "all-gather-recursive-doubling": { vectors: ({ n }) => n - 1, rounds: ({ p, e }) => down(p) + (e > 0 ? 2 : 0), closed: byDigits },
  "all-gather-bruck": { vectors: ({ n }) => n - 1, rounds: ({ n }) => up(n), closed: whereFlat("upper") },
  "reduce-scatter-ring": { vectors: ({ n }) => n - 1, rounds: ({ n }) => n - 1, closed: whereFlat("other") },
  "reduce-scatter-recursive-halving": {
    vectors: ({ n }) => n - 1,
    rounds: ({ p, e }) => down(p) + (e > 0 ? 2 : 0),
    closed: (sizes) => (sizes.e > 0 ? "loose" : byDigits(sizes)),
  },
  "broadcast-binomial-tree": { vectors: ({ n }) => n - 1, rounds: ({ n }) => up(n), closed: whereFlat("upper") },
  "broadcast-pipelined-chain": { vectors: ({ n }) => n - 1, rounds: ({ n, c }) => c + n - 2, closed: whereFlat("upper") },
  "broadcast-scatter-all-gather": { vectors: ({ n }) => digits(n) / n + n - 1, rounds: ({ n }) => up(n) + n - 1, closed: whereFlat("upper") },
  "all-to-all-pairwise": { vectors: ({ n }) => n - 1, rounds: ({ n }) => n - 1, closed: whereFlat("upper") },
  "all-to-all-direct": { vectors: ({ n }) => n - 1, rounds: () => 1, closed: always },
  "all-to-all-bruck": { vectors: ({ n }) => digits(n), rounds: ({ n }) => up(n), closed: whereFlat("upper") },
  "all-to-all-hierarchical": { vectors: ({ m, g, n }) => n * ((g - 1) / g + (m - 1) / m), rounds: ({ m, g }) => g - 1 + m - 1, closed: always },
  "send-recv": { vectors: ({ n }) => n, rounds: () => 1, closed: always },
  "parameter-server": { vectors: ({ n }) => 2 * (n - 1), rounds: () => 2, closed: whereFlat("upper") },
};
