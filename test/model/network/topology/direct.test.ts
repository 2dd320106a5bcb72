/** Networks of directly joined routers: dragonfly (and SimGrid's fault in it), dragonfly+, HyperX; and the star. Counts by closed forms, all pairs walked. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../model/problems.ts";
import { makeDragonfly, makeDragonflyPlus, makeHyperX, makeStar, type DragonflyPlusSpec, type DragonflySpec, type HyperXSpec, type NetworkGraph, type Routing } from "../../../../model/network/topology/index.ts";
import { faultOf, faultsOf, routeOf } from "./walk.ts";

const link = { capacity_bytes_per_s: 10, latency_s: 1e-6 };
const trunk = (cables: number, capacity_bytes_per_s = 10) => ({ capacity_bytes_per_s, latency_s: 1e-6, cables });
const host = (endpoint: number) => `host ${endpoint}`;
const size = (max: number) => fc.integer({ min: 1, max });
const routings: fc.Arbitrary<Routing> = fc.oneof(fc.constant<Routing>({ kind: "deterministic" }), fc.constant<Routing>({ kind: "adaptive" }), fc.nat(1e6).map((seed): Routing => ({ kind: "ecmp", seed })));
const kindsOf = (graph: NetworkGraph, from: number, to: number) => routeOf(graph, from, to).map((used) => graph.links.describe(used).kind);
const capacityOf = (graph: NetworkGraph, kinds: readonly string[]) => graph.links.capacity_bytes_per_s.reduce((sum, capacity, used) => sum + (kinds.includes(graph.links.describe(used).kind) ? capacity : 0), 0);

it("a star is one link up and one down for each endpoint", () => {
  const graph = makeStar(5, 10, 1e-6);
  expect(graph.links.count).toBe(10);
  expect(faultsOf(graph, host)).toEqual([]);
  expect(routeOf(graph, 1, 4)).toEqual([1, 9]);
  expect(() => makeStar(0, 0, -1)).toThrow(InputError);
});

describe("a dragonfly", () => {
  const dragonfly = (groups: number, chassis: number, blades: number, hostsPerRouter: number, more: Partial<DragonflySpec> = {}) =>
    makeDragonfly({ groups, chassis, blades, hostsPerRouter, host: link, green: trunk(2), black: trunk(3), blue: trunk(4), ...more });

  it("of any size is connected under every routing, minimal, with trunks for every pair", () => {
    fc.assert(
      fc.property(size(5), size(3), size(4), size(2), routings, fc.boolean(), (groups, chassis, blades, hosts, routing, spreadBlue) => {
        const graph = dragonfly(groups, chassis, blades, hosts, { routing, spreadBlue });
        expect(faultsOf(graph, host)).toEqual([]);
        const routers = groups * chassis * blades;
        const [greens, blacks, blues] = routing.kind === "ecmp" ? [2, 3, 4] : [1, 1, spreadBlue ? 4 : 1];
        if (routing.kind !== "adaptive") expect(graph.links.count).toBe(2 * routers * hosts + routers * (blades - 1) * greens + routers * (chassis - 1) * blacks + groups * (groups - 1) * blues);
      }),
      { numRuns: 60 },
    );
  });

  it("routes green, black, blue, green, black, and skips where it is there already", () => {
    const graph = dragonfly(3, 2, 4, 1);
    // Hosts are routers here: group x 8 + chassis x 4 + blade.
    expect(kindsOf(graph, 0, 2)).toEqual(["host", "green", "host"]);
    expect(kindsOf(graph, 4, 1)).toEqual(["host", "green", "black", "host"]);
    expect(kindsOf(graph, 7, 16 + 7)).toEqual(["host", "green", "black", "blue", "green", "black", "host"]);
    // The link to group 2 sits on router 2 of group 0, and arrives at router 0 of group 2.
    expect(kindsOf(graph, 2, 16)).toEqual(["host", "blue", "host"]);
    expect(graph.links.describe(routeOf(graph, 2, 16)[1] ?? -1)).toEqual({ kind: "blue", from: "router 0/0/2", to: "router 2/0/0" });
  });

  it("whose groups outnumber the routers of one deals the links between groups out in turn", () => {
    const graph = dragonfly(6, 1, 2, 1);
    expect(faultsOf(graph, host)).toEqual([]);
    const gates = [1, 2, 3, 4, 5].map((group) => graph.links.describe(routeOf(graph, 0, group * 2).find((used) => graph.links.describe(used).kind === "blue") ?? -1).from);
    expect(gates).toEqual(["router 0/0/1", "router 0/0/0", "router 0/0/1", "router 0/0/0", "router 0/0/1"]);
  });

  it("may spread the cables between groups over routers, and uses them all", () => {
    const graph = dragonfly(3, 1, 8, 4, { spreadBlue: true });
    const used = new Set(Array.from({ length: 32 }, (_, host) => routeOf(graph, 0, 32 + host).find((one) => graph.links.describe(one).kind === "blue") ?? -1));
    expect([...used].map((one) => graph.links.describe(one).from).toSorted()).toEqual(["router 0/0/0", "router 0/0/1", "router 0/0/2", "router 0/0/3"]);
    expect([...used].map((one) => graph.links.capacity_bytes_per_s[one])).toEqual([10, 10, 10, 10]);
    expect(routeOf(graph, 0, 64).map((one) => graph.links.describe(one).from)).toContain("router 0/0/4");
  });

  it("with SimGrid's fault takes a black link from chassis 0 after a green one, and is right elsewhere", () => {
    const [right, wrong] = [dragonfly(4, 3, 4, 1), dragonfly(4, 3, 4, 1, { simgridChassisBug: true })];
    let differing = 0;
    for (let from = 0; from < 48; from++) {
      for (let to = 0; to < 48; to++) {
        if (from === to) continue;
        const [group, chassis, blade] = [Math.floor(from / 12), Math.floor(from / 4) % 3, from % 4];
        const fault = group === Math.floor(to / 12) && chassis !== 0 && blade !== to % 4;
        if (fault) expect(faultOf(wrong, from, to, host)).toMatch(/not connected|ends at/);
        else expect(routeOf(wrong, from, to)).toEqual(routeOf(right, from, to));
        if (fault) differing++;
      }
    }
    expect(differing).toBe(4 * 8 * 9);
    // From chassis 1 to another blade of chassis 1: green, then black from 0 to 1 although it is there.
    expect(kindsOf(wrong, 4, 5)).toEqual(["host", "green", "black", "host"]);
    expect(wrong.links.describe(routeOf(wrong, 4, 5)[2] ?? -1)).toMatchObject({ from: "router 0/0/1", to: "router 0/1/1" });
    expect(kindsOf(wrong, 4, 1)).toEqual(["host", "green", "host"]);
    expect(() => dragonfly(5, 3, 4, 1, { simgridChassisBug: true })).toThrow(/at most 4/);
  });

  it("joined, keeps the capacity of the links between groups", () => {
    const between = (routing: Routing) => capacityOf(dragonfly(5, 2, 3, 2, { routing }), ["blue", "global"]);
    // Each blue link leaves one group and enters another: joined, it counts as an end out and an end in.
    expect(between({ kind: "adaptive" })).toBeCloseTo(2 * between({ kind: "deterministic" }), 6);
  });

  it.each([
    ["blue", { blue: trunk(0) }],
    ["green", { green: trunk(0) }],
    ["black", { black: trunk(0) }],
  ] as const)("without %s cables does not connect", (colour, more) => {
    try {
      dragonfly(2, 2, 2, 1, more);
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).problems).toEqual([expect.objectContaining({ code: "not-connected", path: `dragonfly.${colour}.cables` })]);
    }
  });
});

describe("a dragonfly+", () => {
  const plus = (groups: number, leaves: number, spines: number, hostsPerLeaf: number, cables: [number, number], routing?: Routing, more: Partial<DragonflyPlusSpec> = {}) =>
    makeDragonflyPlus({ groups, leaves, spines, hostsPerLeaf, host: link, local: trunk(cables[0]), global: trunk(cables[1]), ...(routing ? { routing } : {}), ...more });

  it("of any size is connected under every routing, with its links counted", () => {
    fc.assert(
      fc.property(size(4), size(3), size(3), size(3), fc.tuple(size(2), size(4)), routings, (groups, leaves, spines, hosts, cables, routing) => {
        const graph = plus(groups, leaves, spines, hosts, cables, routing);
        expect(faultsOf(graph, host)).toEqual([]);
        if (routing.kind !== "adaptive") expect(graph.links.count).toBe(2 * groups * leaves * (hosts + spines * cables[0]) + groups * (groups - 1) * cables[1]);
      }),
      { numRuns: 60 },
    );
  });

  it("goes leaf, spine, spine, leaf, and uses all cables between two groups", () => {
    const graph = plus(3, 4, 4, 4, [1, 4]);
    expect(kindsOf(graph, 0, 1)).toEqual(["host", "host"]);
    expect(kindsOf(graph, 0, 5)).toEqual(["host", "leaf-spine", "leaf-spine", "host"]);
    expect(kindsOf(graph, 0, 16)).toEqual(["host", "leaf-spine", "global", "leaf-spine", "host"]);
    const cables = new Set(Array.from({ length: 16 }, (_, index) => routeOf(graph, 0, 16 + index)[2]));
    expect(cables.size).toBe(4);
  });

  it("spreads the cables of a group evenly over its spines", () => {
    const graph = plus(5, 2, 4, 2, [1, 3]);
    const load = new Map<string, number>();
    for (let used = 0; used < graph.links.count; used++) {
      const { kind, from } = graph.links.describe(used);
      if (kind === "global") load.set(from, (load.get(from) ?? 0) + 1);
    }
    // 4 other groups x 3 cables over 4 spines.
    expect([...load.values()]).toEqual(Array.from({ length: 20 }, () => 3));
  });

  it("without cables between groups does not connect; of one group it needs none", () => {
    expect(() => plus(2, 2, 2, 2, [1, 0])).toThrow(/cables between groups/);
    expect(faultsOf(plus(1, 2, 2, 2, [1, 0]), host)).toEqual([]);
  });
});

describe("a HyperX", () => {
  const hyperx = (sizes: number[], hostsPerRouter: number, routing?: Routing, more: Partial<HyperXSpec> = {}) => makeHyperX({ sizes, trunks: sizes.map((_, index) => trunk(index + 1)), hostsPerRouter, host: link, ...(routing ? { routing } : {}), ...more });

  it("of any size is connected under every routing; a way has one link for each dimension that differs", () => {
    fc.assert(
      fc.property(fc.array(size(4), { minLength: 1, maxLength: 3 }), size(2), routings, (sizes, hosts, routing) => {
        const graph = hyperx(sizes, hosts, routing);
        expect(faultsOf(graph, host)).toEqual([]);
        const routers = sizes.reduce((a, b) => a * b, 1);
        if (routing.kind !== "adaptive") {
          expect(graph.links.count).toBe(2 * routers * hosts + sizes.reduce((sum, one, index) => sum + routers * (one - 1) * (routing.kind === "ecmp" ? index + 1 : 1), 0));
          for (let router = 1; router < routers; router++) {
            let [rest, differing] = [router, 0];
            for (const one of sizes) {
              if (rest % one > 0) differing++;
              rest = Math.floor(rest / one);
            }
            expect(routeOf(graph, 0, router * hosts)).toHaveLength(2 + differing);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has trunks of their cables' summed capacity", () => {
    const graph = hyperx([3, 3], 1);
    expect([0, 18].map((used) => graph.links.capacity_bytes_per_s[used])).toEqual([10, 20]);
  });

  it("wants a trunk for every dimension, with cables", () => {
    expect(() => hyperx([3, 3], 1, undefined, { trunks: [trunk(1)] })).toThrow(/one for each of the 2 dimensions/);
    expect(() => hyperx([3, 3], 1, undefined, { trunks: [trunk(1), trunk(0)] })).toThrow(/the routers of dimension 1/);
  });
});
