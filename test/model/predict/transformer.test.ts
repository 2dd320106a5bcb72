/** Predictions of transformers from documents: terms, intervals, memory, and every problem with its path. */
import { describe, expect, it } from "vitest";
import { transformerTerms } from "../../../model/engine/pipeline/terms.ts";
import { InputError } from "../../../model/problems.ts";
import { predictTransformer } from "../../../model/predict/transformer/predict.ts";
import { familyOf, resolveScenario, resolveTransformer } from "../../../model/resolve/resolve.ts";
import type { Changes } from "../../../model/scenario.ts";
import { library } from "../../support/library.ts";

const names = { machine: "selene", workload: "gpt3-175b", plan: "gpt3-175b-selective-2022", stack: "megatron-2022" };
const resolve = (changes: Changes = {}) => resolveTransformer(library, { ...names, changes });
function predictWith(changes: Changes = {}, devices = [64], protocol: "in-sample" | "cold" = "in-sample") {
  const { scenario, problems } = resolve(changes);
  if (!scenario) throw new InputError(problems);
  return predictTransformer(scenario, { devices, protocol });
}

describe("a prediction", () => {
  const prediction = predictWith();
  const [point] = prediction.points;

  it("has terms that add up to the step, none below zero, each in words", () => {
    expect(point?.terms.map(({ id }) => id)).toEqual([...transformerTerms]);
    expect(point?.terms.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(point?.stepTime_s.value ?? 0, 9);
    for (const { id, time_s, low95_s, high95_s, binds } of point?.terms ?? []) {
      expect(time_s, id).toBeGreaterThanOrEqual(0);
      expect(low95_s, id).toBeLessThanOrEqual(time_s);
      expect(high95_s, id).toBeGreaterThanOrEqual(time_s);
      expect(binds, id).not.toBe("");
    }
  });

  it("is near the published step of this run: 13.75 s (Korthikanti et al., table 5)", () => {
    expect(Math.abs((point?.stepTime_s.value ?? 0) / 13.75 - 1)).toBeLessThan(0.1);
    expect(point?.stepTime_s.low95).toBeLessThan(13.75);
    expect(point?.stepTime_s.high95).toBeGreaterThan(13.75);
  });

  it("says rates that follow from the step: tokens and model FLOP", () => {
    const step_s = point?.stepTime_s.value ?? 0;
    expect(point?.throughput_tokens_per_s.value).toBeCloseTo((64 * 2048) / step_s, 6);
    expect(point?.utilisation.value).toBeCloseTo((point?.ratePerDevice_flop_per_s.value ?? 0) / 312e12, 9);
    expect(prediction.totals.parameters).toBeGreaterThan(174e9);
  });

  it("tells memory by stage, and that it fits, as it ran", () => {
    expect(point?.memory?.answer).toBe("fits");
    expect(point?.memory?.stages).toHaveLength(8);
    expect(point?.remedies).toEqual([]);
  });

  it("lists every parameter with its interval; those with an effect move the step", () => {
    expect(prediction.parameters.filter(({ used }) => used).length).toBeGreaterThan(10);
    for (const { name, value, low95, high95 } of prediction.parameters) expect([name, low95 <= value && value <= high95]).toEqual([name, true]);
    expect(prediction.calibration?.runs).toBeGreaterThan(100);
  });

  it("is wider where no run was seen, and says so", () => {
    const cold = predictWith({}, [64], "cold");
    const width = ({ points: [one] }: typeof cold) => Math.log((one?.stepTime_s.high95 ?? 0) / (one?.stepTime_s.low95 ?? 1));
    expect(width(cold)).toBeGreaterThan(1.2 * width(prediction));
    expect(cold.notes.join(" ")).toContain("No run informs");
  });
});

it("what does not fit is told with what would make it fit, and what that costs", () => {
  const [point] = predictWith({ "plan.recompute": "none", "plan.microBatch": 4 }).points;
  expect(point?.memory?.answer).toBe("does not fit");
  expect(point?.remedies.length).toBeGreaterThan(0);
  expect(point?.remedies.map(({ stepTime_s }) => stepTime_s)).toEqual((point?.remedies ?? []).map(({ stepTime_s }) => stepTime_s).toSorted((a, b) => a - b));
});

describe("problems", () => {
  const problemsOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      if (error instanceof InputError) return error.problems.map(({ path }) => path);
      throw error;
    }
    return [];
  };

  it("of a layout that does not divide are told together, for every number of devices", () => {
    expect(problemsOf(() => predictWith({ "plan.tensor": 7 }, [56, 64]))).toEqual(expect.arrayContaining([expect.stringContaining("56 devices"), expect.stringContaining("64 devices")]));
  });

  it("of documents of the wrong kind name those of the right one", () => {
    const { problems } = resolveTransformer(library, { ...names, plan: "climate-2018-summit-fp16", stack: "pytorch-nccl-2022" });
    expect(problems.map(({ path }) => path)).toEqual(["plans/climate-2018-summit-fp16: kind", "stacks/pytorch-nccl-2022: kind"]);
    expect(problems[1]?.hint).toContain("megatron-2022");
    expect(resolveScenario(library, names).problems[0]?.path).toBe("workloads/gpt3-175b: family");
  });

  it("of a device without the recipe's peak say which peaks it has", () => {
    expect(problemsOf(() => predictWith({ "plan.recipe": "nvfp4" })).join(" ")).toMatch(/a100.*peaks/);
  });
});

it("families tell which path a selection takes", () => {
  expect(familyOf(library, names)).toBe("transformer");
  expect(familyOf(library, { run: "summit-deeplabv3plus-fp16-2018" })).toBe("deeplabv3plus");
  expect(familyOf(library, { ...names, workload: "absent" })).toBeUndefined();
});
