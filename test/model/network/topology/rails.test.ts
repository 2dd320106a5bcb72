/** Rails: equal ports of a pod's nodes share a leaf; the two numberings turn into each other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../model/problems.ts";
import { makeRailOptimised, type RailOptimisedSpec, type Routing } from "../../../../model/network/topology/index.ts";
import { endpointOf, portOf } from "../../../../model/network/topology/rails.ts";
import { faultsOf, routeOf } from "./walk.ts";

const link = { capacity_bytes_per_s: 10, latency_s: 1e-6 };
const base: RailOptimisedSpec = { pods: 3, nodesPerPod: 4, rails: 2, spines: 2, taper: 1, host: link, link };
const host = (endpoint: number) => `host ${endpoint}`;

it("ports and endpoints are one to one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), (rails, nodesPerPod, pods) => {
      const count = rails * nodesPerPod * pods;
      const ports = Array.from({ length: count }, (_, endpoint) => portOf({ rails, nodesPerPod }, endpoint));
      expect(ports.toSorted((a, b) => a - b)).toEqual(ports.map((_, index) => index));
      expect(ports.map((port) => endpointOf({ rails, nodesPerPod }, port))).toEqual(ports.map((_, index) => index));
    }),
  );
});

describe("a rail-optimised fabric", () => {
  it.each<[string, Routing]>([
    ["deterministic", { kind: "deterministic" }],
    ["hashed", { kind: "ecmp", seed: 5 }],
    ["joined", { kind: "adaptive" }],
  ])("%s: connected; one leaf between equal ports of a pod, a spine for all others", (_what, routing) => {
    const graph = makeRailOptimised({ ...base, routing });
    expect(graph.endpoints).toBe(24);
    expect(faultsOf(graph, host)).toEqual([]);
    for (let to = 1; to < 24; to++) {
      const [pod, rail] = [Math.floor(to / 8), to % 2];
      expect(routeOf(graph, 0, to), `to ${to}`).toHaveLength(pod === 0 && rail === 0 ? 2 : 4);
    }
  });

  it("has a link for each port and for each cable up", () => {
    expect(makeRailOptimised(base).links.count).toBe(2 * 24 + 2 * 6 * 4);
    expect(makeRailOptimised({ ...base, taper: 2, spines: 1 }).links.count).toBe(2 * 24 + 2 * 6 * 2);
  });

  it.each([
    ["a taper that does not divide the pod", { taper: 3 }, "railOptimised.taper"],
    ["spines that do not divide the links up", { spines: 3 }, "railOptimised.spines"],
    ["no rails", { rails: 0 }, "railOptimised.rails"],
  ])("%s is a problem", (_what, change, path) => {
    try {
      makeRailOptimised({ ...base, ...change });
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).problems.map((problem) => problem.path)).toEqual([path]);
    }
  });
});
