/** Transformers on the command line: figures, layout, memory, remedies, what was chosen for the user, and every problem of bad input. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TransformerPrediction } from "../../model/prediction-transformer.ts";
import { copyScenarios, problemsOf, run, runJson } from "./harness.ts";

const gpt3 = ["selene", "gpt3-175b"];
let copy: ReturnType<typeof copyScenarios>;
beforeAll(() => {
  copy = copyScenarios();
});
afterAll(() => copy.remove());

describe("predict", () => {
  test("tells step, tokens, MFU with its convention, layout, terms and memory by stage, and what was chosen", async () => {
    const { code, stdout, stderr } = await run(["predict", ...gpt3]);
    expect(code).toBe(0);
    expect(stderr).toContain("plan gpt3-175b-selective-2022, made for this model");
    expect(stderr).toContain("stack megatron-2022, as the plan ran with");
    for (const words of ["tokens/s", "MFU: model FLOP without recomputation, causal attention counted by half", "tensor 8 x pipeline 8 x data 1; interleaved by 3", "Pipeline bubble", "allocated", "reserved", "Memory at 64 GPUs: fits"]) expect(stdout).toContain(words);
    for (const line of stdout.split("\n")) expect([line, line.length <= 100]).toEqual([line, true]);
  });

  test("says the same as JSON and as CSV", async () => {
    const { points } = await runJson<TransformerPrediction>(["predict", ...gpt3, "--gpus", "64,128"]);
    const { stdout } = await run(["predict", ...gpt3, "--gpus", "64,128", "--csv"]);
    const [head = [], ...rows] = stdout.trimEnd().split("\n").map((line) => line.split(","));
    expect(rows).toHaveLength(2);
    rows.forEach((cells, index) => {
      const at = (name: string) => Number(cells[head.indexOf(name)]);
      const point = points[index];
      expect(at("devices")).toBe([64, 128][index]);
      expect(at("stepTime_s")).toBe(point?.stepTime_s.value);
      expect(at("pipeline-bubble_s")).toBe(point?.terms.find(({ id }) => id === "pipeline-bubble")?.time_s);
      expect(at("device_bytes")).toBe(point?.memory?.fullest.device.bytes);
      expect(cells[head.indexOf("memory")]).toBe(point?.memory?.answer);
    });
  });

  test("tells what would make it fit with the step time it leads to, and choices without effect", async () => {
    const { stdout } = await run(["predict", ...gpt3, "--set", "plan.recompute=none", "--set", "plan.microBatch=4", "--set", "plan.contextScheme=ring"]);
    expect(stdout).toContain("does not fit; stage");
    expect(stdout).toMatch(/What makes it fit, by its step time:\n {4}.*: [\d.]+ s \([+−]?[\d.]+ %\), [\d.]+ GiB less/);
    expect(stdout).toContain("Without effect: The context scheme (plan.contextScheme): there is one context rank");
  });

  test("finds a plan that fits where none is made for the model, and says so", async () => {
    const { code, stdout, stderr } = await run(["predict", "eos", "llama3-70b", "--gpus", "256"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/no plan is made for llama3-70b: tensor \d+, pipeline \d+.* layouts on 256 devices that fit/);
    expect(stderr).toContain("stack transformer-generic, as none is named");
    expect(stdout).toMatch(/Memory at 256 GPUs: fits/);
  });

  test("takes a config.json as the workload, says what it assumed, and repeats the words in the next command", async () => {
    const file = join(copy.folder, "config.json");
    writeFileSync(file, JSON.stringify({ model_type: "llama", hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 128256, max_position_embeddings: 8192, tie_word_embeddings: false, rms_norm_eps: 1e-5 }));
    const { code, stdout, stderr } = await run(["predict", "eos", "--config", file, "--gpus", "8"], { cwd: copy.folder });
    expect([code, stdout === ""]).toEqual([0, false]);
    expect(stderr).toContain("max_position_embeddings: taken as the tokens of a sequence");
    expect(stdout).toContain("8.030 B parameters");
    expect(stdout).toContain(`exatwin explain eos --config ${file}`);
  });
});

describe("explain", () => {
  test("gives each term its formula with numbers, operations slowest first, and parameters from prior to fitted value", async () => {
    const { stdout } = await run(["explain", ...gpt3]);
    for (const words of [/Compute at datasheet peak:.*\n.*\n\s+n x FLOP of a micro-batch \/ peak = 64 x/, /Operations of the slowest stage by their time in the step/, /gemmCeiling\s+device-precision/, /optimizer: [\d.]+ GiB\. /]) expect(stdout).toMatch(words);
    const { operations, parameters } = await runJson<{ operations: Array<{ step_s: number; once_s: number; times: number }>; parameters: TransformerPrediction["parameters"] }>(["explain", ...gpt3]);
    expect(operations.map(({ step_s }) => step_s)).toEqual(operations.map(({ step_s }) => step_s).toSorted((a, b) => b - a));
    for (const { step_s, once_s, times } of operations) expect(step_s).toBeCloseTo(once_s * times, 12);
    expect(parameters.some(({ kind, series }) => kind === "calibrated" && series.length > 0)).toBe(true);
  });

  test("its products add up to what the terms say of products", async () => {
    const told = await runJson<{ operations: Array<{ operation: string; block: string; flop: number }>; terms: Array<{ term: string; time_s: number }> }>(["explain", ...gpt3, "--set", "plan.recompute=none"]);
    const flop = told.operations.filter(({ operation, block }) => (operation === "product" || operation === "unfused") && block !== "head").reduce((sum, one) => sum + one.flop, 0);
    const ideal_s = told.terms.find(({ term }) => term === "ideal-compute")?.time_s ?? 0;
    expect(flop / 312e12 / ideal_s).toBeGreaterThan(0.99);
    expect(flop / 312e12 / ideal_s).toBeLessThan(1.01);
  });

  test("picks operations by pattern and one term by name", async () => {
    const { stdout } = await run(["explain", ...gpt3, "--op", "head*product", "--csv"]);
    const rows = stdout.trimEnd().split("\n");
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows.slice(1)) expect(row).toMatch(/^head,product,/);
    expect((await run(["explain", ...gpt3, "--term", "pipeline-bubble"])).stdout).toContain("(p - 1)(f + b) / v with p = 8, v = 3, n = 64");
  });
});

test("show tells parameters to the unit, those that a token meets, and FLOP by convention", async () => {
  const { stdout } = await run(["show", "mixtral-8x7b"]);
  expect(stdout).toMatch(/together\s+46,702,792,704\s+12,879,925,248/);
  expect(stdout).toMatch(/model-causal\s+[\d.]+ Gflop/);
});

describe("bad input", () => {
  test("layouts that do not divide: every problem with its path and the nearest choices", async () => {
    const problems = await problemsOf(["predict", ...gpt3, "--gpus", "56,64", "--set", "plan.tensor=7"]);
    expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining([expect.stringContaining("56 devices, plan: tensor"), expect.stringContaining("64 devices, plan: devices")]));
    expect(problems.find(({ path }) => path.includes("tensor"))?.hint).toMatch(/nearest: (6|8)/);
  });

  test("unknown names, plans and stacks of the wrong kind, a config beside a workload, more devices than there are", async () => {
    expect((await problemsOf(["predict", "selene", "gpt3-175c"]))[0]?.hint).toContain("gpt3-175b");
    expect((await problemsOf(["predict", ...gpt3, "--plan", "climate-2018-summit-fp16", "--stack", "pytorch-nccl-2022"])).map(({ path }) => path)).toEqual(["plans/climate-2018-summit-fp16: kind", "stacks/pytorch-nccl-2022: kind"]);
    expect((await problemsOf(["predict", ...gpt3, "--config", "absent.json"])).map(({ path }) => path)).toEqual(expect.arrayContaining(["absent.json", "--config"]));
    expect((await problemsOf(["predict", ...gpt3, "--gpus", "8000"]))[0]?.code).toBe("too-many-devices");
    expect((await problemsOf(["explain", ...gpt3, "--term", "bubble"]))[0]?.hint).toContain("pipeline-bubble");
    expect((await problemsOf(["explain", ...gpt3, "--op", "convolution"]))[0]?.path).toBe("--op");
    expect((await problemsOf(["simulate", ...gpt3, "--trace", "x.json"]))[0]?.path).toContain("--trace");
    expect((await problemsOf(["show", "gpt3-175b", "--layers"]))[0]?.hint).toContain("explain");
    expect((await problemsOf(["predict", "summit", "gpt3-175b"]))[0]?.path).toContain("machines/summit");
  });

  test("an unknown architecture in a config.json", async () => {
    const file = join(copy.folder, "odd.json");
    writeFileSync(file, JSON.stringify({ model_type: "lama", hidden_size: 4096 }));
    const [problem] = await problemsOf(["predict", "eos", "--config", file]);
    expect(problem?.path).toContain("model_type");
    expect(problem?.hint).toContain("llama");
  });
});
