/** One suite over all collective algorithms: the data ends where it must, as many bytes and rounds as in the textbook, bounds, one rank, any number of ranks, closed form against events. */
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulateExchange } from "../../../../model/engine/events/exchange.ts";
import { collectiveAlgorithms, type CollectiveId, type CollectiveNetwork, type CollectiveShape } from "../../../../model/network/collectives/index.ts";
import { makeFlows } from "../../../../model/network/collectives/parts/block-plan.ts";
import { addShift, startTally } from "../../../../model/network/collectives/parts/tally.ts";
import { sentBytes } from "../../../support/sent-bytes.ts";
import { InputError } from "../../../../model/problems.ts";
import { runSymbolically } from "./symbolic.ts";
import { textbook, type Sizes } from "./textbook.ts";
import { endOnTwoLevels, makeTwoLevels } from "./two-levels.ts";

const { ring, tree } = collectiveAlgorithms;
const algorithms = Object.entries(collectiveAlgorithms) as [CollectiveId, (typeof collectiveAlgorithms)[CollectiveId]][];

const speeds = { nodeLink_bytes_per_s: 100e9, nodeLinkLatency_s: 2e-6, fabric_bytes_per_s: 25e9, fabricLatency_s: 5e-6, leaderShare: 1 };
const shapeOf = (nodes: number, devicesPerNode: number, leaders = devicesPerNode, chunks = 4): Required<CollectiveShape> => ({ nodes, devicesPerNode, leaders, chunks });

/** Powers of two and others, flat both ways, two levels with all and with few leaders. */
const shapes = [
  ...[2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 21].flatMap((ranks) => [shapeOf(ranks, 1), shapeOf(1, ranks)]),
  ...[[2, 2], [2, 3], [3, 2], [4, 4], [3, 4], [5, 3], [2, 8], [7, 2]].map(([nodes, g]) => shapeOf(nodes as number, g as number)),
  shapeOf(2, 6, 4), shapeOf(3, 6, 2), shapeOf(4, 6, 1), shapeOf(3, 5, 3), shapeOf(1, 6, 2), shapeOf(5, 2, 1, 1), shapeOf(6, 1, 1, 1), shapeOf(4, 1, 1, 9),
];
const showShape = ({ nodes, devicesPerNode, leaders, chunks }: Required<CollectiveShape>): string => `${nodes} x ${devicesPerNode}, ${leaders} leaders, ${chunks} chunks`;

function sizesOf({ nodes: m, devicesPerNode: g, leaders: L, chunks: c }: Required<CollectiveShape>): Sizes {
  const n = m * g;
  const p = 2 ** Math.floor(Math.log2(n));
  return { m, g, n, p, e: n - p, c, L };
}

const anyShape = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }))
  .map(([nodes, g, leaders, chunks]) => shapeOf(nodes, g, Math.min(g, leaders), chunks));
const bandwidth = fc.double({ min: 8, max: 12, noNaN: true }).map((exponent) => 10 ** exponent);
const latency = fc.double({ min: 0, max: 1e-4, noNaN: true });
const anySpeeds = fc.record({ nodeLink_bytes_per_s: bandwidth, nodeLinkLatency_s: latency, fabric_bytes_per_s: bandwidth, fabricLatency_s: latency, leaderShare: fc.constant(1) });
const anyBytes = fc.double({ min: 0, max: 10, noNaN: true }).map((exponent) => 10 ** exponent);
const anyNetwork: fc.Arbitrary<CollectiveNetwork> = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 16 }), anySpeeds)
  .map(([nodes, devicesPerNode, rates]) => ({ nodes, devicesPerNode, ...rates }));

it("the table names every file of the folder by its id", () => {
  const files = readdirSync(new URL("../../../../model/network/collectives/", import.meta.url)).filter((file) => file.endsWith(".ts") && !["index.ts", "types.ts"].includes(file));
  expect(files.map((file) => file.replace(".ts", "")).toSorted()).toEqual(Object.keys(collectiveAlgorithms).toSorted());
  for (const [id, algorithm] of algorithms) expect(algorithm.id).toBe(id);
});

