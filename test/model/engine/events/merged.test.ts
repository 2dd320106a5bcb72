/** Events close to each other as one: the end of sums on trees beside the exact one, and a run that ends where it would take too long. */
import { describe, expect, it } from "vitest";
import { simulateExchange, SimulationTooLong } from "../../../../model/engine/events/index.ts";
import { makeMachineGraph } from "../../../../model/network/topology/index.ts";
import { makeHierarchical, makeRing } from "../../../bench/exchanges.ts";

const inOrder = (count: number): Int32Array => Int32Array.from({ length: count }, (_, index) => index);
const port = { capacity_bytes_per_s: 12.5e9, latency_s: 4e-7 };
const slow = { capacity_bytes_per_s: 12.5e9, latency_s: 9e-7 };

/** Ways of different lengths and latencies, so that ranks drift apart. */
const machine = (nodes: number, routing: { kind: "adaptive" } | { kind: "deterministic" } | { kind: "ecmp"; seed: number }) =>
  makeMachineGraph(
    {
      node: { devices: 6, links: { kind: "groups", groups: 2, link: { capacity_bytes_per_s: 50e9, latency_s: 1e-6 }, host: { capacity_bytes_per_s: 50e9, latency_s: 5e-7 }, bus: { capacity_bytes_per_s: 32e9, latency_s: 5e-7 } } },
      ports: { count: 2, map: [0, 0, 0, 1, 1, 1], slot: { capacity_bytes_per_s: 16e9, latency_s: 5e-7 }, attach: "together" },
      domain: null,
      fabric: { topology: "fat-tree", spec: { levels: [{ ...port, down: 12, up: 1, cables: 1 }, { ...slow, down: 6, up: 6, cables: 1 }, { ...slow, down: Math.ceil((2 * nodes) / 72), up: 6, cables: 1 }], routing } },
    },
    nodes,
  );

const endOf = (end_s: Float64Array): number => end_s.reduce((most, end) => Math.max(most, end), 0);

describe.each([{ kind: "adaptive" }, { kind: "deterministic" }, { kind: "ecmp", seed: 3 }] as const)("$kind routing", (routing) => {
  it.each([
    [40, 64e6, "halving"],
    [64, 64e6, "halving"],
    [64, 1e6, "halving"],
    [9, 8e6, "ring"],
  ] as const)("keeps the end of a sum over %i nodes of %i bytes", (nodes, bytes, between) => {
    const graph = machine(nodes, routing);
    const exchange = makeHierarchical(nodes, 6, bytes, between);
    const exact = simulateExchange(graph, inOrder(nodes * 6), exchange);
    for (const merge of [0.01, 0.03, 0.1]) {
      const near = simulateExchange(graph, inOrder(nodes * 6), exchange, { merge });
      expect(Math.abs(endOf(near.end_s) / endOf(exact.end_s) - 1), `merge ${merge}`).toBeLessThan(0.03);
      expect(near.shares).toBeLessThanOrEqual(exact.shares);
    }
  });
});

it("ends where it would take too long, by a count that is the same everywhere", () => {
  const graph = machine(64, { kind: "deterministic" });
  const exchange = makeHierarchical(64, 6, 64e6, "halving");
  expect(() => simulateExchange(graph, inOrder(384), exchange, { mostWork: 10_000 })).toThrow(SimulationTooLong);
  expect(simulateExchange(graph, inOrder(384), exchange, { mostWork: 1e9 }).flows).toBeGreaterThan(5000);
});

it("refuses a part of a message that is none", () => {
  expect(() => simulateExchange(machine(9, { kind: "adaptive" }), inOrder(4), makeRing(4, 1, 10), { merge: 0.5 })).toThrow(/merge: got 0.5/);
});
