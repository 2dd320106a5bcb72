/** Staging before training and the input pipeline in training: their limits, by hand and by property. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputTimes, type InputSupply } from "../../../model/io/input.ts";
import { stagingTime, type StagingRequest } from "../../../model/io/staging.ts";

const request: StagingRequest = {
  mode: "naive", nodes: 1000, samplesPerNode: 1500, datasetSamples: 60_000, sample_bytes: 50e6,
  fileSystemRead_bytes_per_s: 1e12, fileSystemNodeRead_bytes_per_s: 5e9, nodeReceive_bytes_per_s: 10e9, localWrite_bytes_per_s: 2e9,
};
const share_bytes = request.samplesPerNode * request.sample_bytes;

const anyRequest: fc.Arbitrary<StagingRequest> = fc.record({
  mode: fc.constantFrom("naive", "exchange"),
  nodes: fc.integer({ min: 1, max: 5000 }),
  samplesPerNode: fc.integer({ min: 0, max: 5000 }),
  datasetSamples: fc.integer({ min: 1, max: 200_000 }),
  sample_bytes: fc.double({ min: 1, max: 1e8, noNaN: true }),
  fileSystemRead_bytes_per_s: fc.double({ min: 1e9, max: 1e13, noNaN: true }),
  fileSystemNodeRead_bytes_per_s: fc.double({ min: 1e8, max: 1e11, noNaN: true }),
  nodeReceive_bytes_per_s: fc.double({ min: 1e8, max: 1e11, noNaN: true }),
  localWrite_bytes_per_s: fc.double({ min: 1e8, max: 1e11, noNaN: true }),
});

describe("stagingTime", () => {
  it("naive: every node reads its share, so a sample is read once for each node that wants it", () => {
    const time = stagingTime(request);
    expect(time).toMatchObject({ copies: 25, read_bytes: 1000 * share_bytes, exchange_s: 0 });
    expect(time.read_s).toBeCloseTo((1000 * share_bytes) / 1e12, 9);
    expect(time.time_s).toBeCloseTo(75, 9);
  });

  it("exchange: each sample is read once and the rest comes from peers", () => {
    const time = stagingTime({ ...request, mode: "exchange" });
    expect(time.read_bytes).toBeCloseTo(60_000 * 50e6, 0);
    expect(time.read_s).toBeCloseTo(3, 9);
    expect(time.exchange_s).toBeCloseTo((share_bytes - 3e9) / 10e9, 9);
    expect(time.write_s).toBeCloseTo(37.5, 9);
    expect(time.time_s).toBeCloseTo(37.5, 9);
  });

  it("on one node there is nothing to exchange", () => {
    const [naive, exchange] = (["naive", "exchange"] as const).map((mode) => stagingTime({ ...request, mode, nodes: 1 }));
    expect(exchange).toEqual(naive);
  });

  it("by exchange never reads more than naively, never more than the data set, and waits no longer where peers send fast", () => {
    fc.assert(fc.property(anyRequest, (one) => {
      const naive = stagingTime({ ...one, mode: "naive" });
      const exchange = stagingTime({ ...one, mode: "exchange", nodeReceive_bytes_per_s: Number.POSITIVE_INFINITY });
      expect(exchange.read_bytes).toBeLessThanOrEqual(naive.read_bytes);
      expect(exchange.read_bytes).toBeLessThanOrEqual(one.datasetSamples * one.sample_bytes * (1 + 1e-12));
      expect(exchange.time_s).toBeLessThanOrEqual(naive.time_s);
    }));
  });

  it("is at least each of its limits, and more bandwidth never makes it slower", () => {
    fc.assert(fc.property(anyRequest, fc.double({ min: 1, max: 10, noNaN: true }), (one, factor) => {
      const { time_s, read_s, exchange_s, write_s } = stagingTime(one);
      expect(time_s).toBe(Math.max(read_s, exchange_s, write_s));
      expect(write_s).toBeCloseTo((one.samplesPerNode * one.sample_bytes) / one.localWrite_bytes_per_s, 9);
      for (const key of ["fileSystemRead_bytes_per_s", "fileSystemNodeRead_bytes_per_s", "nodeReceive_bytes_per_s", "localWrite_bytes_per_s"] as const) {
        expect(stagingTime({ ...one, [key]: one[key] * factor }).time_s, key).toBeLessThanOrEqual(time_s);
      }
    }));
  });
});

const supply: InputSupply = {
  stored_bytes: 60e6, deviceSample_bytes: 60e6, samplesPerDevice: 2, samplesPerFile: 1, perFile_s: 0, devicesPerNode: 6, nodes: 4560, localRead_bytes_per_s: 6e9,
  fileSystemRead_bytes_per_s: 1.8e12, fileSystemNodeRead_bytes_per_s: 5e9, workersPerDevice: 4, decodeSample_s: 60e6 / 400e6, hostLink_bytes_per_s: 50e9,
};

describe("inputTimes", () => {
  it("divides a node's read among its devices, decodes with all workers of a device, copies over its own link", () => {
    const times = inputTimes(supply);
    expect(times.read_s).toBeCloseTo((60e6 * 2 * 6) / 6e9, 12);
    expect(times.decode_s).toBeCloseTo((60e6 * 2) / 1.6e9, 12);
    expect(times.copy_s).toBeCloseTo((60e6 * 2) / 50e9, 12);
  });

  it("from local storage does not depend on the number of nodes, from the file system it does once they are many", () => {
    const read = (nodes: number, localRead_bytes_per_s: number | null) => inputTimes({ ...supply, nodes, localRead_bytes_per_s }).nodeRead_bytes_per_s;
    expect(read(4560, 6e9)).toBe(read(1, 6e9));
    expect(read(1, null)).toBe(5e9);
    expect(read(360, null)).toBe(5e9);
    expect(read(720, null)).toBe(2.5e9);
  });

  it("grows in proportion to the batch", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 64 }), (samplesPerDevice) => {
      const one = inputTimes({ ...supply, samplesPerDevice: 1 });
      const many = inputTimes({ ...supply, samplesPerDevice });
      for (const key of ["read_s", "decode_s", "copy_s"] as const) expect(many[key]).toBeCloseTo(one[key] * samplesPerDevice, 9);
    }));
  });
});