describe.each(algorithms)("%s", (id, { operation, plan, steps, time, lowerBound_s }) => {
  it("leaves the right data everywhere, with the textbook's bytes and rounds", () => {
    for (const shape of shapes) {
      const sizes = sizesOf(shape);
      expect(runSymbolically(operation, plan(shape, 1e6)), showShape(shape)).toEqual([]);
      const exchange = steps(shape, 1e6);
      expect(exchange.ranks).toBe(sizes.n);
      expect(sentBytes(exchange) / 1e6, showShape(shape)).toBeCloseTo(textbook[id].vectors(sizes), 9);
      expect(exchange.phases.reduce((sum, { repeat }) => sum + repeat, 0), showShape(shape)).toBe(textbook[id].rounds(sizes));
    }
  });

  it("leaves the right data everywhere for shapes drawn at random", () => {
    fc.assert(fc.property(anyShape, (shape) => {
      expect(runSymbolically(operation, plan(shape, 1e6)), showShape(shape)).toEqual([]);
    }), { numRuns: 30 });
  });

  it.each([8, 3e5, 1e8])("takes as long as it says, message by message: %d bytes", (bytes) => {
    for (const shape of shapes) {
      const network = { ...speeds, ...shape };
      const at = showShape(shape);
      const exchange = steps(shape, bytes);
      const { time_s } = time(bytes, network);
      const end_s = Math.max(...simulateExchange(makeTwoLevels(network), inOrder(exchange.ranks), exchange).end_s);
      const closed = textbook[id].closed(sizesOf(shape));
      const apart_s = endOnTwoLevels(exchange, network);
      if (closed === "exact") expect(Math.abs(end_s / time_s - 1), at).toBeLessThan(1e-9);
      if (closed === "exact" || closed === "rounds") expect(Math.abs(apart_s / time_s - 1), at).toBeLessThan(1e-12);
      if (closed === "upper") expect(end_s, at).toBeLessThanOrEqual(time_s * (1 + 1e-9));
      if (closed === "loose") expect(apart_s, at).toBeLessThanOrEqual(time_s * (1 + 1e-12));
      if (closed === "rounds" || closed === "loose") expect(end_s, at).toBeLessThanOrEqual(2 * time_s);
      expect(end_s, at).toBeGreaterThanOrEqual(lowerBound_s(bytes, network) * (1 - 1e-9));
    }
  });

  it("never beats its bound, and its parts are times that do not add up to less", () => {
    fc.assert(fc.property(anyNetwork, anyBytes, (network, bytes) => {
      const answer = time(bytes, network);
      expect(answer.time_s).toBeGreaterThanOrEqual(lowerBound_s(bytes, network) * (1 - 1e-12));
      for (const part of Object.values(answer) as number[]) expect(Number.isFinite(part) && part >= 0).toBe(true);
      expect(answer.time_s).toBeLessThanOrEqual((answer.insideNode_s + answer.betweenNodes_s + answer.latency_s) * (1 + 1e-12));
      if (network.nodes === 1) expect(answer).toMatchObject({ betweenNodes_s: 0, nodeSends_bytes: 0 });
    }));
  });

  it("is never slower with more bandwidth, less latency or fewer bytes", () => {
    fc.assert(fc.property(anyNetwork, anyBytes, fc.double({ min: 1, max: 100, noNaN: true }), (network, bytes, factor) => {
      // A smaller message has fewer chunks to fill a pipeline with, unless their number is held.
      const held = { ...network, chunks: 8 };
      const time_s = time(bytes, held).time_s * (1 + 1e-12);
      const better: Partial<CollectiveNetwork>[] = [
        { nodeLink_bytes_per_s: held.nodeLink_bytes_per_s * factor },
        { fabric_bytes_per_s: held.fabric_bytes_per_s * factor },
        { nodeLinkLatency_s: held.nodeLinkLatency_s / factor },
        { fabricLatency_s: held.fabricLatency_s / factor },
      ];
      for (const change of better) expect(time(bytes, { ...held, ...change }).time_s, JSON.stringify(change)).toBeLessThanOrEqual(time_s);
      expect(time(bytes / factor, held).time_s).toBeLessThanOrEqual(time_s);
    }));
  });

  it("does nothing with one rank or without data", () => {
    const one = shapeOf(1, 1);
    expect(steps(one, 1e6)).toEqual({ ranks: 1, phases: [] });
    expect(runSymbolically(operation, plan(one, 1e6))).toEqual([]);
    expect(time(1e6, { ...speeds, ...one })).toMatchObject({ time_s: 0, nodeSends_bytes: 0 });
    expect(lowerBound_s(1e6, { ...speeds, ...one })).toBe(0);
    expect(steps(shapeOf(3, 2), 0)).toEqual({ ranks: 6, phases: [] });
    expect(time(0, { ...speeds, ...shapeOf(3, 2) })).toMatchObject({ time_s: 0, nodeSends_bytes: 0 });
  });

  it("sends out of the busiest node what it says", () => {
    for (const shape of [shapeOf(4, 1), shapeOf(4, 2), shapeOf(4, 4), shapeOf(8, 2)]) {
      const { devicesPerNode: g, nodes } = shape;
      const out = new Float64Array(nodes);
      for (const { from, to, bytes, repeat } of steps(shape, 1e6).phases) {
        from.forEach((sender, flow) => {
          const node = Math.floor(sender / g);
          if (node !== Math.floor((to[flow] as number) / g)) out[node] = (out[node] as number) + repeat * (bytes[flow] as number);
        });
      }
      const { nodeSends_bytes } = time(1e6, { ...speeds, ...shape });
      expect(nodeSends_bytes).toBeGreaterThanOrEqual(Math.max(...out) * (1 - 1e-9));
    }
  });

  it("names all that is wrong with a shape", () => {
    const wrong = { nodes: 2.5, devicesPerNode: 0, leaders: 3, chunks: 0 };
    let problems: readonly { path: string }[] = [];
    try {
      steps(wrong, Number.NaN);
    } catch (error) {
      if (error instanceof InputError) problems = error.problems;
    }
    expect(problems.map(({ path }) => path)).toEqual(["shape.nodes", "shape.devicesPerNode", "shape.leaders", "shape.chunks", "bytes"]);
  });
});

