/** Plans of a scenario: what each tells, what a scenario must state for a search, and that it all crosses to a worker. */
import { describe, expect, it } from "vitest";
import { InputError, resolveTransformer, searchPlans, type SearchRequest, type TransformerScenario } from "../../../model/index.ts";
import { readAxes } from "../../../model/search/read-axes.ts";
import { library } from "../../support/library.ts";

function scenarioOf(workload: string, machine: string, plan: object): TransformerScenario {
  const document = { id: "own", title: "Own", kind: "layout", microBatch: 1, globalBatch: 8, recipe: "bf16", ...plan };
  const documents = { ...library.documents, plan: { ...library.documents.plan, own: document } };
  const { scenario, problems } = resolveTransformer({ ...library, documents }, { workload, machine, plan: "own", stack: "megatron-2022" });
  if (!scenario) throw new InputError(problems);
  return scenario;
}

const request: SearchRequest = { devices: [16], recipes: ["bf16"], axes: { context: [1], schedule: ["1f1b", "interleaved"] }, objective: "time", top: 3 };
const gpt = scenarioOf("gpt-22b", "selene", {});

function problemsOf(work: () => unknown): InputError["problems"] {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("plans of a scenario", () => {
  const found = searchPlans(gpt, request);

  it("add their terms up to the step and tell what others take more", () => {
    for (const { terms, stepTime_s, behind } of found.plans) {
      expect(terms.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(stepTime_s.value, 12);
      expect(stepTime_s.low95).toBeLessThan(stepTime_s.value);
      if (behind === null) continue;
      const own = new Map(terms.map(({ id, time_s }) => [id, time_s]));
      const best = new Map(found.plans[0]!.terms.map(({ id, time_s }) => [id, time_s]));
      for (const { id, more_s } of behind.terms) expect(more_s).toBeCloseTo((own.get(id) ?? 0) - (best.get(id) ?? 0), 12);
    }
  });

  it("are run pass by pass as often as asked, near their closed form", () => {
    for (const { passByPass } of found.plans) expect(Math.abs(passByPass!.difference)).toBeLessThan(0.1);
    expect(searchPlans(gpt, { ...request, checked: 1 }).plans.map(({ passByPass }) => passByPass === null)).toEqual([false, true, true]);
  });

  it("cross to a worker and back", () => {
    expect(searchPlans(structuredClone(gpt), structuredClone(request))).toEqual(found);
    expect(structuredClone(found)).toEqual(found);
  });

  it("with less memory to use are never faster, and leave what must stay free", () => {
    let before_s = 0;
    for (const reserve of [0, 0.2, 0.4]) {
      const [best] = searchPlans(gpt, { ...request, reserve }).plans;
      expect(best!.stepTime_s.value).toBeGreaterThanOrEqual(before_s);
      expect(best!.memory.margin_bytes).toBeGreaterThanOrEqual(reserve * best!.memory.capacity_bytes);
      before_s = best!.stepTime_s.value;
    }
  });

  it("of more devices cost what their hours cost", () => {
    const [cheapest, ...others] = searchPlans(gpt, { ...request, devices: [8, 16], objective: "cost", price_per_device_hour: 3 }).plans;
    expect(cheapest!.price).toBeCloseTo((3 * cheapest!.devices * cheapest!.stepTime_s.value) / 3600, 12);
    for (const { price } of others) expect(price).toBeGreaterThanOrEqual(cheapest!.price!);
  });

  it("take host memory where it is allowed", () => {
    const tight = scenarioOf("gpt3-175b", "selene", { globalBatch: 16 });
    const small: SearchRequest = { ...request, devices: [16], axes: { context: [1], tensor: [8] } };
    expect(searchPlans(tight, small).plans).toEqual([]);
    const [offloaded] = searchPlans(tight, { ...small, axes: { ...small.axes, offloadOptimizer: [0, 1] } }).plans;
    expect(offloaded?.choices["offloadOptimizer"]).toBe(1);
  });

  it("need a power for energy, a memory document, and devices that are there", () => {
    const { power: _, ...device } = gpt.device;
    const without = { ...gpt, device, memory: null };
    const paths = problemsOf(() => searchPlans(without, { ...request, objective: "energy", devices: [1e6] })).map(({ path }) => path);
    expect(paths).toEqual(["devices", "stacks/megatron-2022: memory", "devices/a100-sxm4-80gb: power"]);
  });
});

describe("fixed choices in words", () => {
  it("are read by kind, and a key that comes again adds a value", () => {
    expect(readAxes(["tensor=2", "tensor=8", "sequenceParallel=false", "schedule=zero-bubble", "offloadOptimizer=.5"], "--fix")).toEqual({ axes: { tensor: [2, 8], sequenceParallel: [false], schedule: ["zero-bubble"], offloadOptimizer: [0.5] }, problems: [] });
  });

  it("are refused one by one", () => {
    const { problems } = readAxes(["tensor", "tensor=0", "tensor=2.5", "sequenceParallel=yes", "schedule=1f2b", "pipelin=2", "offloadOptimizer=2"], "--fix");
    expect(problems.map(({ path }) => path)).toEqual(["--fix", "--fix tensor", "--fix tensor", "--fix sequenceParallel", "--fix schedule", "--fix", "--fix offloadOptimizer"]);
    expect(problems.map(({ hint }) => hint).filter(Boolean)).toEqual(["did you mean \"1f1b\"?", "did you mean \"pipeline\"?"]);
  });
});
