/** Readers of file systems and disks: values of the fixtures, by hand. */
import { expect, it } from "vitest";
import { storageReaders } from "../../../calibrate/readers/storage/index.ts";
import { readFixture } from "../../support/log-files.ts";

const read = (name: string) => readFixture(storageReaders, name, 14);
const MiB = 2 ** 20;
const GiB = 2 ** 30;

it("IOR 3.0: MiB/s, nodes from tasks, both repetitions, removals counted", () => {
  const { rows, excluded, facts } = read("ior/3.0-summary.txt");
  expect(rows.map(({ line, benchmark, case: given, values }) => [line, benchmark, given["iteration"], values["rate_bytes_per_s"], values["time_s"]])).toEqual([
    [24, "ior-write", 0, 2048 * MiB, 4], [25, "ior-read", 0, 4096 * MiB, 2], [27, "ior-write", 1, 1638.4 * MiB, 5], [28, "ior-read", 1, 4000 * MiB, 2.05],
  ]);
  expect(rows[0]?.case).toMatchObject({ nodes: 2, tasks: 32, tasksPerNode: 16, transferBytes: MiB, blockBytes: 256 * MiB, access: "file-per-process", api: "POSIX" });
  expect(excluded).toEqual([{ rule: "no-rate", count: 1 }]);
  expect(facts).toMatchObject({ version: "3.0.1", nodes: 2 });
});

it("IOR 4.1 under srun: bytes that were moved, direct access, columns that touch", () => {
  const { rows, problems } = read("ior/4.1-stonewall-srun.txt");
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ case: { nodes: 4, direct: true, stonewall_s: 60 }, values: { rate_bytes_per_s: 20480 * MiB, operations_per_s: 10240.1, latency_s: 0.00625, moved_bytes: 1288490188800, time_s: 60.02 } });
  expect(rows[1]?.values["time_s"]).toBe(60.02);
  expect(problems).toEqual([]);
});

it("mdtest of both ages: rates, times, phases that did not run", () => {
  const old = read("mdtest/1.9-colons.txt");
  expect(old.rows.map(({ benchmark, values }) => [benchmark, values])).toEqual([
    ["mdtest-file-creation", { operations_per_s: 11500.375, least_operations_per_s: 11000.25, most_operations_per_s: 12000.5 }],
    ["mdtest-file-removal", { operations_per_s: 8900, least_operations_per_s: 8800, most_operations_per_s: 9000 }],
    ["mdtest-tree-creation", { operations_per_s: 145, least_operations_per_s: 140, most_operations_per_s: 150 }],
  ]);
  expect(old.rows[0]?.case).toEqual({ tasks: 48, nodes: 3, items: 48_000, writtenBytes: 3901, uniqueFolders: true });
  const recent = read("mdtest/3.4-time-mpirun.txt");
  expect(recent.rows.map(({ values }) => values)).toEqual([{ operations_per_s: 52636.649, least_operations_per_s: 52636.649, most_operations_per_s: 52636.649 }, { time_s: 12.159, least_s: 12.159, most_s: 12.159 }]);
  expect(recent.excluded).toEqual([{ rule: "phase-not-run", count: 2 }]);
});

it("IO500 of both ages: GB/s of 2018 are GiB/s; what is not scored and what is invalid is told", () => {
  expect(read("io500/2018-underscores.txt").rows.map(({ benchmark, values }) => [benchmark, values])).toEqual([
    ["io500-ior-easy-write", { rate_bytes_per_s: 10.5 * GiB, time_s: 333.8 }],
    ["io500-mdtest-easy-write", { operations_per_s: 16_800, time_s: 480.72 }],
    ["io500-find", { operations_per_s: 256_600, time_s: 39.59 }],
    ["io500-total", { rate_bytes_per_s: Number((0.764839 * GiB).toPrecision(14)), operations_per_s: 17_841.5, score: 3.69403 }],
  ]);
  const { rows, excluded, facts } = read("io500/2024-dashes.txt");
  expect(rows.map(({ benchmark, case: given, marks }) => [benchmark, given["scored"], marks?.[0]])).toEqual([
    ["io500-ior-easy-write", true, undefined], ["io500-mdtest-easy-write", true, undefined], ["io500-ior-rnd4k-easy-read", false, undefined], ["io500-ior-hard-write", true, "wrong-result"], ["io500-total", undefined, "wrong-result"],
  ]);
  expect(excluded).toEqual([{ rule: "not-scored", count: 1 }]);
  expect(facts).toEqual({ version: "io500-sc24_v1", mode: "standard" });
});

it("IO500's sections: score and rate at the stonewall", () => {
  const { rows, facts } = read("io500-ini/sc24.txt");
  expect(rows.map(({ benchmark, values }) => [benchmark, values])).toEqual([
    ["io500-ior-easy-write", { rate_bytes_per_s: 120.5 * GiB, stonewall_rate_bytes_per_s: 130 * GiB, time_s: 351.8708 }],
    ["io500-mdtest-easy-write", { operations_per_s: 383_436.104, stonewall_operations_per_s: 740_364.306, time_s: 767.4435 }],
    ["io500-find", { operations_per_s: 6_309_062.055, time_s: 118.8668 }],
  ]);
  expect(facts).toEqual({ processes: 128, version: "io500-sc24_v1", mode: "standard" });
});

it("fio: options of the job over those of all, nanoseconds and microseconds", () => {
  const recent = read("fio/3.36-json.json");
  expect(recent.rows).toEqual([{
    line: 9, benchmark: "fio-read",
    case: { pattern: "randread", blockBytes: 4096, queueDepth: 32, jobs: 4, engine: "io_uring", direct: true, file: "/data/f", job: "rr" },
    values: { rate_bytes_per_s: 409_600_000, operations_per_s: 100_000, run_s: 10, moved_bytes: 4_096_000_000, latency_s: 1.28e-3, latencyP50_s: 1.2e-3, latencyP99_s: 2.5e-3, latencyP999_s: 4e-3 },
  }]);
  const [old] = read("fio/2.2-microseconds.json").rows;
  expect(old).toMatchObject({ benchmark: "fio-write", values: { rate_bytes_per_s: MiB, latency_s: 0.125, latencyP50_s: 0.12 }, marks: ["wrong-result"] });
});

it("DLIO: epochs and mean, times of epochs and checkpoints, runs of a report", () => {
  expect(read("dlio/summary.json").rows.map(({ benchmark, case: given, values }) => [benchmark, given["epoch"], values])).toEqual([
    ["dlio-epoch", 1, { utilisation_fraction: 0.915, throughput_samples_per_s: 150 }],
    ["dlio-epoch", 2, { utilisation_fraction: 0.925, throughput_samples_per_s: 152 }],
    ["dlio-run", undefined, { utilisation_fraction: 0.92, throughput_samples_per_s: 151, rate_bytes_per_s: 20_000 * MiB }],
  ]);
  expect(read("dlio/per_epoch.json").rows.map(({ line, benchmark, values }) => [line, benchmark, values["time_s"]])).toEqual([[2, "dlio-epoch-time", 227.24], [2, "dlio-block-time", 227.21], [3, "dlio-epoch-time", 227.28], [3, "dlio-block-time", 226.54], [3, "dlio-checkpoint-time", 0.72]]);
  expect(read("dlio/report.json").rows.map(({ benchmark, case: given, values }) => [benchmark, given["run"], values["rate_bytes_per_s"]])).toEqual([["dlio-run", "run_1", 20_900 * MiB], ["dlio-run", "run_2", 21_100 * MiB], ["dlio-overall", undefined, 21_000 * MiB]]);
});
