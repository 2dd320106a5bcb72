/** A machine of imported files: names of devices, figures that the files were written with, what is borrowed and told as such, and every refusal. */
import { describe, expect, it } from "vitest";
import { makeCluster, type ImportedFile } from "../../../calibrate/import/index.ts";
import { matchDevice } from "../../../calibrate/import/device-name.ts";
import type { ImportedRow } from "../../../calibrate/readers/index.ts";
import type { Device } from "../../../model/schema/device.ts";
import type { Machine } from "../../../model/schema/machine.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import { library } from "../../support/library.ts";

const parsed = <K extends "device" | "machine">(kind: K) => Object.entries(library.documents[kind]).map(([id, value]) => parseDocument(kind, value, id).document) as unknown as K extends "device" ? Device[] : Machine[];
const devices = parsed("device");
const machines = parsed("machine");
const named = devices.map(({ id, title, memory }) => ({ id, title, capacity_bytes: memory.capacity.value }));

describe("names of devices", () => {
  it.each([
    ["NVIDIA A100-SXM4-40GB", ["a100-sxm4-40gb"]],
    ["NVIDIA A100-SXM4-80GB", ["a100-sxm4-80gb"]],
    ["NVIDIA H100 80GB HBM3", ["h100-sxm-80gb"]],
    ["NVIDIA H100 PCIe", ["h100-pcie-80gb"]],
    ["Tesla V100-SXM2-16GB", ["v100-sxm2-16gb"]],
    ["Tesla V100-SXM2-32GB", ["v100-sxm2-32gb"]],
    ["Tesla P100-PCIE-16GB", ["p100-pcie-16gb"]],
    ["NVIDIA H200", ["h200-sxm-141gb"]],
    ["NVIDIA H800", ["h800-sxm-80gb"]],
    ["NVIDIA GH200 480GB", ["gh200-96gb"]],
    ["AMD Instinct MI300X", ["mi300x"]],
    ["AMD Instinct MI325X OAM", ["mi325x"]],
    ["NVIDIA A100", ["a100-pcie-80gb", "a100-sxm4-40gb", "a100-sxm4-80gb"]],
    ["mlx5_0", []],
    ["Example GPU", []],
    ["tcp, iface=eth0, speed=40000", []],
  ])("%s", (name, ids) => expect(matchDevice(name, named)).toEqual(ids));
});

const bytes = Array.from({ length: 11 }, (_, index) => 1024 * 4 ** index);

/** Times of a line as nccl-tests would print them. */
function collective(name: string, nodes: number, perNode: number, latency_s: number, bus_bytes_per_s: number, more: Partial<ImportedFile> = {}): ImportedFile {
  const ranks = nodes * perNode;
  const rows = bytes.map((size, index): ImportedRow => ({ line: 20 + index, benchmark: "all-reduce", case: { bytes: size, ranks }, values: { time_s: latency_s + (size * 2 * (ranks - 1)) / ranks / bus_bytes_per_s } }));
  return { name, sha256: name, reader: "nccl-tests", facts: { ranks, nodes, devices: "NVIDIA A100-SXM4-40GB" }, rows, ...more };
}

const file = (name: string, facts: ImportedFile["facts"], ...rows: readonly Omit<ImportedRow, "line">[]): ImportedFile => ({ name, sha256: name, reader: name, facts, rows: rows.map((row, index) => ({ line: index + 1, ...row })) });
const ask = (files: readonly ImportedFile[], told = {}) => makeCluster({ id: "mine", files, devices, machines, told });

function machineOf(files: readonly ImportedFile[], told = {}) {
  const { cluster, problems } = ask(files, told);
  expect(problems).toEqual([]);
  if (!cluster) throw new Error("no machine");
  const { document, problems: found } = parseDocument("machine", cluster.machine, "machines/mine");
  expect(found).toEqual([]);
  for (const calibration of cluster.calibrations) expect(parseDocument("calibration", calibration, calibration.id).problems).toEqual([]);
  return { cluster, machine: document as Machine };
}

