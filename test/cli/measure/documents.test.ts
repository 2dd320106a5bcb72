import { describe, expect, test } from "vitest";
import { makeDevice, type Made } from "../../../cli/measure/device-document.ts";
import { makeMachines } from "../../../cli/measure/machine-document.ts";
import type { MeasurementRow } from "../../../model/schema/measurement.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import { isFact, type Fact } from "../../../model/schema/fact.ts";
import { allReduceRows, makeRow, overlapRows, peakRow, triadRow } from "./fakes.ts";

const host = { name: "tested", cpu: "AMD EPYC 7B13", cores: 4, memory_bytes: 64 * 2 ** 30, kernel: "Linux 6.1", caches: { l2_bytes: 2 ** 19 } };
const basis = (rows: readonly MeasurementRow[]) => ({ id: "tested", host, date: "2026-11-20T10:00:00Z", rows, fits: [] });

const pingPong = makeRow({ benchmark: "mpi-ping-pong", case: { bytes: 8, ranks: 2, link: "loopback" }, work: { bytes: 8 }, median_s: 4e-6 });
const disk = (direction: string, rate: number) => makeRow({ benchmark: "storage-sequential", case: { direction, mode: "direct", block: 2 ** 20, bytes: 2 ** 28 }, work: { bytes: 2 ** 28 }, median_s: 2 ** 28 / rate });

/** Largest all-reduces take bytes / rate, so that 2 ranks reach the rate of the link. */
const everything = [
  peakRow(), peakRow(4), triadRow(2 ** 20), triadRow(), triadRow(2 ** 28, 4),
  makeRow({ benchmark: "gemm", case: { library: "onednn", implementation: "brg:avx512_core_amx_bf16", m: 512, n: 512, k: 512, precision: "bf16", threads: 1 }, work: { flop: 2 * 512 ** 3 }, median_s: 1e-3 }),
  makeRow({ benchmark: "gemm", case: { library: "onednn", implementation: "jit", m: 512, n: 512, k: 512, precision: "fp32", threads: 1 }, work: { flop: 2 * 512 ** 3 }, median_s: 5e-3 }),
  makeRow({ benchmark: "elementwise", case: { operation: "add", elements: 2 ** 25, threads: 1 }, work: { bytes: 8e9 }, median_s: 1 }),
  makeRow({ benchmark: "memcpy", case: { bytes: 2 ** 28, threads: 1 }, work: { bytes: 2 ** 29 }, median_s: 2 ** 29 / 12e9 }),
  disk("read", 1.5e9), disk("write", 1.2e9), pingPong,
  makeRow({ benchmark: "small-files", case: { operation: "read-cold", bytes: 4096 }, work: { bytes: 4096 }, median_s: 120e-6 }),
  ...allReduceRows("loopback", 0, 2e9), ...allReduceRows("100 Mbit/s", 0, 12e6), ...allReduceRows("1 Gbit/s", 0, 120e6), ...allReduceRows("unshaped", 0, 1.6e9),
  ...["loopback", "100 Mbit/s", "1 Gbit/s", "unshaped"].flatMap((link) => overlapRows(link, 2 ** 22, 2 ** 22 / 100e6, 0.5, 0.8)),
];

