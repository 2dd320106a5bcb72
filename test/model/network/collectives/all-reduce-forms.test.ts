/** The closed forms of the all-reduces that stacks name: laws that hold for each of them, then their equations. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allReduceAlgorithms } from "../../../../model/network/collectives/index.ts";
import { allReduceBound_s } from "../../../../model/network/collectives/parts/bounds.ts";
import type { CollectiveNetwork } from "../../../../model/network/collectives/types.ts";

const base: CollectiveNetwork = { nodes: 4560, devicesPerNode: 6, nodeLink_bytes_per_s: 40e9, nodeLinkLatency_s: 3e-6, fabric_bytes_per_s: 15e9, fabricLatency_s: 1.5e-6, leaderShare: 1 };
const bandwidth = fc.double({ min: 8, max: 12, noNaN: true }).map((exponent) => 10 ** exponent);
const latency = fc.double({ min: 0, max: 1e-4, noNaN: true });
const anyNetwork: fc.Arbitrary<CollectiveNetwork> = fc.record({
  nodes: fc.integer({ min: 1, max: 5000 }),
  devicesPerNode: fc.integer({ min: 1, max: 16 }),
  nodeLink_bytes_per_s: bandwidth,
  nodeLinkLatency_s: latency,
  fabric_bytes_per_s: bandwidth,
  fabricLatency_s: latency,
  leaderShare: fc.double({ min: 0.05, max: 2, noNaN: true }),
});
const anyBytes = fc.double({ min: 0, max: 10, noNaN: true }).map((exponent) => 10 ** exponent);

const { ring, hierarchical, tree } = allReduceAlgorithms;

describe.each([ring, hierarchical, tree])("$id", ({ time: allReduce }) => {
  it("costs one device and an empty vector nothing", () => {
    expect(allReduce(1e9, { ...base, nodes: 1, devicesPerNode: 1 })).toMatchObject({ time_s: 0, nodeSends_bytes: 0 });
    expect(allReduce(0, base)).toMatchObject({ time_s: 0, nodeSends_bytes: 0 });
  });

  it("on one node sends nothing out and does not depend on the fabric", () => {
    const one = { ...base, nodes: 1 };
    expect(allReduce(1e9, one)).toMatchObject({ betweenNodes_s: 0, nodeSends_bytes: 0 });
    expect(allReduce(1e9, { ...one, fabric_bytes_per_s: 1, fabricLatency_s: 1 })).toEqual(allReduce(1e9, one));
  });

  it("with one device a node does not depend on the link inside", () => {
    const single = { ...base, devicesPerNode: 1 };
    expect(allReduce(1e9, { ...single, nodeLink_bytes_per_s: Number.POSITIVE_INFINITY, nodeLinkLatency_s: 1 }).time_s).toBeCloseTo(allReduce(1e9, single).time_s, 12);
  });

  it("is never faster than the bound, and every part of it is a time", () => {
    fc.assert(fc.property(anyNetwork, anyBytes, (network, bytes) => {
      const time = allReduce(bytes, network);
      expect(time.time_s).toBeGreaterThanOrEqual(allReduceBound_s(bytes, network) * (1 - 1e-12));
      for (const part of Object.values(time) as number[]) expect(Number.isFinite(part) && part >= 0).toBe(true);
      expect(time.time_s).toBeLessThanOrEqual((time.insideNode_s + time.betweenNodes_s + time.latency_s) * (1 + 1e-12));
    }));
  });

  it("is never slower with more bandwidth, less latency, more leaders or fewer bytes", () => {
    fc.assert(fc.property(anyNetwork, anyBytes, fc.double({ min: 1, max: 100, noNaN: true }), (network, bytes, factor) => {
      const time_s = allReduce(bytes, network).time_s * (1 + 1e-12);
      const { nodeLink_bytes_per_s, fabric_bytes_per_s, nodeLinkLatency_s, fabricLatency_s, leaderShare } = network;
      const better: Partial<CollectiveNetwork>[] = [
        { nodeLink_bytes_per_s: nodeLink_bytes_per_s * factor },
        { fabric_bytes_per_s: fabric_bytes_per_s * factor },
        { nodeLinkLatency_s: nodeLinkLatency_s / factor },
        { fabricLatency_s: fabricLatency_s / factor },
        { leaderShare: leaderShare * factor },
      ];
      for (const change of better) expect(allReduce(bytes, { ...network, ...change }).time_s, JSON.stringify(change)).toBeLessThanOrEqual(time_s);
      expect(allReduce(bytes / factor, network).time_s).toBeLessThanOrEqual(time_s);
    }));
  });

  it("is never faster over more nodes", () => {
    fc.assert(fc.property(anyNetwork, anyBytes, fc.integer({ min: 1, max: 1000 }), (network, bytes, more) => {
      expect(allReduce(bytes, { ...network, nodes: network.nodes + more }).time_s).toBeGreaterThanOrEqual(allReduce(bytes, network).time_s * (1 - 1e-12));
    }));
  });

  it("sends at least 2 (m-1)/m of the vector out of a node, and at most twice the vector", () => {
    fc.assert(fc.property(anyNetwork, anyBytes, (network, bytes) => {
      const { nodeSends_bytes } = allReduce(bytes, network);
      expect(nodeSends_bytes).toBeGreaterThanOrEqual(((2 * bytes * (network.nodes - 1)) / network.nodes) * (1 - 1e-12));
      expect(nodeSends_bytes).toBeLessThanOrEqual(2 * bytes);
    }));
  });

  it("scales: all bandwidths and latencies twice as good halve it", () => {
    fc.assert(fc.property(anyNetwork, anyBytes, (network, bytes) => {
      const { nodeLink_bytes_per_s, fabric_bytes_per_s, nodeLinkLatency_s, fabricLatency_s } = network;
      const twice = { ...network, nodeLink_bytes_per_s: 2 * nodeLink_bytes_per_s, fabric_bytes_per_s: 2 * fabric_bytes_per_s, nodeLinkLatency_s: nodeLinkLatency_s / 2, fabricLatency_s: fabricLatency_s / 2 };
      const { time_s } = allReduce(bytes, network);
      expect(Math.abs(2 * allReduce(bytes, twice).time_s - time_s)).toBeLessThanOrEqual(1e-12 * time_s);
    }));
  });

  it("takes numbers of nodes that are no powers of two in between their neighbours", () => {
    for (const nodes of [3, 5, 6, 7, 100, 4559]) {
      const at = (count: number) => allReduce(1e6, { ...base, nodes: count }).time_s;
      const below = 2 ** Math.floor(Math.log2(nodes));
      expect(at(nodes)).toBeGreaterThanOrEqual(at(below));
      expect(at(nodes)).toBeLessThanOrEqual(at(2 * below));
    }
  });
});

describe("closed forms", () => {
  const bytes = 175e6;

  it("ring over p single-device nodes: 2 (p-1) (S / (p B) + a), Patarasuk and Yuan 2009", () => {
    for (const nodes of [2, 3, 16, 5300]) {
      const network = { ...base, nodes, devicesPerNode: 1 };
      expect(ring.time(bytes, network).time_s).toBeCloseTo(2 * (nodes - 1) * (bytes / nodes / base.fabric_bytes_per_s + base.fabricLatency_s), 12);
    }
  });

  it("ring over several nodes goes at the pace of its slowest link", () => {
    const fast = { ...base, nodeLink_bytes_per_s: 300e9, nodes: 8 };
    expect(ring.time(bytes, fast).time_s).toBeCloseTo(ring.time(bytes, { ...fast, nodeLink_bytes_per_s: 600e9 }).time_s, 12);
    expect(ring.time(bytes, { ...fast, nodeLink_bytes_per_s: 1e9 }).time_s).toBeGreaterThan(2 * bytes / 1e9 * 0.95);
  });

  it("hierarchical: 2 S (g-1)/(g B_in) + 2 S (m-1)/(m B_out) + 2 (g-1) a_in + 2 lg m a_out, Rabenseifner 2004", () => {
    const { time_s } = hierarchical.time(bytes, { ...base, nodes: 1024 });
    expect(time_s).toBeCloseTo((2 * bytes * 5) / 6 / 40e9 + (2 * bytes * 1023) / 1024 / 15e9 + 10 * 3e-6 + 20 * 1.5e-6, 12);
  });

  it("hierarchical with leaders that reach half of the injection takes twice as long between nodes", () => {
    const [all, half] = [1, 0.5].map((leaderShare) => hierarchical.time(bytes, { ...base, leaderShare }));
    expect(half?.betweenNodes_s).toBeCloseTo(2 * (all?.betweenNodes_s ?? 0), 12);
    expect(hierarchical.time(bytes, { ...base, leaderShare: 1.5 })).toEqual(all);
  });

  it("tree: an edge carries the vector once between two nodes, twice between more", () => {
    const sends = (nodes: number) => tree.time(bytes, { ...base, nodes }).nodeSends_bytes;
    expect([1, 2, 3, 4560].map(sends)).toEqual([0, bytes, 2 * bytes, 2 * bytes]);
  });
});
