/** Readers of collectives and messages: values of the fixtures, by hand. */
import { expect, it } from "vitest";
import { collectiveReaders } from "../../../calibrate/readers/collectives/index.ts";
import { readFixture } from "../../support/log-files.ts";

const read = (name: string) => readFixture(collectiveReaders, name);
const MiB = 2 ** 20;

it("nccl-tests under mpirun: both halves, wrong results, ranks and nodes from the list", () => {
  const { rows, facts, asks } = read("nccl-tests/all-reduce-2023-mpirun.log");
  expect(rows).toHaveLength(14);
  expect(rows.slice(-2)).toEqual([
    { line: 19, benchmark: "all-reduce", case: { bytes: 4194304, type: "float", reduction: "sum", ranks: 4 }, values: { time_s: 209.72e-6 }, marks: ["wrong-result"] },
    { line: 19, benchmark: "all-reduce", case: { bytes: 4194304, type: "float", reduction: "sum", ranks: 4, inPlace: true }, values: { time_s: 209.1e-6 }, marks: ["in-place", "wrong-result"] },
  ]);
  expect(facts).toEqual({ ranks: 4, nodes: 2, devices: "NVIDIA H100 80GB HBM3" });
  expect(asks).toEqual([]);
});

it("OSU: three forms of tables", () => {
  expect(read("osu/allreduce-7.4-full.txt").rows.map(({ line, benchmark, case: given, values }) => [line, benchmark, given["bytes"], values])).toEqual([
    [5, "osu-all-reduce", 4, { time_s: 20.1e-6, least_s: 19.5e-6, most_s: 21.2e-6 }],
    [6, "osu-all-reduce", 8, { time_s: 20.3e-6, least_s: 19.6e-6, most_s: 21.4e-6 }],
    [7, "osu-all-reduce", MiB, { time_s: 310.5e-6, least_s: 300.1e-6, most_s: 320.9e-6 }],
  ]);
  expect(read("osu/latency-5.6.txt").rows.map(({ values }) => values["time_s"])).toEqual([1.5e-6, 1.51e-6, 380.25e-6]);
  expect(read("osu/mbw-mr-srun.txt").rows[1]).toEqual({ line: 5, benchmark: "osu-message-rate", case: { bytes: 4096, pairs: 4, window: 64 }, values: { rate_bytes_per_s: 12e9, messages_per_s: 2_929_687.5 } });
});

it("Intel MPI Benchmarks: blocks, megabytes of both ages, columns nobody knows", () => {
  const { rows, excluded } = read("imb/2019-pingpong-allreduce.txt");
  expect(rows.map(({ benchmark, case: given, values }) => [benchmark, given["ranks"], given["bytes"], values])).toEqual([
    ["imb-pingpong", 2, 0, { time_s: 1.2e-6 }],
    ["imb-pingpong", 2, 1024, { time_s: 2e-6, rate_bytes_per_s: 512e6 }],
    ["imb-allreduce", 8, 4, { least_s: 4e-6, most_s: 6e-6, time_s: 5e-6 }],
    ["imb-allreduce", 8, MiB, { least_s: 9e-4, most_s: 1.1e-3, time_s: 1e-3 }],
  ]);
  expect(rows[2]?.other).toEqual({ defects: "0.00" });
  expect(excluded).toEqual([]);
  expect(read("imb/2017-binary-megabytes.txt").rows[0]?.values).toEqual({ time_s: 1e-4, rate_bytes_per_s: 10_000 * MiB });
});

it("nccom-test and Gloo: operation and ranks from what stands above", () => {
  expect(read("nccom-test/all-gather.txt").rows.map(({ benchmark, case: given, values }) => [benchmark, given["bytes"], values["time_s"]])).toEqual([["all-gather", 8, 63.52e-6], ["all-gather", 32768, 80.5e-6], ["all-gather", MiB, 150e-6]]);
  expect(read("gloo/ring-chunked.txt").rows[1]).toEqual({ line: 7, benchmark: "gloo-collective", case: { bytes: 40_000, algorithm: "allreduce_ring_chunked", ranks: 4, repetitions: 8000 }, values: { time_s: 170e-6, least_s: 150e-6, p99_s: 250e-6, most_s: 400e-6 } });
});

it("perftest: binary megabytes and microseconds", () => {
  expect(read("perftest/ib-write-bw.txt").rows[1]).toEqual({ line: 11, benchmark: "perftest-rdma-write-bandwidth", case: { bytes: 65536, repetitions: 5000 }, values: { peak_bytes_per_s: 23_000 * MiB, rate_bytes_per_s: 22_900 * MiB, messages_per_s: 366_400 } });
  expect(read("perftest/ib-send-lat.txt").rows[0]).toMatchObject({ benchmark: "perftest-send-latency", values: { least_s: 1.05e-6, most_s: 4.2e-6, median_s: 1.1e-6, time_s: 1.12e-6, deviation_s: 5e-8, p99_s: 1.3e-6 } });
});

it("GPCNeT: alone, under congestion, and the factors", () => {
  expect(read("gpcnet/load.txt").rows.map(({ benchmark, case: given, values }) => [benchmark, given["part"], given["under"], values])).toEqual([
    ["gpcnet-two-sided-lat", "isolated", undefined, { least_s: 1.1e-6, most_s: 60.4e-6, time_s: 1.9e-6, meanOfWorst_s: 2.2e-6, p99_s: 3e-6, p999_s: 25e-6 }],
    ["gpcnet-two-sided-bw-sync", "isolated", undefined, { least_bytes_per_s: 100 * MiB, most_bytes_per_s: 900 * MiB, rate_bytes_per_s: 800 * MiB, meanOfWorst_bytes_per_s: 700 * MiB, p99_bytes_per_s: 500 * MiB, p999_bytes_per_s: 300 * MiB }],
    ["gpcnet-two-sided-lat", "congested", "RR Two-sided Lat", { least_s: 1.2e-6, most_s: 80e-6, time_s: 3.8e-6, meanOfWorst_s: 4.2e-6, p99_s: 9e-6, p999_s: 55e-6 }],
    ["gpcnet-two-sided-lat", "impact", undefined, { mean_ratio: 2, p99_ratio: 3 }],
  ]);
  expect(read("gpcnet/test-three-columns.txt").rows.map(({ values }) => values)).toEqual([{ time_s: 1.5e-6, p99_s: 2.5e-6 }, { rate_bytes_per_s: 9000 * MiB, p99_bytes_per_s: 8000 * MiB }]);
});

it("iperf3: bits to bytes, the first second is warm-up", () => {
  expect(read("iperf3/tcp.json").rows.map(({ benchmark, values, marks }) => [benchmark, values["rate_bytes_per_s"], marks?.[0]])).toEqual([["iperf-interval", 1e9, "warm-up"], ["iperf-interval", 1.2e9, undefined], ["iperf-sent", 1.1e9, undefined], ["iperf-received", 1.09e9, undefined]]);
});