function factsOf(value: unknown, path = ""): { path: string; fact: Fact }[] {
  if (isFact(value)) return [{ path, fact: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => factsOf(inner, path === "" ? key : `${path}.${key}`));
}

function parsed(kind: "device" | "machine", { document }: Made): Map<string, Fact> {
  const read = parseDocument(kind, document, document.id);
  expect(read.problems).toEqual([]);
  return new Map(factsOf(read.document).map(({ path, fact }) => [path, fact]));
}

function machine(rows: readonly MeasurementRow[], id: string) {
  const made = makeMachines(basis(rows)).find(({ document }) => document.id === id);
  if (!made) throw new Error(`no machine ${id}`);
  return { made, facts: parsed("machine", made) };
}

describe("one core as a device", () => {
  test("rates are work over time, the interval is that of the repeats, widened to 95 %", () => {
    const facts = parsed("device", makeDevice(basis(everything)));
    expect(facts.get("peaks.fp32")).toMatchObject({ value: 1e11, kind: "measured", source: "own-microbenchmarks" });
    expect(facts.get("peaks.fp32")?.low).toBeCloseTo(1e11 * (1 / 1.02) ** (1.96 / 1.2816), -8);
    expect(facts.get("memory.bandwidth")?.value).toBe(1e10);
    expect(facts.get("memory.efficiency")?.value).toBeCloseTo(0.8, 3);
    expect(facts.get("memory.capacity")?.value).toBe(16 * 2 ** 30);
    expect(facts.get("l2")?.value).toBe(2 ** 19);
  });

  test("bf16 is the best product, and counts as matrix units only where the kernel says so", () => {
    const { document } = makeDevice(basis(everything));
    expect(document).toMatchObject({ tensorCores: ["bf16"], peaks: { bf16: { value: "268.4 GF/s" } } });
    const without = everything.filter((row) => row.case["implementation"] !== "brg:avx512_core_amx_bf16");
    expect(makeDevice(basis(without)).document).toMatchObject({ tensorCores: [] });
    expect(makeDevice(basis(without)).document["peaks"]).not.toHaveProperty("bf16");
  });

  test("nothing measured: each fact is assumed with an interval, named, and told", () => {
    const made = makeDevice({ ...basis([]), host: { ...host, caches: {} } });
    const facts = parsed("device", made);
    expect(made.assumed.map(({ path }) => path).toSorted()).toEqual(["l2", "memory.bandwidth", "memory.efficiency", "peaks.fp32"]);
    for (const { path } of made.assumed) expect(facts.get(path)).toMatchObject({ kind: "assumed", low: expect.any(Number), note: expect.stringContaining("assumed") });
  });
});

describe("this host as machines", () => {
  test("cores are devices of one node, joined by what Gloo reaches over loopback", () => {
    const { facts, made } = machine(everything, "tested");
    expect(facts.get("nodes")?.value).toBe(1);
    expect(facts.get("node.devices")?.value).toBe(4);
    // 2 (n-1) / n is 1 for two ranks.
    expect(facts.get("node.deviceLink.bandwidth")?.value).toBeCloseTo(2e9, -7);
    expect(facts.get("node.hostLink.bandwidth")?.value).toBeCloseTo(6e9, -7);
    expect(facts.get("node.localStorage.write")?.value).toBeCloseTo(1.2e9, -7);
    expect(facts.get("fabric.messageOverhead")?.value).toBeCloseTo(2e-6, 9);
    expect(facts.get("fileSystem.perFile")?.value).toBeCloseTo(120e-6, 7);
    expect(made.assumed.map(({ path }) => path)).toEqual(["node.deviceLink.latency", "node.sharedCore.blockingCall", "fabric.latency", "deviceSpread.tail"]);
  });

  test("namespaces: the share of the rate that is reached, over all rates", () => {
    const { facts } = machine(everything, "tested-namespaces");
    expect(facts.get("nodes")?.value).toBe(200);
    expect(facts.get("node.devices")?.value).toBe(1);
    expect(facts.get("node.injection")?.value).toBe(125e6);
    expect(facts.get("fabric.efficiency")?.value).toBeCloseTo(0.96, 3);
    expect(facts.get("fabric.efficiency")?.high).toBeCloseTo(0.96 * 1.005 ** (1.96 / 1.2816), 3);
  });

  test("links without a rate: what the processors move stands for it", () => {
    const { facts } = machine(everything, "tested-namespaces-unshaped");
    expect(facts.get("node.injection")?.value).toBeCloseTo(1.6e9, -7);
    expect(facts.get("fabric.efficiency")?.value).toBe(1);
  });

  test("sharing a core: half the pace beside compute means as much waiting as sending", () => {
    const { facts } = machine(everything, "tested-namespaces");
    expect(facts.get("node.sharedCore.communication")?.value).toBeCloseTo(100e6, -4);
    // 50 MB/s take a fifth of the core.
    expect(facts.get("node.sharedCore.processing")?.value).toBeCloseTo(250e6, -5);
  });

  test("small all-reduces that are waited for give their mean, not the more frequent of two times", () => {
    const row = (bytes: number, mean: number) => {
      const made = makeRow({ benchmark: "gloo-blocking", case: { bytes, ranks: 2, link: "1 Gbit/s", calls: 16 }, work: { bytes }, median_s: 1e-3 });
      return { ...made, time_s: { ...made.time_s, p90: 4e-3, max: 4e-3, mean } };
    };
    const { facts } = machine([...everything, row(256, 2e-3), row(4096, 2.4e-3), row(2 ** 20, 9e-3)], "tested-namespaces");
    expect(facts.get("node.sharedCore.blockingCall")?.value).toBeCloseTo(2.2e-3, 9);
    expect(machine(everything, "tested-namespaces").made.assumed.map(({ path }) => path)).toContain("node.sharedCore.blockingCall");
  });

  test("an all-reduce that is no slower beside compute leaves finite rates", () => {
    const { facts } = machine([...allReduceRows("1 Gbit/s", 0, 120e6), ...overlapRows("1 Gbit/s", 2 ** 22, 0.04, 1.1, 1.3)], "tested-namespaces");
    expect(facts.get("node.sharedCore.communication")?.value).toBeGreaterThan(1e9);
  });

  test("without measurements of links the documents are whole, and say what is assumed", () => {
    const { made, facts } = machine([peakRow()], "tested-namespaces");
    const paths = made.assumed.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["node.hostLink.bandwidth", "node.sharedCore", "fabric.latency", "fabric.efficiency", "fabric.messageOverhead", "fileSystem.read", "fileSystem.perFile"]));
    for (const path of paths.filter((one) => one !== "node.sharedCore")) expect(facts.get(path)?.kind).toBe("assumed");
    expect(makeMachines(basis([peakRow()])).map(({ document }) => document.id)).toEqual(["tested", "tested-namespaces"]);
  });

  test("a host of one core has no link between devices", () => {
    const [only] = makeMachines({ ...basis([peakRow()]), host: { ...host, cores: 1 } });
    expect(only?.document["node"]).not.toHaveProperty("deviceLink");
    expect(parseDocument("machine", only?.document, "tested").problems).toEqual([]);
  });
});
