/** Readers of training runs: values of the fixtures, by hand. */
import { expect, it } from "vitest";
import type { ImportedRow } from "../../../calibrate/readers/index.ts";
import { emitSteps } from "../../../calibrate/readers/training/steps.ts";
import { trainingReaders } from "../../../calibrate/readers/training/index.ts";
import { readFixture } from "../../support/log-files.ts";

const read = (name: string) => readFixture(trainingReaders, name);
const brief = ({ line, benchmark, values, marks }: ImportedRow) => [line, benchmark, values, marks?.join(" ") ?? ""];

it("MLLOG: intervals by the first start, statistics, quality, words of the run", () => {
  const { rows, facts, asks } = read("mllog/v5-srun.txt");
  expect(rows.map(brief)).toEqual([
    [5, "mlperf-init", { time_s: 10 }, ""],
    [8, "mlperf-training-step", { time_s: 9.5 }, "warm-up"],
    [9, "mlperf-training-step", { time_s: 8.5 }, ""],
    [10, "mlperf-block", { time_s: 19 }, ""],
    [11, "mlperf-eval-accuracy", { quality_score: 5.6 }, ""],
    [12, "mlperf-run", { time_s: 22 }, ""],
  ]);
  expect(facts).toEqual({ submission_benchmark: "llama31_405b", global_batch_size: 1152 });
  expect(asks.map(({ key }) => key)).toEqual(["devices"]);
});

it("MLLOG that was aborted and cut off, and its oldest forms", () => {
  const { rows, problems } = read("mllog/aborted.txt");
  expect(rows.map(brief)).toEqual([[2, "mlperf-staging", { time_s: 20 }, ""], [4, "mlperf-run", { time_s: 10 }, "incomplete"]]);
  expect(problems.map(({ line }) => line)).toEqual([5]);
  expect(read("mllog/2018.txt").rows.map(brief)).toEqual([[3, "mlperf-run", { time_s: 7000.25 }, ""], [4, "mlperf-eval-accuracy", { quality_score: 0.7591 }, ""]]);
});

it("MLPerf system: counts from text", () => {
  expect(read("mlperf-system/hgx.json").rows[0]).toEqual({ line: 5, benchmark: "system", case: { name: "Example (4x HGX)", accelerator: "Example GPU" }, values: { node_count: 4, acceleratorsPerNode_count: 8, processorsPerNode_count: 2, coresPerProcessor_count: 48, acceleratorMemory_bytes: 81_559 * 2 ** 20, hostMemory_bytes: Number((2 * 2 ** 40).toPrecision(12)) } });
});

it("Megatron: times, memory, arguments; the first step, one with a checkpoint and a cut one are told apart", () => {
  const { rows, facts, problems } = read("megatron/lm-2021.txt");
  expect(rows.filter(({ benchmark }) => benchmark === "training-step").map(({ line, values, marks }) => [line, values["time_s"], marks?.[0]])).toEqual([[9, 3.1713, "warm-up"], [11, 1.5727, undefined], [12, 1.5701, undefined], [13, 1.5715, undefined], [14, 9.99, "outlier"], [15, 1.573, undefined]]);
  expect(rows[0]).toEqual({ line: 10, benchmark: "training-memory", case: { rank: 18, iterations: 10 }, values: { allocated_bytes: Number((17694.361328125 * 2 ** 20).toPrecision(12)), mostAllocated_bytes: Number((20045.0126953125 * 2 ** 20).toPrecision(12)), reserved_bytes: 24084 * 2 ** 20, mostReserved_bytes: 24084 * 2 ** 20 } });
  expect(facts).toEqual({ global_batch_size: 4, hidden_size: 8192, pipeline_model_parallel_size: 8, tensor_model_parallel_size: 4, world_size: 32 });
  expect(problems.map(({ line }) => line)).toEqual([16]);
});

it("Primus: the first of two numbers, colours, memory of the device", () => {
  expect(read("megatron/primus-colours.txt").rows[1]).toMatchObject({ line: 2, case: { iteration: 2, iterations: 50, globalBatch: 640, consumedSamples: 1280 }, values: { time_s: 92.8099, ratePerDevice_flop_per_s: 784.7e12, throughputPerDevice_tokens_per_s: 1765.4, device_bytes: Number((227.04 * 2 ** 30).toPrecision(12)), loss: 10.4 } });
});

it("Megatron's golden values, named and as a list", () => {
  const { rows, excluded } = read("megatron-golden/named-steps.json");
  expect(rows.filter(({ values }) => values["time_s"] !== undefined).map(({ case: given, values, marks }) => [given["iteration"], values["time_s"], marks?.[0]])).toEqual([[1, 12.5, "warm-up"], [2, 0.75, undefined]]);
  expect(rows.find(({ values }) => values["mostAllocated_bytes"])?.values).toEqual({ mostAllocated_bytes: 28_391_901_184 });
  expect(excluded).toEqual([{ rule: "metric-not-read", count: 3 }, { rule: "not-logged", count: 1 }]);
  expect(read("megatron-golden/list.json").rows.map(({ case: given, values }) => [given["iteration"], values["time_s"]])).toEqual([[0, 2.5], [5, 0.5], [10, 0.51], [15, 0.49]]);
});

