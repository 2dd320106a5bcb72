/** Staging before training: its limits, by hand and by property. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stagingTime, type StagingRequest } from "../../../model/io/staging.ts";
import type { SharedTier } from "../../../model/io/tiers.ts";

const home: SharedTier = { name: "file system", read_bytes_per_s: 1e12, nodeRead_bytes_per_s: 5e9, streamRead_bytes_per_s: null, replicatedRead_bytes_per_s: null, perFile_s: 0, opens_per_s: null, stats_per_s: null, available: 1, readSpread: 0, servers: null };
const request: StagingRequest = {
  mode: "naive", nodes: 1000, samplesPerNode: 1500, datasetSamples: 60_000, sample_bytes: 50e6, samplesPerFile: 1, home, streams: null, nodeReceive_bytes_per_s: 10e9, localWrite_bytes_per_s: 2e9, localCapacity_bytes: null,
};
const share_bytes = request.samplesPerNode * request.sample_bytes;

const anyRequest: fc.Arbitrary<StagingRequest> = fc.record({
  mode: fc.constantFrom("naive", "exchange", "shards"),
  nodes: fc.integer({ min: 1, max: 5000 }),
  samplesPerNode: fc.integer({ min: 1, max: 5000 }),
  datasetSamples: fc.integer({ min: 1, max: 200_000 }),
  sample_bytes: fc.double({ min: 1, max: 1e8, noNaN: true }),
  samplesPerFile: fc.integer({ min: 1, max: 100 }),
  home: fc.record({
    name: fc.constant("file system"),
    read_bytes_per_s: fc.double({ min: 1e9, max: 1e13, noNaN: true }),
    nodeRead_bytes_per_s: fc.double({ min: 1e8, max: 1e11, noNaN: true }),
    streamRead_bytes_per_s: fc.option(fc.double({ min: 1e8, max: 1e10, noNaN: true })),
    replicatedRead_bytes_per_s: fc.option(fc.double({ min: 1e9, max: 1e13, noNaN: true })),
    perFile_s: fc.double({ min: 0, max: 0.1, noNaN: true }),
    opens_per_s: fc.option(fc.double({ min: 1e3, max: 1e7, noNaN: true })),
    stats_per_s: fc.option(fc.double({ min: 1e3, max: 1e7, noNaN: true })),
    available: fc.double({ min: 0.01, max: 1, noNaN: true }),
    readSpread: fc.constant(0),
    servers: fc.constant(null),
  }),
  streams: fc.option(fc.integer({ min: 1, max: 64 })),
  nodeReceive_bytes_per_s: fc.double({ min: 1e8, max: 1e11, noNaN: true }),
  localWrite_bytes_per_s: fc.double({ min: 1e8, max: 1e11, noNaN: true }),
  localCapacity_bytes: fc.option(fc.double({ min: 1e9, max: 1e13, noNaN: true })),
});

describe("stagingTime", () => {
  it("naive: every node reads its share, so a sample is read once for each node that wants it", () => {
    const time = stagingTime(request);
    expect(time).toMatchObject({ copies: 25, read_bytes: 1000 * share_bytes, exchange_s: 0 });
    expect(time.time_s).toBeCloseTo((1000 * share_bytes) / 1e12, 9);
  });

  it("naive, many nodes at the same files: the storage's rate of such reads decides", () => {
    const slow = { ...home, replicatedRead_bytes_per_s: 1e11 };
    expect(stagingTime({ ...request, home: slow }).time_s).toBeCloseTo((1000 * share_bytes) / 1e11, 6);
    // Fewer nodes than copies of the data set need: nobody meets at a file.
    expect(stagingTime({ ...request, nodes: 40, home: slow }).time_s).toBe(stagingTime({ ...request, nodes: 40 }).time_s);
  });

  it("exchange: each sample is read once and the rest comes from peers", () => {
    const time = stagingTime({ ...request, mode: "exchange" });
    expect(time.read_bytes).toBeCloseTo(60_000 * 50e6, 0);
    expect(time.read_s).toBeCloseTo(3, 9);
    expect(time.exchange_s).toBeCloseTo((share_bytes - 3e9) / 10e9, 9);
    expect(time.time_s).toBeCloseTo(37.5, 9);
  });

  it("shards: a node holds its part whatever the plan's samples per node, and all parts are the data set", () => {
    const time = stagingTime({ ...request, mode: "shards" });
    expect(time).toMatchObject({ share_bytes: 60 * 50e6, copies: 1, exchange_s: 0 });
    expect(time.read_bytes).toBeCloseTo(60_000 * 50e6, 0);
    expect(stagingTime({ ...request, mode: "shards", samplesPerNode: 7 })).toEqual(time);
  });

  it("on one node there is nothing to exchange", () => {
    const [naive, exchange] = (["naive", "exchange"] as const).map((mode) => stagingTime({ ...request, mode, nodes: 1 }));
    expect(exchange).toEqual(naive);
  });

  it("opens every file once for each node that copies it", () => {
    const metered = { ...home, opens_per_s: 1e5, stats_per_s: 2e5 };
    expect(stagingTime({ ...request, home: metered }).metadata_s).toBeCloseTo(1.5e6 / 1e5 + 1.5e6 / 2e5, 9);
    expect(stagingTime({ ...request, mode: "exchange", home: metered }).metadata_s).toBeCloseTo(6e4 / 1e5 + 6e4 / 2e5, 9);
  });

  it("small files: opening adds up for one stream and is shared by many", () => {
    const slow = { ...home, perFile_s: 0.01 };
    const [one, many] = [1, 8].map((streams) => stagingTime({ ...request, mode: "shards", sample_bytes: 1e3, home: slow, streams }).read_s);
    expect(one).toBeCloseTo(60 * 0.01 + (60 * 1e3) / 5e9, 9);
    expect(many).toBeCloseTo((60 * 0.01) / 8 + (60 * 1e3) / 5e9, 9);
  });

  it("stages no more than fits", () => {
    expect(stagingTime({ ...request, localCapacity_bytes: 10e9 })).toMatchObject({ share_bytes, held_bytes: 10e9, write_s: 5 });
  });

  it("by exchange never reads more than naively, never more than the data set, and waits no longer where peers send fast", () => {
    fc.assert(fc.property(anyRequest, (one) => {
      const naive = stagingTime({ ...one, mode: "naive" });
      const exchange = stagingTime({ ...one, mode: "exchange", nodeReceive_bytes_per_s: Number.POSITIVE_INFINITY });
      expect(exchange.read_bytes).toBeLessThanOrEqual(naive.read_bytes * (1 + 1e-12));
      expect(exchange.read_bytes).toBeLessThanOrEqual(one.datasetSamples * one.sample_bytes * (1 + 1e-12));
      expect(exchange.time_s).toBeLessThanOrEqual(naive.time_s * (1 + 1e-12));
    }));
  });

  it("is the slowest of its parts, holds no more than it should, and nothing that grows makes it slower", () => {
    fc.assert(fc.property(anyRequest, fc.double({ min: 1, max: 10, noNaN: true }), (one, factor) => {
      const { time_s, read_s, metadata_s, exchange_s, write_s, held_bytes, share_bytes: wanted_bytes } = stagingTime(one);
      expect(time_s).toBe(Math.max(read_s, metadata_s, exchange_s, write_s));
      expect(held_bytes).toBeLessThanOrEqual(wanted_bytes);
      const grown: StagingRequest[] = [
        { ...one, nodeReceive_bytes_per_s: one.nodeReceive_bytes_per_s * factor },
        { ...one, localWrite_bytes_per_s: one.localWrite_bytes_per_s * factor },
        ...(["read_bytes_per_s", "nodeRead_bytes_per_s"] as const).map((key) => ({ ...one, home: { ...one.home, [key]: one.home[key] * factor } })),
        { ...one, home: { ...one.home, available: 1 } },
      ];
      for (const faster of grown) expect(stagingTime(faster).time_s).toBeLessThanOrEqual(time_s * (1 + 1e-12));
    }));
  });
});
