/** Execution traces: Chakra in every schema, binary and JSON, and PyTorch's own; values of the fixtures by hand. */
import { describe, expect, it } from "vitest";
import type { Imported, Reader } from "../../../calibrate/readers/index.ts";
import { packedVarints, readFields, readVarint, textOfBytes } from "../../../calibrate/readers/protobuf.ts";
import { chakra, chakraJson } from "../../../calibrate/readers/traces/chakra.ts";
import { pytorchExecution } from "../../../calibrate/readers/traces/pytorch-execution.ts";
import { splitMessages } from "../../../calibrate/readers/traces/split-messages.ts";
import { fixtureFolder, load, readFileWith } from "../../support/log-files.ts";

const read = (reader: Reader, name: string): Imported => readFileWith(reader, load(fixtureFolder, `${reader.id}/${name}`));
const rowsOf = ({ rows }: Imported, benchmark: string) => rows.filter((row) => row.benchmark === benchmark).map(({ line, case: given, values }): Record<string, unknown> => ({ line, ...given, ...rounded(values) }));
const rounded = (values: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toPrecision(12))]));

describe("Chakra, binary", () => {
  it("reads nodes with durations, places and packed dependencies; the host's call of a collective is none", () => {
    const trace = read(chakra, "current.et");
    expect(trace.facts).toMatchObject({ version: "0.0.4", schema: "1.1.0-chakra.0.0.4", pid: 4242, nodes: 6, dependencies: 9, dependenciesOutside: 1 });
    // The first message holds the metadata, so the first node is the second record.
    expect(rowsOf(trace, "chakra-operation").slice(0, 3)).toEqual([
      { line: 2, kind: "compute", name: "aten::mm", place: "host", time_s: 50e-6, total_s: 50e-6, least_s: 50e-6, most_s: 50e-6, call_count: 1 },
      { line: 3, kind: "compute", name: "ampere_gemm", place: "device", time_s: 150e-6, total_s: 300e-6, least_s: 100e-6, most_s: 200e-6, call_count: 2 },
      { line: 4, kind: "collective", name: "c10d::allreduce_", place: "host", time_s: 30e-6, total_s: 30e-6, least_s: 30e-6, most_s: 30e-6, call_count: 1 },
    ]);
    // The type of the second is a zigzag number: 4 on the wire is 2, an all-gather.
    expect(rowsOf(trace, "chakra-collective").map(({ operation, bytes, group, time_s }) => [operation, bytes, group, time_s])).toEqual([["all-reduce", 4_194_304, "0", 400e-6], ["all-gather", 1_048_576, undefined, 100e-6]]);
  });

  it("reads attributes with a type beside them, whose collectives are numbered otherwise", () => {
    const trace = read(chakra, "typed-attributes.et");
    expect(trace.facts).toMatchObject({ schema: "0.0.3", nodes: 3, dependencies: 2 });
    expect(rowsOf(trace, "chakra-collective")).toEqual([{ line: 3, operation: "all-to-all", bytes: 65_536, call_count: 1 }]);
    expect(rowsOf(trace, "chakra-operation").map(({ name, time_s, total_flop }) => [name, time_s, total_flop])).toEqual([["layer1", 250e-6, undefined], ["layer1_comm", undefined, undefined], ["layer2", undefined, 1e6]]);
  });

  it("reads the first graphs, which have no metadata", () => {
    const trace = read(chakra, "first-graph.et");
    expect(rowsOf(trace, "chakra-collective").map(({ line, operation, bytes }) => [line, operation, bytes])).toEqual([[2, "all-reduce", 8192], [3, "reduce-scatter", 4096]]);
    expect(rowsOf(trace, "chakra-operation")[0]).toMatchObject({ line: 1, kind: "compute", time_s: 120e-6, total_flop: 500 });
  });

  it("tells where a trace is cut off", () => {
    expect(read(chakra, "cut-off.et").problems).toEqual([{ line: 7, got: "44 bytes", expected: "the end of a message: the trace is cut off" }]);
  });
});

