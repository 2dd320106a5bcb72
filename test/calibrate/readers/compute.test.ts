/** Readers of arithmetic and memory, and of tables on pages: values of the fixtures, by hand. */
import { expect, it } from "vitest";
import { computeReaders } from "../../../calibrate/readers/compute/index.ts";
import { tableReaders } from "../../../calibrate/readers/tables/index.ts";
import { readFixture } from "../../support/log-files.ts";

const read = (name: string) => readFixture([...computeReaders, ...tableReaders], name);

it("STREAM and BabelStream: megabytes are 1e6 bytes", () => {
  expect(read("stream/5.10.txt").rows[3]).toEqual({ line: 12, benchmark: "stream-triad", case: { arrayBytes: 8e6, threads: 4 }, values: { rate_bytes_per_s: 21e9, time_s: 0.00125, least_s: 0.001143, most_s: 0.00135 } });
  expect(read("babelstream/table.txt").rows[0]).toEqual({ line: 8, benchmark: "babelstream-copy", case: {}, values: { rate_bytes_per_s: 1.4e12, time_s: 0.00039, least_s: 0.00038, most_s: 0.0004 } });
  expect(read("babelstream/csv.txt").rows[1]).toMatchObject({ benchmark: "babelstream-triad", case: { repetitions: 100, arrayBytes: 268_435_456 }, values: { rate_bytes_per_s: 150.272e9, time_s: 0.00536942, least_s: 0.00535899 } });
});

it("HPL: a run whose residual failed is kept and marked", () => {
  expect(read("hpl/two-runs.txt").rows).toEqual([
    { line: 8, benchmark: "hpl", case: { order: 73497, block: 96, processRows: 1, processColumns: 32, ranks: 32, variant: "WR11C2R4" }, values: { time_s: 553.5, rate_flop_per_s: 478.2e9 } },
    { line: 13, benchmark: "hpl", case: { order: 73497, block: 112, processRows: 2, processColumns: 16, ranks: 32, variant: "WR11C2R4" }, values: { time_s: 550.65, rate_flop_per_s: 480.7e9 }, marks: ["wrong-result"] },
  ]);
});

it("listings of products: sizes in the order of their words, a time of 0.0000 is none", () => {
  expect(read("gemm-listing/bmm.txt").rows.map(({ case: given, values }) => [given, values])).toEqual([
    [{ kind: "bmm", batch: 128, m: 1024, k: 2048, n: 512 }, { rate_flop_per_s: 227.295e12, time_s: 0.0012 }],
    [{ kind: "linear", m: 4096, k: 1024, n: 1024 }, { rate_flop_per_s: 143.258e12 }],
  ]);
  expect(read("gemm-listing/mini.txt").rows[0]?.values).toEqual({ rate_flop_per_s: 198.926e9, time_s: 1.36 });
  expect(read("cublas-table/profiler-noise.txt").rows).toHaveLength(2);
  expect(read("cublas-table/profiler-noise.txt").rows[0]).toEqual({ line: 3, benchmark: "matrix-product", case: { m: 4096, n: 4096, k: 4096, batch: 1 }, values: { time_s: 612.5e-6, rate_flop_per_s: 224.4e12 } });
});

it("benchdnn: milliseconds and Gops", () => {
  const { rows, problems } = read("benchdnn/perf.txt");
  expect(rows).toEqual([
    { line: 2, benchmark: "benchdnn", case: { engine: "cpu", implementation: "brg:avx512_core", problem: "--mode=P 1024x1024:1024x1024" }, values: { time_s: 0.0043, least_s: 0.0041, work_flop: 2.14748e9, rate_flop_per_s: 499.414e9, best_flop_per_s: 523.776e9 } },
    { line: 3, benchmark: "benchdnn", case: { engine: "cpu", implementation: "jit:avx512_core", name: "resnet_50:conv1", problem: "--conv ic3ih224oc64oh112kh7sh2ph3" }, values: { time_s: 0.00052, least_s: 0.0005, work_flop: 0.236e9, rate_flop_per_s: 453.9e9, best_flop_per_s: 472.1e9 } },
  ]);
  expect(problems).toEqual([]);
});

it("DeepBench: products and the passes that were measured", () => {
  const { rows, excluded } = read("deepbench/small.csv");
  expect(rows.map(({ line, benchmark, case: given, values }) => [line, benchmark, given["pass"], values["time_s"]])).toEqual([[6, "convolution", "forward", 0.0005], [6, "convolution", "data-gradient", 0.0006], [3, "matrix-product", undefined, 8e-5], [4, "matrix-product", undefined, 1e-4]]);
  expect(excluded).toEqual([{ rule: "not-measured", count: 1 }]);
});

