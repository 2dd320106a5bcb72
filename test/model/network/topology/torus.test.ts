/** Tori: the shorter way round in each dimension, meshes, and twisted tori against distances that a search over the named links finds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../model/problems.ts";
import { makeTorus, type TorusSpec } from "../../../../model/network/topology/index.ts";
import { distancesFrom, faultsOf, routeOf } from "./walk.ts";

const link = { capacity_bytes_per_s: 10, latency_s: 1e-6 };
const host = (endpoint: number) => `host ${endpoint}`;
const torus = (spec: Omit<TorusSpec, "link">) => makeTorus({ link, ...spec });
const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
const digits = (sizes: readonly number[], router: number) => sizes.map((size, index) => Math.floor(router / product(sizes.slice(0, index))) % size);

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).filter((list) => product(list) <= 120);

describe("a torus", () => {
  it("is connected, each dimension the shorter way round, with 2 links for each router and dimension", () => {
    fc.assert(
      fc.property(sizes, (list) => {
        const graph = torus({ sizes: list });
        expect(graph.links.count).toBe(2 * product(list) * list.filter((size) => size > 1).length);
        expect(faultsOf(graph, host)).toEqual([]);
        for (let to = 1; to < graph.endpoints; to++) {
          const expected = digits(list, to).reduce((sum, digit, index) => sum + Math.min(digit, (list[index] ?? 1) - digit), 0);
          expect(routeOf(graph, 0, to)).toHaveLength(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("goes dimension by dimension, forward where both ways round are equal", () => {
    const graph = torus({ sizes: [4, 3] });
    // Links: dimension 0 forward 0-11, back 12-23; dimension 1 forward 24-35, back 36-47. Router = x + 4 y.
    expect(routeOf(graph, 0, 2)).toEqual([0, 1]);
    expect(routeOf(graph, 0, 3)).toEqual([12 + 3]);
    expect(routeOf(graph, 3, 0)).toEqual([3]);
    expect(routeOf(graph, 1, 4 + 2)).toEqual([1, 24 + 2]);
    expect(routeOf(graph, 1, 8 + 0)).toEqual([12 + 0, 36 + 8]);
    expect(graph.links.describe(3)).toEqual({ kind: "axis 0", from: "host 3", to: "host 0" });
    expect(graph.links.describe(36 + 8)).toEqual({ kind: "axis 1", from: "host 0", to: "host 8" });
  });

  it("of any sizes is no longer than a search finds", () => {
    for (const list of [[5, 4], [3, 3, 3], [2, 4, 2]]) {
      const graph = torus({ sizes: list });
      for (let from = 0; from < graph.endpoints; from++) {
        const distances = distancesFrom(graph, host(from));
        for (let to = 0; to < graph.endpoints; to++) if (to !== from) expect(routeOf(graph, from, to).length).toBe(distances.get(host(to)));
      }
    }
  });

  it("with hosts on its routers ends at their links", () => {
    const graph = torus({ sizes: [3, 3], hosts: { perRouter: 2, link } });
    expect(graph.endpoints).toBe(18);
    expect(faultsOf(graph, host)).toEqual([]);
    expect(routeOf(graph, 0, 1)).toHaveLength(2);
    expect(routeOf(graph, 0, 2)).toHaveLength(3);
    expect(graph.links.count).toBe(2 * 9 * 2 + 2 * 18);
  });
});

describe("a mesh", () => {
  it("has no closing links and goes straight", () => {
    const graph = torus({ sizes: [4, 3, 2], open: [0, 2] });
    expect(graph.links.count).toBe(2 * (3 * 3 * 2 + 4 * 3 * 2 + 4 * 3));
    expect(faultsOf(graph, host)).toEqual([]);
    expect(routeOf(graph, 0, 3)).toHaveLength(3);
    expect(routeOf(graph, 0, 8)).toHaveLength(1);
    expect(routeOf(graph, 0, 23)).toHaveLength(3 + 1 + 1);
  });
});

describe("a twisted torus", () => {
  const cases: [what: string, spec: Omit<TorusSpec, "link">][] = [
    ["4 x 8 by 4", { sizes: [4, 8], twists: [{ dimension: 0, along: 1, by: 4 }] }],
    ["3 x 6 by 3, the long side first", { sizes: [6, 3], twists: [{ dimension: 1, along: 0, by: 3 }] }],
    ["2 x 2 x 4, both short sides", { sizes: [2, 2, 4], twists: [{ dimension: 0, along: 2, by: 2 }, { dimension: 1, along: 2, by: 2 }] }],
    ["4 x 4 x 8, both short sides", { sizes: [4, 4, 8], twists: [{ dimension: 0, along: 2, by: 4 }, { dimension: 1, along: 2, by: 4 }] }],
    ["2 x 4 x 4, the short side along both", { sizes: [2, 4, 4], twists: [{ dimension: 0, along: 1, by: 2 }, { dimension: 0, along: 2, by: 2 }] }],
    ["an odd one", { sizes: [3, 5], twists: [{ dimension: 0, along: 1, by: 2 }] }],
    ["with an open dimension", { sizes: [3, 6, 2], open: [2], twists: [{ dimension: 0, along: 1, by: 3 }] }],
  ];

  it.each(cases)("%s: connected, and as short as a search finds", (_what, spec) => {
    const graph = torus(spec);
    expect(faultsOf(graph, host)).toEqual([]);
    for (const from of [0, 1, graph.endpoints - 1]) {
      const distances = distancesFrom(graph, host(from));
      for (let to = 0; to < graph.endpoints; to++) if (to !== from) expect(routeOf(graph, from, to).length, `${from} to ${to}`).toBe(distances.get(host(to)));
    }
  });

  it("brings the far corner nearer than the plain one", () => {
    const mean = (spec: Omit<TorusSpec, "link">) => {
      const graph = torus(spec);
      let sum = 0;
      for (let to = 1; to < graph.endpoints; to++) sum += routeOf(graph, 0, to).length;
      return sum / (graph.endpoints - 1);
    };
    expect(mean({ sizes: [4, 8], twists: [{ dimension: 0, along: 1, by: 4 }] })).toBeLessThan(mean({ sizes: [4, 8] }));
  });

  it.each([
    ["along a twisted dimension", [{ dimension: 0, along: 1, by: 1 }, { dimension: 1, along: 0, by: 1 }], ["torus.twists[0].along", "torus.twists[1].along"]],
    ["along itself", [{ dimension: 0, along: 0, by: 1 }], ["torus.twists[0].along"]],
    ["by all of it", [{ dimension: 0, along: 1, by: 4 }], ["torus.twists[0].by"]],
    ["of a dimension that is not there", [{ dimension: 5, along: 1, by: 1 }], ["torus.twists[0].dimension"]],
  ])("%s is a problem", (_what, twists, paths) => {
    try {
      torus({ sizes: [4, 4], twists });
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).problems.map(({ path }) => path)).toEqual(paths);
    }
  });
});
