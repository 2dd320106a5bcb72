/** Shared storage and host memory: published rows of servers, hits of a cache against a cache that is played through. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cacheHits } from "../../../model/io/cache.ts";
import { allClientsRead, bandwidthOfServers, metadataTime, nodeRead, type SharedTier } from "../../../model/io/tiers.ts";
import { drawOrder, seededRandom } from "../../../model/variability/draw.ts";

/** ALCF user guides, docs/aurora/data-management/daos/daos-overview.md: expected bandwidth of DAOS by servers. */
const aurora = [[20, 1], [128, 5], [600, 10], [800, 20], [1024, 30]].map(([servers = 0, rate = 0]) => ({ servers, read_bytes_per_s: rate * 1e12 }));
const tier: SharedTier = { name: "DAOS", read_bytes_per_s: 30e12, nodeRead_bytes_per_s: 20e9, streamRead_bytes_per_s: null, replicatedRead_bytes_per_s: null, perFile_s: 0, opens_per_s: null, stats_per_s: null, available: 1, readSpread: 0, servers: null };

describe("servers", () => {
  it("gives the published rows, whatever their order, and stays between neighbours", () => {
    for (const { servers, read_bytes_per_s } of aurora) expect(bandwidthOfServers(aurora.toReversed(), servers)).toBeCloseTo(read_bytes_per_s, 0);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1500 }), (used) => {
      expect(bandwidthOfServers(aurora, used + 1)).toBeGreaterThanOrEqual(bandwidthOfServers(aurora, used));
      expect(bandwidthOfServers(aurora, used)).toBeLessThanOrEqual(30e12);
    }));
    expect(bandwidthOfServers(aurora, 10)).toBeCloseTo(0.5e12, 0);
  });

  it("a node gets its part of what the servers give, other jobs their share", () => {
    const some = { ...tier, servers: { used: 128, rows: aurora }, available: 0.5 };
    expect(allClientsRead(some)).toBeCloseTo(2.5e12, 0);
    expect(nodeRead(some, 1000, null)).toBeCloseTo(2.5e9, 0);
    expect(nodeRead(some, 1, null)).toBe(20e9);
    expect(nodeRead({ ...tier, streamRead_bytes_per_s: 1e9 }, 1, 4)).toBe(4e9);
  });

  it("metadata servers take the same time for files, whoever opens them", () => {
    expect(metadataTime({ opens_per_s: 1000, stats_per_s: 4000 }, 8000, 1)).toBeCloseTo(10, 12);
    expect(metadataTime({ opens_per_s: null, stats_per_s: null }, 8000, 1)).toBe(0);
  });
});

/** Hits of an LRU cache of so many samples on one of `nodes` nodes that deal `samples` samples anew in every epoch. */
function play(samples: number, nodes: number, kept: number, epochs: number): number {
  const random = seededRandom(7);
  const cache = new Map<number, true>();
  let [hits, reads] = [0, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const sample of drawOrder(samples, random).subarray(0, samples / nodes)) {
      if (epoch > epochs / 3) {
        reads++;
        if (cache.has(sample)) hits++;
      }
      cache.delete(sample);
      cache.set(sample, true);
      if (cache.size > kept) cache.delete(cache.keys().next().value as number);
    }
  }
  return hits / reads;
}

describe("cacheHits", () => {
  it("agrees with a cache played through: one node with its share, and nodes that deal anew", () => {
    for (const share of [0.25, 0.5, 0.8, 0.95]) expect(cacheHits(share, 1), `one node, ${share}`).toBeCloseTo(play(4000, 1, 4000 * share, 12), 2);
    for (const [nodes, shares] of [[4, 0.5], [4, 1.5], [8, 3], [8, 6]] as const) expect(cacheHits(shares, nodes), `${nodes} nodes, ${shares}`).toBeCloseTo(play(16_000, nodes, (16_000 / nodes) * shares, 40), 1.5);
  });

  it("is none without a cache, all with room for all that a node reads, and grows with the cache", () => {
    expect(cacheHits(0, 1)).toBe(0);
    expect(cacheHits(1, 1)).toBe(1);
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0.01, max: 20, noNaN: true }), (nodes, shares) => {
      const hits = cacheHits(shares, nodes);
      expect(hits).toBeGreaterThanOrEqual(0);
      expect(hits).toBeLessThanOrEqual(1);
      expect(cacheHits(shares * 1.1, nodes)).toBeGreaterThanOrEqual(hits - 1e-12);
    }));
  });
});
