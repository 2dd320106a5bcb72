/** Where no link binds: the recursion without events against the events themselves, on rings with delays, with ways of different length, and with a leaf that is not full. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulateExchange } from "../../../../model/engine/events/exchange.ts";
import { makeFatTree } from "../../../../model/network/topology/fat-tree.ts";
import { makeStar } from "../../../../model/network/topology/star.ts";
import { furthestApart, inOrder, makeRing, makeShift, makeWritten } from "./small-networks.ts";

const plain = { fold: false, jump: false, direct: false };

/** A ring whose every flow has a link of its own. */
const ringOf = (latencies: readonly number[]) =>
  makeWritten(
    latencies.map((latency) => ({ capacity: 1, latency })),
    latencies.map((_, from) => latencies.map(() => [from])),
  );

describe("rings whose ranks come late", () => {
  it.each<[string, fc.Arbitrary<number>, number]>([
    ["all flows take the same", fc.constant(0.5), 24],
    ["few different times", fc.constantFrom(0.5, 0.5, 0.5, 0.75, 2), 24],
    ["all times different", fc.double({ min: 0, max: 3, noNaN: true }), 50],
  ])("%s: the same as by events", (_, latency, most) => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ latency, start: fc.double({ min: 0, max: 40, noNaN: true }) }), { minLength: 2, maxLength: most }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 5 }),
        (ranks, steps, distance) => {
          const graph = ringOf(ranks.map((rank) => rank.latency));
          const start_s = Float64Array.from(ranks, ({ start }) => start);
          const count = ranks.length;
          const exchange = makeShift(count, 1 + (distance % (count - 1 || 1)), steps, 1);
          // Two phases, so that the first's uneven end is the second's start.
          const twice = { ranks: count, phases: [...exchange.phases, ...makeRing(count, 3, 2).phases] };
          const direct = simulateExchange(graph, inOrder(count), twice, { start_s });
          expect(direct.method).toBe("direct");
          expect(furthestApart(direct.end_s, simulateExchange(graph, inOrder(count), twice, { ...plain, start_s }).end_s)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("without contention", () => {
  it("a leaf that is not full costs neither classes nor events", () => {
    const graph = makeFatTree({ levels: [{ down: 6, up: 1, cables: 1, capacity_bytes_per_s: 1e9, latency_s: 1e-6 }, { down: 8, up: 6, cables: 1, capacity_bytes_per_s: 1e9, latency_s: 2e-6 }] });
    const start_s = Float64Array.from({ length: 44 }, (_, rank) => ((rank * 29) % 44) * 1e-6);
    for (const start of [undefined, start_s]) {
      const direct = simulateExchange(graph, inOrder(44), makeRing(44, 300, 1e4), { start_s: start });
      expect(direct).toMatchObject({ method: "direct", flows: 0 });
      expect(furthestApart(direct.end_s, simulateExchange(graph, inOrder(44), makeRing(44, 300, 1e4), { ...plain, start_s: start }).end_s)).toBeLessThan(1e-12);
    }
  });

  it("trees, repeated and pipelined, come out as by events", () => {
    const graph = makeStar(7, 1e9, 1e-6);
    const tree = { name: "down", repeat: 9, from: Int32Array.of(0, 1, 3), to: Int32Array.of(1, 3, 5), bytes: Float64Array.of(1e5, 2e5, 3e4) };
    const start_s = Float64Array.of(0, 3e-4, 0, 5e-5, 0, 0, 1e-3);
    for (const start of [undefined, start_s]) {
      const direct = simulateExchange(graph, inOrder(7), { ranks: 7, phases: [tree, { ...tree, repeat: 1 }] }, { start_s: start });
      expect(direct.method).toBe("direct");
      expect(furthestApart(direct.end_s, simulateExchange(graph, inOrder(7), { ranks: 7, phases: [tree, { ...tree, repeat: 1 }] }, { ...plain, start_s: start }).end_s)).toBeLessThan(1e-12);
    }
  });

  it("27,360 ranks of one ring with a delay each need no message", () => {
    const ranks = 27_360;
    const graph = makeStar(ranks, 1e9, 1e-6);
    const start_s = Float64Array.from({ length: ranks }, (_, rank) => ((rank * 7919) % 9973) * 1e-6);
    const { end_s, method } = simulateExchange(graph, inOrder(ranks), makeRing(ranks, 2 * (ranks - 1), 1e3), { start_s });
    expect(method).toBe("direct");
    // After more steps than there are ranks everybody has waited for the latest of all.
    expect(furthestApart(end_s, new Float64Array(ranks).fill(Math.max(...start_s) + 2 * (ranks - 1) * 3e-6))).toBeLessThan(1e-11);
  });
});
