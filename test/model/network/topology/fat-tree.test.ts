/** Fat trees: counts by closed forms, d-mod-k by hand (PHYSICS: port up by the destination, cable down by a scan that goes on), ECMP, joined links. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../model/problems.ts";
import { makeFatTree, sizeFatTree, type FatTreeLevel, type Routing } from "../../../../model/network/topology/index.ts";
import { faultsOf, routeOf } from "./walk.ts";

const link = { capacity_bytes_per_s: 10, latency_s: 1e-6 };
const levels = (down: number[], up: number[], cables: number[]): FatTreeLevel[] => down.map((count, index) => ({ ...link, down: count, up: up[index] ?? 1, cables: cables[index] ?? 1 }));
const tree = (down: number[], up: number[], cables: number[], routing?: Routing) => makeFatTree({ levels: levels(down, up, cables), ...(routing ? { routing } : {}) });
const host = (endpoint: number) => `host ${endpoint}`;

describe("d-mod-k", () => {
  it("two levels, two cables: ports and cables as worked out by hand", () => {
    // 16 hosts, 4 leaves, 2 spines; links 0-15 host up, 16-31 host down, 32-47 leaf up, 48-63 leaf down.
    const graph = tree([4, 4], [1, 2], [1, 2]);
    expect(graph.endpoints).toBe(16);
    expect(graph.links.count).toBe(64);
    expect(routeOf(graph, 0, 3)).toEqual([0, 19]);
    expect(routeOf(graph, 0, 5)).toEqual([0, 34, 54, 21]);
    expect(routeOf(graph, 1, 6)).toEqual([1, 33, 53, 22]);
    expect(graph.links.describe(34)).toEqual({ kind: "leaf-spine", from: "leaf 0", to: "spine 1" });
    expect(graph.links.describe(53)).toEqual({ kind: "leaf-spine", from: "spine 0", to: "leaf 1" });
  });

  it("three levels: the ways of a destination's digits", () => {
    const graph = tree([2, 2, 2], [1, 2, 2], [1, 1, 1]);
    expect(graph.links.count).toBe(2 * (8 + 8 + 8));
    expect(routeOf(graph, 0, 7)).toEqual([0, 17, 35, 47, 31, 15]);
    expect(routeOf(graph, 0, 1)).toEqual([0, 9]);
    expect(graph.links.describe(35)).toEqual({ kind: "spine-core", from: "spine 1", to: "core 3" });
  });

  it("the scan for a cable goes on in the child where it is not at its end", () => {
    // Two leaves of two hosts, two cables to each host.
    const graph = tree([2, 2], [1, 1], [2, 1]);
    // Links: host up 0-7, host down 8-15, leaf up 16-17, leaf down 18-19. Down to leaf 1 takes port 1 of 2; the scan goes on at port 2 of the leaf's 4.
    expect(routeOf(graph, 0, 2)).toEqual([0, 16, 19, 13]);
    expect(routeOf(graph, 0, 3)).toEqual([1, 16, 19, 15]);
  });

  it("sends all traffic to one destination over one port up of each switch", () => {
    const graph = tree([4, 4, 2], [1, 4, 4], [1, 1, 1]);
    for (const to of [0, 9, 31]) {
      const ups = new Set<string>();
      for (let from = 0; from < 32; from++) if (from >> 2 !== to >> 2) ups.add(graph.links.describe(routeOf(graph, from, to)[1] ?? -1).to.replace("spine ", ""));
      // At most one spine in each half of the tree.
      expect(ups.size).toBeLessThanOrEqual(2);
    }
  });
});

const shapes = fc.integer({ min: 1, max: 3 }).chain((count) =>
  fc.tuple(...["down", "up", "cables"].map((key) => fc.array(fc.integer({ min: 1, max: key === "cables" ? 3 : 4 }), { minLength: count, maxLength: count })) as [fc.Arbitrary<number[]>, fc.Arbitrary<number[]>, fc.Arbitrary<number[]>]),
);
const routings: fc.Arbitrary<Routing> = fc.oneof(fc.constant<Routing>({ kind: "deterministic" }), fc.constant<Routing>({ kind: "adaptive" }), fc.nat(1e6).map((seed): Routing => ({ kind: "ecmp", seed })));

describe("any fat tree", () => {
  it("has connected ways of the textbook's length under every routing", () => {
    fc.assert(
      fc.property(shapes, routings, ([down, up, cables], routing) => {
        const graph = tree(down, up, cables, routing);
        expect(faultsOf(graph, host)).toEqual([]);
        for (let to = 1; to < graph.endpoints; to++) {
          let [level, below] = [0, 1];
          while (Math.floor(to / below) > 0) below *= down[level++] ?? 1;
          expect(routeOf(graph, 0, to)).toHaveLength(2 * level);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has as many links as switches have ports", () => {
    fc.assert(
      fc.property(shapes, ([down, up, cables]) => {
        let expected = 0;
        for (let level = 0; level < down.length; level++) {
          // Down ports of the switches above: each has down x cables of them.
          const switches = up.slice(0, level + 1).reduce((a, b) => a * b, 1) * down.slice(level + 1).reduce((a, b) => a * b, 1);
          expected += 2 * switches * (down[level] ?? 0) * (cables[level] ?? 0);
        }
        expect(tree(down, up, cables).links.count).toBe(expected);
      }),
    );
  });

  it("joined, keeps the capacity of every level", () => {
    fc.assert(
      fc.property(shapes, ([down, up, cables]) => {
        const sum = (routing: Routing) => tree(down, up, cables, routing).links.capacity_bytes_per_s.reduce((a, b) => a + b, 0);
        expect(sum({ kind: "adaptive" })).toBeCloseTo(sum({ kind: "deterministic" }), 6);
      }),
    );
  });
});

describe("ECMP", () => {
  const graph = (seed: number) => tree([8, 8], [1, 8], [1, 1], { kind: "ecmp", seed });
  const all = (seed: number, label?: number) => Array.from({ length: 64 * 64 }, (_, pair) => (pair % 65 === 0 ? [] : routeOf(graphs[seed] ?? graph(seed), pair >> 6, pair & 63, label)));
  const graphs = [graph(0), graph(1)];

  it("is the same for the same seed and label, and another one for others", () => {
    expect(all(0)).toEqual(all(0));
    expect(all(0, 0)).toEqual(all(0));
    const differs = (first: number[][], second: number[][]) => first.filter((way, index) => way.join() !== second[index]?.join()).length / first.length;
    // Of the pairs in different leaves (7/8) another draw of 8 ways changes 7/8.
    expect(differs(all(0), all(1))).toBeCloseTo(49 / 64, 1);
    expect(differs(all(0), all(0, 1))).toBeCloseTo(49 / 64, 1);
  });

  it("spreads flows as chance does", () => {
    const load = new Map<number, number>();
    for (const way of all(0)) if (way.length === 4) load.set(way[1] ?? -1, (load.get(way[1] ?? -1) ?? 0) + 1);
    expect(load.size).toBe(64);
    // 448 flows of a leaf over 8 uplinks: chi-square over 64 uplinks has 56 degrees of freedom, sd about 10.6.
    const chi = [...load.values()].reduce((sum, flows) => sum + (flows - 56) ** 2 / 56, 0);
    expect(chi).toBeGreaterThan(20);
    expect(chi).toBeLessThan(105);
  });

  it("lets a permutation collide that d-mod-k carries without a collision", () => {
    const most = (routing: Routing) => {
      const network = tree([8, 8], [1, 8], [1, 1], routing);
      const load = new Int32Array(network.links.count);
      for (let from = 0; from < 64; from++) for (const used of routeOf(network, from, (from + 8) % 64)) load[used] = (load[used] ?? 0) + 1;
      return Math.max(...load);
    };
    expect(most({ kind: "deterministic" })).toBe(1);
    expect(most({ kind: "ecmp", seed: 3 })).toBeGreaterThan(1);
  });
});

describe("a fat tree by radix, stages and taper", () => {
  it.each([
    ["two levels that do not block", { radix: 40, stages: 2, taper: 1 }, 800, [20, 40], [1, 20]],
    ["two levels, two to one", { radix: 48, stages: 2, taper: 2 }, 320, [32, 10], [1, 16]],
    ["three levels", { radix: 36, stages: 3, taper: 1 }, 9216, [18, 18, 29], [1, 18, 18]],
    ["one switch", { radix: 8, stages: 1, taper: 1 }, 8, [8], [1]],
  ])("%s", (_what, sizes, ports, down, up) => {
    const sized = sizeFatTree(sizes, ports, 1, link, link, "fabric");
    expect(sized.problems).toEqual([]);
    expect(sized.levels.map((level) => level.down)).toEqual(down);
    expect(sized.levels.map((level) => level.up)).toEqual(up);
    expect(down.reduce((a, b) => a * b, 1)).toBeGreaterThanOrEqual(ports);
  });

  it.each([
    ["that is too small", { radix: 8, stages: 2, taper: 1 }, 33, "too-small", "fabric.radix"],
    ["of one switch that is too small", { radix: 8, stages: 1, taper: 1 }, 9, "too-small", "fabric.radix"],
    ["whose taper does not divide the radix", { radix: 10, stages: 2, taper: 2 }, 10, "does-not-divide", "fabric.taper"],
    ["of four levels", { radix: 10, stages: 4, taper: 1 }, 10, "wrong-value", "fabric.stages"],
  ])("%s is a problem", (_what, sizes, ports, code, path) => {
    expect(sizeFatTree(sizes, ports, 1, link, link, "fabric").problems).toEqual([expect.objectContaining({ code, path })]);
  });
});

it("tells everything that is wrong with a tree at once", () => {
  const spec = { levels: [{ ...link, down: 0, up: 1, cables: 1 }, { capacity_bytes_per_s: 0, latency_s: -1, down: 2, up: 1.5, cables: 1 }] };
  try {
    makeFatTree(spec);
    expect.unreachable();
  } catch (error) {
    expect((error as InputError).problems.map(({ path }) => path)).toEqual(["fatTree.levels[0].down", "fatTree.levels[1].up", "fatTree.levels[1].bandwidth", "fatTree.levels[1].latency"]);
  }
});
