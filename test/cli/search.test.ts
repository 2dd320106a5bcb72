/** exatwin search: what is told is what predict tells of the same plan; choices that are kept; words that are wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PlanSearch, TransformerPrediction } from "../../model/index.ts";
import { problemsOf, run, runJson } from "./harness.ts";

const small = ["search", "gpt-22b", "selene", "--gpus", "8", "--batch", "4", "--recipe", "fp16", "--stack", "megatron-2022"];

describe("exatwin search", () => {
  it("tells of each plan what predict tells of it as a document", async () => {
    const found = await runJson<PlanSearch>([...small, "--top", "3"]);
    expect(found.plans).toHaveLength(3);
    const cwd = mkdtempSync(join(tmpdir(), "exatwin-"));
    for (const { choices, stepTime_s, memory } of found.plans) {
      writeFileSync(join(cwd, "found.json"), JSON.stringify({ id: "found", title: "Found", kind: "layout", globalBatch: 4, ...choices }));
      const { points } = await runJson<TransformerPrediction>(["predict", "selene", "gpt-22b", "--plan", "./found.json", "--stack", "megatron-2022", "--gpus", "8"], { cwd });
      expect(points[0]?.stepTime_s).toEqual(stepTime_s);
      expect(points[0]?.memory?.fullest.device.bytes).toBe(memory.device_bytes);
      expect(memory.margin_bytes).toBeGreaterThanOrEqual(0);
    }
    rmSync(cwd, { recursive: true });
  });

  it("puts the best first, with reasons why the others come after it", async () => {
    const { plans, counts } = await runJson<PlanSearch>(small);
    const times = plans.map(({ stepTime_s }) => stepTime_s.value);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(plans[0]?.behind).toBeNull();
    for (const { behind, stepTime_s } of plans.slice(1)) {
      expect(behind?.share).toBeCloseTo(stepTime_s.value / times[0]! - 1, 12);
      expect(behind?.changed.length).toBeGreaterThan(0);
    }
    expect(counts.valid).toBe(counts.tooLarge + counts.bounded + counts.judged);
    const { stdout } = await run(small);
    for (const line of stdout.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(100);
  });

  it("keeps what is fixed and what a plan says, and searches what is freed", async () => {
    const fixed = await runJson<PlanSearch>([...small, "--fix", "tensor=8,recompute=full", "--fix", "microBatch=2"]);
    for (const { choices } of fixed.plans) expect(choices).toMatchObject({ tensor: 8, recompute: "full", microBatch: 2 });
    const kept = ["search", "gpt3-175b", "selene", "--gpus", "64", "--plan", "gpt3-175b-selective-2022"];
    const [own] = (await runJson<PlanSearch>([...kept, "--batch", "64"])).plans;
    expect(own?.choices).toMatchObject({ tensor: 8, pipeline: 8 });
    const [freed] = (await runJson<PlanSearch>([...kept, "--batch", "64", "--free", "tensor,pipeline,virtualStages,schedule,sequenceParallel,recompute,microBatch,sharding"])).plans;
    expect(freed?.stepTime_s.value).toBeLessThan(own?.stepTime_s.value ?? 0);
  });

  it("gives the same rows as CSV, the plans that nothing beats after the best", async () => {
    const argv = [...small, "--pareto", "time,memory"];
    const { plans, front } = await runJson<PlanSearch>(argv);
    const lines = (await run([...argv, "--csv"])).stdout.trim().split("\n");
    expect(lines).toHaveLength(1 + plans.length + front.length);
    const points = front.map(({ stepTime_s, memory }) => [stepTime_s.value, memory.device_bytes] as const);
    for (let at = 1; at < points.length; at++) expect(points[at]![1]).toBeLessThan(points[at - 1]![1]);
  });

  it("tells all that is wrong at once, with the nearest names", async () => {
    const problems = await problemsOf(["search", "gpt-23b", "selen", "--gpus", "8x", "--objective", "tyme", "--fix", "tensr=8,recompute=some,microBatch=0", "--recipe", "fp61", "--stack", "megatron"]);
    for (const path of ["--gpus", "--objective", "--fix", "--fix recompute", "--fix microBatch", "--recipe", "--stack", "--batch"]) expect(problems.map((one) => one.path), path).toContain(path);
    expect(problems.map(({ hint }) => hint)).toEqual(expect.arrayContaining(["did you mean \"gpt-22b\"?", "did you mean \"selene\"?", "did you mean \"time\"?", "did you mean \"tensor\"?"]));
  });

  it("names the nearest valid choices where no layout is valid", async () => {
    const [problem] = await problemsOf(["search", "gpt-22b", "selene", "--gpus", "12", "--batch", "4", "--fix", "tensor=12"]);
    expect(problem).toMatchObject({ path: "plan: tensor", hint: expect.stringContaining("nearest: 8, 16") });
    const machines = await problemsOf(["search", "gpt-22b", "selene", "--gpus", "1000000", "--batch", "4"]);
    expect(machines[0]?.code).toBe("too-many-devices");
  });

  it("says that nothing fits", async () => {
    const { plans, notes } = await runJson<PlanSearch>(["search", "gpt3-175b", "selene", "--gpus", "8", "--batch", "8"]);
    expect(plans).toEqual([]);
    expect(notes.join(" ")).toContain("Nothing fits");
  });
});