describe("Chakra, JSON", () => {
  it("reads a workload graph; a kernel that names no type is known by its name", () => {
    const trace = read(chakraJson, "workload-graph.json");
    expect(trace.facts).toMatchObject({ ranks: 4, workload_name: "mlp", dependenciesOutside: 1 });
    expect(rowsOf(trace, "chakra-collective").map(({ operation, bytes, time_s }) => [operation, bytes, time_s])).toEqual([["reduce-scatter", 32_768, 80e-6], ["all-reduce", undefined, 60e-6]]);
  });

  it("reads protobuf's own form: object after object, numbers as text", () => {
    const trace = read(chakraJson, "protobuf.json");
    expect(trace.facts).toMatchObject({ version: "0.0.4", schema: "1.1.0", nodes: 2 });
    expect(rowsOf(trace, "chakra-collective")).toEqual([{ line: 24, operation: "all-reduce", bytes: 2048, time_s: 40e-6, total_s: 40e-6, least_s: 40e-6, most_s: 40e-6, call_count: 1 }]);
    expect(trace.problems).toEqual([]);
  });
});

describe("PyTorch execution traces", () => {
  it("count operations and collectives with sizes, in flat fields and in attributes", () => {
    const flat = read(pytorchExecution, "flat-fields.json");
    expect(rowsOf(flat, "execution-operation").map(({ name, call_count }) => [name, call_count])).toContainEqual(["aten::mm", 2]);
    // Two tensors of 64 elements of four bytes.
    expect(rowsOf(flat, "execution-collective").map(({ operation, elements, bytes }) => [operation, elements, bytes])).toEqual([["all-reduce", 128, 512]]);
    const later = read(pytorchExecution, "attributes.json");
    expect(rowsOf(later, "execution-collective").map(({ operation, bytes, groupSize }) => [operation, bytes, groupSize])).toEqual([["all-gather", 512, 8]]);
    expect(later.facts).toMatchObject({ schema: "1.1.1-chakra.0.0.4", nodes: 3 });
    expect(read(pytorchExecution, "cut-off.json").problems[0]?.expected).toMatch(/cut off/);
  });
});

describe("protocol buffers", () => {
  it("reads varints, negative ones, and text", () => {
    expect(readVarint(Uint8Array.of(0x96, 0x01), 0)).toEqual({ value: 150, end: 2 });
    expect(readVarint(Uint8Array.of(0x96), 0)).toBeUndefined();
    const ten = (first: number) => readVarint(Uint8Array.of(first, 255, 255, 255, 255, 255, 255, 255, 255, 1), 0)?.value;
    expect([ten(255), ten(254)]).toEqual([-1, -2]);
    expect(packedVarints(Uint8Array.of(3, 0x8e, 0x02, 0x9e, 0xa7, 0x05))).toEqual([3, 270, 86_942]);
    expect(textOfBytes(Buffer.from("Größe 模 😀"))).toBe("Größe 模 😀");
    expect(readFields(Uint8Array.of(0x08, 0x96, 0x01, 0x12, 0x05, 0x41)).broken).toBe(true);
  });

  it("splits messages whatever the pieces, and tells of a length that none has", () => {
    const bytes = Uint8Array.of(2, 10, 11, 0, 1, 12);
    for (const size of [1, 2, 6]) {
      const found: number[][] = [];
      const messages = splitMessages((message) => found.push([...message]));
      for (let at = 0; at < bytes.length; at += size) messages.write(bytes.subarray(at, at + size));
      expect(found).toEqual([[10, 11], [], [12]]);
      expect(messages.end()).toEqual({ count: 3, damaged: false, rest: 0 });
    }
    const damaged = splitMessages(() => {});
    damaged.write(new Uint8Array(12).fill(0xff));
    expect(damaged.end().damaged).toBe(true);
  });
});