const inOrder = (ranks: number): Int32Array => Int32Array.from({ length: ranks }, (_, rank) => rank);
const lastEnd_s = (network: CollectiveNetwork, id: CollectiveId, bytes: number): number =>
  Math.max(...simulateExchange(makeTwoLevels(network), inOrder(network.nodes * network.devicesPerNode), collectiveAlgorithms[id].steps(network, bytes)).end_s);

describe("where the closed form idealises", () => {
  it.each([2, 4, 7, 8, 16, 37])("double tree: many small chunks reach the time of endless pipelining, %d nodes", (nodes) => {
    const network = { ...speeds, ...shapeOf(nodes, 1, 1, 1000), fabricLatency_s: 0 };
    const ratio = lastEnd_s(network, "tree", 1e9) / tree.time(1e9, network).time_s;
    expect(ratio).toBeGreaterThan(1 - 1e-9);
    expect(ratio).toBeLessThan(1.005);
  });

  it.each([4, 5, 6, 8, 12, 37])("one tree that is not full: a few percent with eight chunks, %d nodes", (nodes) => {
    const network = { ...speeds, ...shapeOf(nodes, 1, 1, 8) };
    expect(Math.abs(lastEnd_s(network, "binary-tree", 1e8) / collectiveAlgorithms["binary-tree"].time(1e8, network).time_s - 1)).toBeLessThan(0.05);
  });

  it("ring over links that differ: at most the ratio of latencies longer, and hardly for large vectors", () => {
    const network = { ...speeds, ...shapeOf(8, 8) };
    const ratio = (bytes: number): number => lastEnd_s(network, "ring", bytes) / ring.time(bytes, network).time_s;
    expect(ratio(8)).toBeGreaterThan(1);
    expect(ratio(8)).toBeLessThan(speeds.fabricLatency_s / speeds.nodeLinkLatency_s);
    expect(ratio(1e9)).toBeLessThan(1.01);
  });
});

it.each([[3, 3], [4, 2], [2, 5], [5, 1], [1, 5]])("one shift of all ranks takes what its busiest device or node needs, any distance: %d x %d", (nodes, g) => {
  const network = { ...speeds, ...shapeOf(nodes, g) };
  const ranks = nodes * g;
  for (let distance = 1; distance < ranks; distance++) {
    const [tally, bytes] = [startTally(), 1e6];
    addShift(tally, network, 1, distance, bytes);
    const phase = { name: "", repeat: 1, ...makeFlows(ranks, (rank) => rank, (rank) => (rank + distance) % ranks), bytes: new Float64Array(ranks).fill(bytes) };
    const { end_s } = simulateExchange(makeTwoLevels(network), inOrder(ranks), { ranks, phases: [phase] });
    expect(tally.time_s, `${distance} on`).toBeCloseTo(Math.max(...end_s), 12);
  }
});

describe("too many different flows", () => {
  it.each([
    ["all-to-all-pairwise", shapeOf(16384, 8)],
    ["all-to-all-direct", shapeOf(16384, 8)],
    ["all-to-all-hierarchical", shapeOf(16384, 8)],
    ["parameter-server", shapeOf(4560, 6)],
    ["broadcast-pipelined-chain", shapeOf(131072, 1, 1, 1000)],
  ] as const)("are refused before they are made: %s", (id, shape) => {
    expect(() => collectiveAlgorithms[id].steps(shape, 1e9)).toThrow(InputError);
  });
});
