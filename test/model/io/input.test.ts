/** The input pipeline in steady state: stages by hand, tiers by property. Tokens of a transformer. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputTimes, type InputSupply } from "../../../model/io/input.ts";
import type { SharedTier } from "../../../model/io/tiers.ts";
import { tokenBytes, tokenSupply } from "../../../model/io/tokens.ts";

const home: SharedTier = { name: "file system", read_bytes_per_s: 1.8e12, nodeRead_bytes_per_s: 5e9, streamRead_bytes_per_s: null, replicatedRead_bytes_per_s: null, perFile_s: 0, opens_per_s: null, stats_per_s: null, available: 1, readSpread: 0, servers: null };
const supply: InputSupply = {
  stored_bytes: 60e6, deviceSample_bytes: 60e6, datasetSamples: 60_000, samplesPerDevice: 2, samplesPerFile: 1, devicesPerNode: 6, nodes: 4560, home, staged: { samples: 1500, read_bytes_per_s: 6e9, capacity_bytes: null }, pageCache: null,
  fixedShare: false, workersPerDevice: 4, workerCores: null, decodeSample_s: 60e6 / 400e6, hostLink_bytes_per_s: 50e9, nodeHostLink_bytes_per_s: null, prefetch: null, sizeSpread: 0, decodeSpread: 0,
};

describe("inputTimes", () => {
  it("divides a node's read among its devices, decodes with all workers of a device, copies over its own link", () => {
    const times = inputTimes(supply);
    expect(times.read_s).toBeCloseTo((60e6 * 2 * 6) / 6e9, 12);
    expect(times.decode_s).toBeCloseTo((60e6 * 2) / 1.6e9, 12);
    expect(times.copy_s).toBeCloseTo((60e6 * 2) / 50e9, 12);
  });

  it("from local storage does not depend on the number of nodes, from the file system it does once they are many", () => {
    const read = (nodes: number, staged: InputSupply["staged"]) => inputTimes({ ...supply, nodes, staged }).nodeRead_bytes_per_s;
    expect(read(4560, supply.staged)).toBe(read(1, supply.staged));
    expect(read(1, null)).toBeCloseTo(5e9, 3);
    expect(read(360, null)).toBeCloseTo(5e9, 3);
    expect(read(720, null)).toBeCloseTo(2.5e9, 3);
  });

  it("workers share the cores of a node, and devices its host link", () => {
    expect(inputTimes({ ...supply, workerCores: 12 }).decode_s).toBeCloseTo(inputTimes(supply).decode_s * 2, 12);
    expect(inputTimes({ ...supply, workerCores: 12, devicesPerNode: 1 }).workersPerDevice).toBe(4);
    expect(inputTimes({ ...supply, nodeHostLink_bytes_per_s: 100e9 }).copy_s).toBeCloseTo((60e6 * 2 * 6) / 100e9, 12);
  });

  it("what does not fit the node is read where the data set lies, in every epoch", () => {
    const half = inputTimes({ ...supply, staged: { samples: 1500, read_bytes_per_s: 6e9, capacity_bytes: 750 * 60e6 } });
    expect(half.shares).toEqual({ cache: 0, local: 0.5, shared: 0.5 });
    expect(half.read_s).toBeCloseTo((60e6 * 2 * 6 * 0.5) / (1.8e12 / 4560), 9);
  });

  it("page cache: cold in the first epoch, then as many hits as epochs in random order leave", () => {
    const cached = (pageCache: InputSupply["pageCache"], fixedShare: boolean) => inputTimes({ ...supply, nodes: 100, staged: null, fixedShare, pageCache });
    const share_bytes = (60_000 / 100) * 60e6;
    const whole = cached({ capacity_bytes: share_bytes, read_bytes_per_s: 50e9 }, true);
    expect(whole.shares).toEqual({ cache: 1, local: 0, shared: 0 });
    expect(whole.firstRead_s).toBeCloseTo((60e6 * 12) / 5e9, 9);
    expect(whole.read_s).toBeCloseTo((60e6 * 12) / 50e9, 9);
    // Dealt anew in every epoch, the same cache holds next to nothing of what comes.
    expect(cached({ capacity_bytes: share_bytes, read_bytes_per_s: 50e9 }, false).shares.cache).toBeLessThan(0.01);
  });

  it("small files: opening takes readers' time, and the metadata servers' when many nodes open many", () => {
    const opened = inputTimes({ ...supply, staged: null, nodes: 10, home: { ...home, perFile_s: 0.02 } });
    expect(opened.read_s).toBeCloseTo((60e6 * 12) / 5e9 + (2 * 0.02) / 4, 9);
    const metered = inputTimes({ ...supply, staged: null, nodes: 10, stored_bytes: 100, home: { ...home, opens_per_s: 100 } });
    expect(metered.read_s).toBeCloseTo((2 * 6 * 10) / 100, 9);
  });

  it("proxies of the network take cores from workers as soon as a job has several nodes", () => {
    const one = { ...supply, workerCores: 24, reservedCores: 8, devicesPerNode: 8, workersPerDevice: 8 };
    expect(inputTimes({ ...one, nodes: 1 }).workersPerDevice).toBe(3);
    expect(inputTimes({ ...one, nodes: 2 }).workersPerDevice).toBe(2);
    expect(inputTimes({ ...one, nodes: 2, reservedCores: 0 }).workersPerDevice).toBe(3);
  });

  it("grows in proportion to the batch, and varies less", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 64 }), (samplesPerDevice) => {
      const one = inputTimes({ ...supply, samplesPerDevice: 1, sizeSpread: 0.4 });
      const many = inputTimes({ ...supply, samplesPerDevice, sizeSpread: 0.4 });
      for (const key of ["read_s", "decode_s", "copy_s"] as const) expect(many[key]).toBeCloseTo(one[key] * samplesPerDevice, 9);
      expect(many.readSpread).toBeCloseTo(0.4 / Math.sqrt(samplesPerDevice), 12);
    }));
  });
});

describe("tokens", () => {
  it("two bytes a token up to 65,499 words, as in Megatron-LM's indexed files", () => {
    expect([tokenBytes(50_257), tokenBytes(65_499), tokenBytes(65_500), tokenBytes(128_256)]).toEqual([2, 2, 4, 4]);
  });

  it("a trillion-parameter step needs kilobytes a second where convolutions need gigabytes", () => {
    // GPT-3 175B: 1536 sequences of 2048 tokens in 16 s on 1024 GPUs, 16 readers.
    const tokens = tokenSupply({ tokensPerStep: 1536 * 2048, readers: 16, readersPerNode: 1, nodes: 16, vocabulary: 51_200, step_s: 16, nodeRead_bytes_per_s: 10e9, allRead_bytes_per_s: 500e9, hostLink_bytes_per_s: 25e9 });
    expect(tokens.need_bytes_per_s.machine).toBeCloseTo((1536 * 2048 * 2) / 16, 6);
    expect(tokens.need_bytes_per_s.machine).toBeLessThan(1e6);
    expect(tokens.wait_s).toBe(0);
  });
});