describe("figures", () => {
  const inside = collective("one.log", 1, 8, 25e-6, 230e9);
  const between = collective("four.log", 4, 8, 60e-6, 80e9);

  it("of links are those that the times were made with", () => {
    const { machine, cluster } = machineOf([inside, between]);
    expect(machine.node.device).toBe("a100-sxm4-40gb");
    expect(machine.node.devices.value).toBe(8);
    expect(machine.node.deviceLink?.bandwidth.value).toBeCloseTo(230e9, -9);
    expect(machine.node.deviceLink?.latency.value).toBeCloseTo(25e-6, 6);
    expect(machine.node.injection.value).toBeCloseTo(80e9, -9);
    expect(machine.fabric.efficiency.value).toBe(1);
    expect(machine.nodes.low).toBe(4);
    expect(cluster.calibrations.map(({ id, scope }) => [id, scope.machine, scope.library])).toEqual([["mine-all-reduce-one-node", "mine", "nccl"], ["mine-all-reduce-between-nodes", "mine", "nccl"]]);
  });

  it("of two nodes leave it open whether a tree or a ring ran", () => {
    const { injection } = machineOf([collective("two.log", 2, 8, 60e-6, 80e9)]).machine.node;
    expect(injection.high).toBeGreaterThanOrEqual(79.9e9);
    expect(injection.low).toBeLessThanOrEqual((80e9 * 16) / 30 + 1e8);
    expect(injection.value).toBeCloseTo(80e9 * Math.sqrt(16 / 30), -9);
  });

  it("of storage and messages are the best cases, the smallest messages, and time of one task per file", () => {
    const { machine } = machineOf([
      inside,
      file("ior", {}, ...[1, 2, 4].flatMap((nodes) => [0, 1].map((iteration) => ({ benchmark: "ior-read", case: { nodes, iteration }, values: { rate_bytes_per_s: nodes * 3e9 * (nodes === 4 ? 0.5 : 1) + iteration * 1e8 } })))),
      file("mdtest", { nodes: 2 }, { benchmark: "mdtest-file-read", case: { tasks: 64 }, values: { operations_per_s: 32_000 } }),
      file("osu", {}, { benchmark: "osu-latency", case: { bytes: 8 }, values: { time_s: 1.7e-6 } }, { benchmark: "osu-latency", case: { bytes: 0 }, values: { time_s: 1.5e-6 } }),
      file("rate", {}, { benchmark: "osu-message-rate", case: { bytes: 1, pairs: 4 }, values: { messages_per_s: 8e6, rate_bytes_per_s: 8e6 } }),
      file("copies", {}, { benchmark: "cuda-copy-h2d-pinned", case: { bytes: 1024 }, values: { rate_bytes_per_s: 1e9 } }, { benchmark: "cuda-copy-h2d-pinned", case: { bytes: 32e6 }, values: { rate_bytes_per_s: 24e9 } }),
    ]);
    expect(machine.fileSystem.read.value).toBeCloseTo(6.1e9 - 0.05e9, -7);
    expect(machine.fileSystem.nodeRead.value).toBeCloseTo(3.1e9, -7);
    expect(machine.fileSystem.perFile?.value).toBeCloseTo(2e-3, 9);
    expect(machine.fabric.latency.value).toBeCloseTo(1.5e-6, 10);
    expect(machine.fabric.messageOverhead.value).toBeCloseTo(0.5e-6, 10);
    expect(machine.node.hostLink.bandwidth.value).toBeCloseTo(24e9, -7);
  });

  it("that are marked, of one node, or without a number of nodes are not taken", () => {
    const marked = collective("marked.log", 4, 8, 60e-6, 80e9);
    const { machine } = machineOf([{ ...marked, rows: marked.rows.map((row) => ({ ...row, marks: ["in-place" as const] })) }, inside]);
    const { machine: alone } = machineOf([inside]);
    expect(machine.node.injection).toEqual(alone.node.injection);
    const { facts: { nodes: _, ...facts }, ...rest } = between;
    expect(machineOf([{ ...rest, facts }, inside]).machine.node.injection).toEqual(alone.node.injection);
    expect(machineOf([{ ...rest, facts }, inside], { nodes: 4 }).machine.node.injection.value).toBeCloseTo(80e9, -9);
    const oneNode = { ...file("osu", { nodes: 1 }, { benchmark: "osu-latency", case: { bytes: 0 }, values: { time_s: 0.3e-6 } }) };
    expect(machineOf([inside, oneNode]).machine.fabric.latency.kind).toBe("assumed");
  });

  it("that nobody measured are assumed with an interval, their source and the machine they are from", () => {
    const { cluster, machine } = machineOf([inside]);
    expect(cluster.like).toBe("dgx-a100-40gb");
    expect(cluster.assumed.map(({ path }) => path)).toContain("node.injection");
    for (const { reason, source } of cluster.assumed) {
      expect(reason).toMatch(/dgx-a100-40gb/);
      expect(Object.keys(library.sources)).toContain(source);
    }
    const { injection } = machine.node;
    expect([injection.low, injection.high].toSorted((a = 0, b = 0) => a - b)).toEqual([injection.low, injection.high]);
    expect(injection.low).toBeLessThan(injection.value);
    expect(machineOf([inside], { like: "polaris", machineNodes: 100 }).machine.nodes.value).toBe(100);
    expect(machineOf([inside], { like: "polaris" }).cluster.like).toBe("polaris");
  });

  it("of the device stand beside its document", () => {
    const stream = file("babel", { device: "NVIDIA A100-SXM4-40GB" }, { benchmark: "babelstream-triad", case: {}, values: { rate_bytes_per_s: 1.4e12 } });
    const product = file("gemm", {}, { benchmark: "matrix-product", case: { m: 4096, n: 4096, k: 4096, precision: "bf16" }, values: { rate_flop_per_s: 250e12 } });
    const checks = machineOf([stream, product]).cluster.deviceChecks;
    expect(checks.map(({ path }) => path)).toEqual(["device.memory.efficiency", "device.products.ceiling.bf16"]);
    expect(checks[0]?.measured).toBeCloseTo(1.4e12 / 1.555e12, 2);
    expect(checks[1]?.measured).toBeCloseTo(250 / 312, 3);
  });
});

describe("no machine is made", () => {
  const nameless = file("osu", {}, { benchmark: "osu-latency", case: { bytes: 0 }, values: { time_s: 1.5e-6 } });
  it.each([
    ["where no file names a device", [nameless], {}, "missing-device"],
    ["where names mean two devices", [{ ...nameless, facts: { device: "NVIDIA A100" } }], {}, "ambiguous-device"],
    ["where the device told does not exist", [nameless], { device: "a100-sxm4-40g" }, "unknown-name"],
    ["where the machine to be like does not exist", [nameless], { device: "a100-sxm4-40gb", like: "polari" }, "unknown-name"],
    ["where no machine has the device", [nameless], { device: "h100-pcie-80gb" }, "missing-machine"],
  ] as const)("%s", (_, files, told, code) => {
    const { cluster, problems } = ask(files, told);
    expect(cluster).toBeUndefined();
    expect(problems.map((problem) => problem.code)).toEqual([code]);
  });
});