it("DeepSpeed, torchtitan and the Trainer", () => {
  expect(read("deepspeed/timer.txt").rows.map(brief)).toEqual([
    [2, "training-step", { throughput_samples_per_s: 171.98, meanThroughput_samples_per_s: 173.44, allocated_bytes: 4_252_017_623.04, mostAllocated_bytes: 24_642_374_860.8 }, "warm-up"],
    [3, "training-step", { throughput_samples_per_s: 171.41, meanThroughput_samples_per_s: 172.66, allocated_bytes: 4_252_017_623.04, mostAllocated_bytes: 24_642_374_860.8 }, ""],
  ]);
  expect(read("deepspeed/old.txt").rows.map(({ case: given, values }) => [given["step"], values["throughput_samples_per_s"]])).toEqual([[10, 12.5], [20, 13]]);
  expect(read("torchtitan/2025.txt").rows[1]?.values).toEqual({ throughputPerDevice_tokens_per_s: 5762, ratePerDevice_flop_per_s: 333e12, mfu_fraction: 0.3367, reserved_bytes: 47.5 * 2 ** 30, loss: 7.1234 });
  expect(read("torchtitan/2024-wps.txt").rows[0]?.values["throughputPerDevice_tokens_per_s"]).toBe(2844);
  const trainer = read("hf-trainer/two-ranks.txt");
  expect(trainer.rows.map(brief)).toEqual([[4, "training-log", { loss: 10.9 }, ""], [5, "training-run", { time_s: 919.097, throughput_samples_per_s: 1.088, steps_per_s: 0.017 }, ""], [6, "training-run", { time_s: 919.03, throughput_samples_per_s: 1.088, steps_per_s: 0.017 }, ""]]);
  expect(trainer.facts).toMatchObject({ "Num examples": 1000 });
});

it("Slurm: a job's energy once, from whichever field has it", () => {
  expect(read("sacct/parsable.txt").rows.map(brief)).toEqual([[2, "slurm-job", { time_s: 93_784, energy_j: 20_543_125, meanPower_w: Number((20_543_125 / 93_784).toPrecision(12)) }, ""], [5, "slurm-job", { time_s: 2102 }, "incomplete"]]);
  expect(read("sacct/table.txt").rows[0]?.values).toEqual({ time_s: 2102, energy_j: 20.54e6, meanPower_w: Number((20.54e6 / 2102).toPrecision(12)) });
});

it("CSV of steps: columns by name, the doubtful one is asked for", () => {
  const { rows, asks } = read("step-csv/wandb.csv");
  expect(rows.map(({ line, values }) => [line, values])).toEqual([[2, { throughput_tokens_per_s: 1000, time_s: 4, loss: 10.5 }], [3, { throughput_tokens_per_s: 8000, time_s: 0.5, loss: 9.5 }], [4, { throughput_tokens_per_s: 8100, time_s: 0.495 }]]);
  expect(asks[0]).toEqual({ key: "time_s", expected: "which column; run - perf/step_time_ms was taken", choices: ["run - perf/step_time_ms", "run - perf/step_time_ms_max"] });
  const own = read("step-csv/own.csv");
  expect(own.rows.map(({ values }) => values["time_s"])).toEqual([0.51, 0.5]);
  expect(own.problems.map(({ line }) => line)).toEqual([4]);
  expect(own.excluded).toEqual([{ rule: "row-without-value", count: 1 }]);
});

it("steps far from the others are marked and kept; a single step is no warm-up", () => {
  const marked: ImportedRow[] = [];
  const row = (time_s: number): ImportedRow => ({ line: 1, benchmark: "x", case: {}, values: { time_s } });
  emitSteps([5, 1, 1.01, 0.99, 1, 1.02, 3, 1].map(row), "time_s", (one) => marked.push(one));
  expect(marked.map(({ marks }) => marks?.[0])).toEqual(["warm-up", undefined, undefined, undefined, undefined, undefined, "outlier", undefined]);
  const one: ImportedRow[] = [];
  emitSteps([row(5)], "time_s", (single) => one.push(single));
  expect(one[0]?.marks).toBeUndefined();
});

it("a configuration of DeepSpeed is settings by the names of a plan; what the trainer fills in is asked for", () => {
  const { facts, rows, asks, problems, documents } = read("deepspeed-config/zero3.json");
  expect(rows).toEqual([]);
  expect(facts).toEqual({ microBatch: 2, sharding: "parameters", zeroStage: 3, recipe: "bf16", offloadOptimizer: "cpu", optimizer: "AdamW", overlap: "true", bucket_elements: 5e8, activationCheckpointing: "configured" });
  expect(asks.map(({ key }) => key)).toEqual(["devices", "globalBatch"]);
  expect(problems).toEqual([{ line: 4, got: "gradient_accumulation_steps: 0", expected: 'a whole number above zero, or "auto"' }]);
  expect(documents.map(({ kind }) => kind)).toEqual(["settings"]);
  const plain = read("deepspeed-config/plain.json");
  expect(plain.facts).toEqual({ globalBatch: 32, recipe: "fp32" });
  expect(plain.asks.map(({ key }) => key)).toEqual(["devices", "recipe"]);
  expect(plain.problems).toEqual([{ line: 3, got: "stage: 7", expected: "0, 1, 2 or 3" }]);
});