it("nvbandwidth, CUDA samples and SHOC: matrices by row and column", () => {
  const { rows, excluded } = read("nvbandwidth/v0.6.txt");
  expect(rows.map(({ benchmark, case: given, values }) => [benchmark.slice(12), given["row"], given["column"], given["sum"], Object.values(values)[0]])).toEqual([
    ["host-to-device-memcpy-ce", "0", "0", undefined, 55e9], ["host-to-device-memcpy-ce", "0", "1", undefined, 54e9], ["host-to-device-memcpy-ce", undefined, undefined, true, 109e9],
    ["device-to-device-memcpy-read-ce", "0", "1", undefined, 270e9], ["device-to-device-memcpy-read-ce", "1", "0", undefined, 271e9], ["device-to-device-memcpy-read-ce", undefined, undefined, true, 541e9],
    ["host-device-latency-sm", "0", "0", undefined, 8e-7], ["host-device-latency-sm", "0", "1", undefined, 8.1e-7],
  ]);
  expect(excluded).toEqual([{ rule: "not-measured", count: 2 }]);
  expect(read("cuda-samples/p2p.txt").rows.map(({ benchmark, case: given, values }) => [benchmark, given["from"], given["to"], Object.values(values)[0]])).toEqual([
    ["cuda-p2p-unidirectional-bandwidth", "0", "0", 149.33e9], ["cuda-p2p-unidirectional-bandwidth", "0", "1", 5.62e9], ["cuda-p2p-unidirectional-bandwidth", "1", "0", 5.82e9], ["cuda-p2p-unidirectional-bandwidth", "1", "1", 149.6e9],
    ["cuda-p2p-latency", "0", "0", 5.31e-6], ["cuda-p2p-latency", "0", "1", 22.2e-6], ["cuda-p2p-latency", "1", "0", 22.48e-6], ["cuda-p2p-latency", "1", "1", 4.37e-6],
  ]);
  expect(read("cuda-samples/bandwidth.txt").rows.map(({ values }) => values)).toEqual([{ rate_bytes_per_s: 382.1e6 }, { rate_bytes_per_s: 24.5e9, time_s: 0.00131 }]);
  expect(read("cuda-samples/device.txt").rows[0]).toEqual({ line: 7, benchmark: "device-query", case: { device: "Example GPU", index: 0 }, values: { memory_bytes: 85_520_809_984, multiprocessor_count: 132, clock_per_s: 1.98e9, memoryBus_bytes: 640, l2_bytes: 52_428_800 } });
  expect(read("shoc/summary.txt").rows.map(({ benchmark, values }) => [benchmark, values])).toEqual([["shoc-bspeed-download", { rate_bytes_per_s: 12.0841e9 }], ["shoc-maxspflops", { rate_flop_per_s: 4089.95e9 }], ["shoc-ocl-kernel", { time_s: 0.0035 }]]);
});

it("tables of pages: units in the head or in the cell, labels of powers of two, tables nobody knows are counted", () => {
  const { rows, excluded } = read("markdown-tables/mixed.md");
  expect(rows.map(({ line, benchmark, case: given, values }) => [line, benchmark, given["bytes"], Object.values(values)])).toEqual([
    [9, "matrix-product", undefined, [274.1e12]],
    [17, "memory-copy", undefined, [2.9e12]],
    [18, "memory-triad", undefined, [2.97e12]],
    [24, "all-reduce", 1024, [0.07e9]],
    [25, "all-reduce", 33_554_432, [295.53e9]],
    [35, "all-reduce", 32_768, [32_768 / 0.48e9, 0.48e9, 0.92e9].map((value) => Number(value.toPrecision(12)))],
  ]);
  expect(excluded).toEqual([{ rule: "row-without-value", count: 1 }, { rule: "table-not-known", count: 1 }]);
  const training = read("markdown-tables/training.md").rows;
  expect(training[0]).toMatchObject({ benchmark: "training-step", case: { model: "70b", sequence: 2048, devices: 512, globalBatch: 4096 }, values: { throughput_tokens_per_s: 515_636, mfu_fraction: 0.4125, rate_flop_per_s: 408e12 } });
  expect(training.slice(1).map(({ case: given, values }) => [given["algorithm"] ?? given["device"], given["bytes"] ?? given["k"], Object.values(values)[0]])).toEqual([["nccl2", 400, 1e6], ["ring", 400, 2e6], ["nccl2", 4e6, 5.686e9], ["Example GPU", 13312, 794.5e12]]);
});

it("throughputs beside each other are one row for each way; of one device or of all is asked for", () => {
  const { rows, asks, excluded } = read("markdown-tables/beside.md");
  expect(rows.map(({ line, case: given, values }) => [line, given["way"], given["Precision"], values["printedThroughput_tokens_per_s"]])).toEqual([[7, "Plain TP", "bf16", 4000], [7, "Overlapped TP", "bf16", 4400.5], [8, "Overlapped TP", "fp8", 5000]]);
  expect(rows[0]?.case["table"]).toBe("A 7B model on 16 devices");
  expect(asks.map(({ key }) => key)).toEqual(["machine", "per"]);
  expect(excluded).toEqual([{ rule: "table-not-known", count: 1 }]);
});

it("the specification of a host is facts", () => {
  const { facts, rows, problems } = read("host-specification/own.csv");
  expect(facts).toEqual({ processor: "Example CPU 2000 @ 2.0GHz", device: "Example GPU", "CUDA Version": "12.1", Library: "A (1.2), B 3" });
  expect(rows).toEqual([]);
  expect(problems).toEqual([{ line: 7, got: "RAM,64 GB,ECC", expected: "a name and a value" }]);
});
