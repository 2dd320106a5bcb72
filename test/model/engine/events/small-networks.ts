/** Networks for tests: ways written out, and random ones. Exchanges that occur in several tests. */
import fc from "fast-check";
import type { Exchange } from "../../../../model/network/exchange.ts";
import { LinkBuilder, type NetworkGraph } from "../../../../model/network/topology/graph.ts";

export interface WrittenLink {
  capacity: number;
  latency: number;
}

/** `ways[from][to]` lists links. */
export function makeWritten(links: readonly WrittenLink[], ways: readonly (readonly (readonly number[])[])[]): NetworkGraph {
  const builder = new LinkBuilder();
  links.forEach(({ capacity, latency }, index) => builder.add(1, capacity, latency, () => ({ kind: "written", from: `a${index}`, to: `b${index}` })));
  return {
    endpoints: ways.length,
    links: builder.build(),
    longestRoute: Math.max(1, ...ways.flat().map(({ length }) => length)),
    route(from, to, out, at) {
      const way = ways[from]?.[to] ?? [];
      out.set(way, at);
      return at + way.length;
    },
  };
}

const figures = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Few links that most ways share, with capacities and latencies that are often equal, as machines have them. */
export const anyNetwork: fc.Arbitrary<NetworkGraph> = fc.record({ endpoints: fc.integer({ min: 2, max: 7 }), links: fc.integer({ min: 2, max: 9 }) }).chain(({ endpoints, links }) =>
  fc
    .record({
      links: fc.array(fc.record({ capacity: fc.oneof(figures(1, 2, 4, 100), fc.double({ min: 0.5, max: 8, noNaN: true })), latency: figures(0, 0, 0.1, 0.25) }), { minLength: links, maxLength: links }),
      ways: fc.array(fc.array(fc.uniqueArray(fc.nat(links - 1), { minLength: 1, maxLength: 4 }), { minLength: endpoints, maxLength: endpoints }), { minLength: endpoints, maxLength: endpoints }),
    })
    .map((made) => makeWritten(made.links, made.ways)),
);

const anySize = fc.oneof(figures(0, 1, 1, 3, 10), fc.double({ min: 0.1, max: 20, noNaN: true }));

export const anyExchange = (ranks: number): fc.Arbitrary<Exchange> =>
  fc
    .array(
      fc.record({
        repeat: fc.integer({ min: 0, max: 9 }),
        flows: fc.array(fc.record({ from: fc.nat(ranks - 1), step: fc.integer({ min: 1, max: ranks - 1 }), bytes: anySize }), { maxLength: 8 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((phases) => ({
      ranks,
      phases: phases.map(({ repeat, flows }, index) => ({
        name: `phase ${index}`,
        repeat,
        from: Int32Array.from(flows, ({ from }) => from),
        to: Int32Array.from(flows, ({ from, step }) => (from + step) % ranks),
        bytes: Float64Array.from(flows, ({ bytes }) => bytes),
      })),
    }));

export const inOrder = (count: number): Int32Array => Int32Array.from({ length: count }, (_, index) => index);

/** Every rank sends to the one so far after it, so many steps. */
export function makeShift(ranks: number, distance: number, steps: number, bytes: number): Exchange {
  return { ranks, phases: [{ name: `shift by ${distance}`, repeat: steps, from: inOrder(ranks), to: inOrder(ranks).map((rank) => (rank + distance) % ranks), bytes: new Float64Array(ranks).fill(bytes) }] };
}

export const makeRing = (ranks: number, steps: number, bytes: number): Exchange => makeShift(ranks, 1, steps, bytes);

export const repeated = ({ ranks, phases }: Exchange, repeat: number): Exchange => ({ ranks, phases: phases.map((phase) => ({ ...phase, repeat })) });

/** Everybody to everybody at once. */
export function makeAllToAll(ranks: number, bytes: (from: number, to: number) => number): Exchange {
  const pairs = Array.from({ length: ranks * ranks }, (_, pair) => [Math.floor(pair / ranks), pair % ranks] as const).filter(([from, to]) => from !== to);
  return { ranks, phases: [{ name: "all", repeat: 1, from: Int32Array.from(pairs, ([from]) => from), to: Int32Array.from(pairs, ([, to]) => to), bytes: Float64Array.from(pairs, ([from, to]) => bytes(from, to)) }] };
}

/** Halving of the vector and the distance at each step, then the reverse. Ranks: a power of two. */
export function makeHalvingDoubling(ranks: number, bytes: number): Exchange {
  const phases = [];
  for (let distance = ranks / 2, size = bytes / 2; distance >= 1; distance /= 2, size /= 2) {
    phases.push({ name: `distance ${distance}`, repeat: 1, from: inOrder(ranks), to: inOrder(ranks).map((rank) => rank ^ distance), bytes: new Float64Array(ranks).fill(size) });
  }
  return { ranks, phases: [...phases, ...phases.toReversed()] };
}

/** Largest relative difference of two columns of times. */
export const furthestApart = (some: ArrayLike<number>, others: ArrayLike<number>): number =>
  Array.from(some).reduce((furthest, one, index) => Math.max(furthest, Math.abs(one - (others[index] as number)) / Math.max(1e-300, Math.abs(one), Math.abs(others[index] as number))), some.length === others.length ? 0 : Number.POSITIVE_INFINITY);
