/** How a prior and estimates from runs become one value: weights, what is left out and why, and that no run informs its own scored points. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeStackDocuments } from "../../../calibrate/fit/stack-document.ts";
import { outputsAt } from "../../../model/predict/outputs.ts";
import { prepare } from "../../../model/predict/prepare.ts";
import { combineParameter, logError, z95, type Parameter, type Protocol } from "../../../model/resolve/parameters.ts";
import type { Library, Scenario } from "../../../model/scenario.ts";
import type { StackCalibration } from "../../../model/schema/calibration.ts";
import type { Fact } from "../../../model/schema/fact.ts";
import { metrics, type Run } from "../../../model/schema/run.ts";
import { parseQuantity } from "../../../model/units.ts";
import { copyLibrary, runNames, scenarioOf } from "../../support/library.ts";

const fp16 = "summit-deeplabv3plus-fp16-2018";
const prior: Fact = { value: 1.3, low: 0.8, high: 2.6, dimension: "fraction", kind: "assumed", source: "judgement", text: "1.3" };
const own = { value: 2, standardError: 0.03, run: fp16, point: "peak", workload: "deeplabv3plus-climate-2018", device: "v100-sxm2-16gb" };
const other = { ...own, value: 1.8, run: "summit-tiramisu-fp16-2018", point: "single-gpu", workload: "tiramisu-climate-2018" };

function withEstimates(scenario: Scenario, estimates: StackCalibration["estimates"], parameter = "kernels.x", family = scenario.stack.family): Scenario {
  const calibration: StackCalibration = { id: "c", title: "c", scope: { kind: "stack", family, parameter }, method: "", transferError: 0.1, estimates };
  return { ...scenario, calibrations: [calibration] };
}
const combine = (scenario: Scenario, protocol: Protocol, fact = prior, extra = 0.05): Parameter => combineParameter(scenario, protocol, "kernels.x", "x", fact, extra);
const weights = ({ link }: Parameter): number[] => link.parts.map(({ weight }) => weight);

describe("combineParameter", () => {
  const scenario = scenarioOf(fp16);

  it("weighs by inverse variance on the logarithm, with the transfer error for another configuration", () => {
    const parameter = combine(withEstimates(scenario, [own, other]), "in-sample");
    const variances = [logError(prior) ** 2 + 0.05 ** 2, 0.03 ** 2, 0.03 ** 2 + 0.1 ** 2];
    const total = variances.reduce((sum, variance) => sum + 1 / variance, 0);
    weights(parameter).forEach((weight, index) => expect(weight).toBeCloseTo(1 / (variances[index] ?? 1) / total, 12));
    expect(Math.log(parameter.value)).toBeCloseTo([1.3, 2, 1.8].reduce((sum, value, index) => sum + (weights(parameter)[index] ?? 0) * Math.log(value), 0), 12);
    expect(parameter.standardError).toBeCloseTo(Math.sqrt(1 / total), 12);
    expect(parameter.link).toMatchObject({ low95: parameter.value * Math.exp(-z95 * parameter.standardError), high95: parameter.value * Math.exp(z95 * parameter.standardError) });
  });

  it("has weights that sum to one and a value between the least and the largest of what went in", () => {
    const estimate = fc.record({ value: fc.double({ min: 0.1, max: 10, noNaN: true }), standardError: fc.double({ min: 0.001, max: 1, noNaN: true }), same: fc.boolean() });
    fc.assert(fc.property(fc.array(estimate, { maxLength: 5 }), fc.constantFrom<Protocol>("in-sample", "leave-one-series-out", "cold"), (rows, protocol) => {
      const estimates = rows.map(({ same, ...row }) => ({ ...(same ? own : other), ...row }));
      const parameter = combine(withEstimates(scenario, estimates), protocol);
      expect(weights(parameter).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      const used = parameter.link.parts.filter(({ weight }) => weight > 0).map(({ value }) => value);
      expect(parameter.value).toBeGreaterThanOrEqual(Math.min(...used) * (1 - 1e-12));
      expect(parameter.value).toBeLessThanOrEqual(Math.max(...used) * (1 + 1e-12));
      expect(parameter.standardError).toBeLessThanOrEqual(Math.hypot(logError(prior), 0.05));
    }));
  });

  it("lets an estimate of the same configuration outweigh one of another that is as well known", () => {
    const [, same = 0, carried = 0] = weights(combine(withEstimates(scenario, [own, other]), "in-sample"));
    expect(same).toBeGreaterThan(5 * carried);
  });

  it("cold uses none of the estimates and says so", () => {
    const parameter = combine(withEstimates(scenario, [own, other]), "cold");
    expect(weights(parameter)).toEqual([1, 0, 0]);
    expect(parameter.value).toBeCloseTo(1.3, 12);
    expect(parameter.link.parts.slice(1).map(({ leftOut }) => leftOut)).toEqual(Array(2).fill(expect.stringContaining("cold")));
  });

  it("leave-one-series-out keeps a point that the run names for calibration and leaves out the points it is scored by", () => {
    const parameter = combine(withEstimates(scenario, [own, { ...own, point: "sustained" }, other]), "leave-one-series-out");
    expect(parameter.link.parts.map(({ leftOut }) => leftOut)).toEqual([undefined, undefined, expect.stringContaining("compared with"), undefined]);
    expect(weights(parameter)[2]).toBe(0);
    const unknown = combine(withEstimates(scenario, [{ ...own, point: "no such point" }]), "leave-one-series-out");
    expect(weights(unknown)).toEqual([1, 0]);
  });

  it("in-sample uses its own scored points too", () => {
    expect(weights(combine(withEstimates(scenario, [{ ...own, point: "sustained" }]), "in-sample"))[1]).toBeGreaterThan(0.5);
  });

  it("does not take estimates of another family or parameter", () => {
    expect(combine(withEstimates(scenario, [own], "kernels.y"), "in-sample").link.parts).toHaveLength(1);
    expect(combine(withEstimates(scenario, [own], "kernels.x", "pytorch-2022"), "in-sample").link.parts).toHaveLength(1);
  });

  it("takes a value that the user set as it is, exact", () => {
    const parameter = combine(withEstimates(scenario, [own, other]), "in-sample", { ...prior, value: 1.7, low: 1.7, high: 1.7, source: "changed-by-you" });
    expect(parameter).toMatchObject({ value: expect.closeTo(1.7, 12), standardError: 0 });
    expect(parameter.link.parts).toMatchObject([{ what: "your value", weight: 1 }, { leftOut: "you set this value" }, { leftOut: "you set this value" }]);
  });
});

describe("a scored point never informs the prediction of its own run", () => {
  const scored = runNames.flatMap((run) => (scenarioOf(run).run?.points ?? []).filter(({ use }) => use === "validation").map(({ id }) => ({ run, id })));

  it("there are such points", () => expect(scored.length).toBeGreaterThanOrEqual(10));

  const numbersOf = (from: Library, run: string) => {
    const scenario = scenarioOf(run, {}, from);
    const prepared = prepare(scenario, "leave-one-series-out");
    return { step_s: outputsAt(prepared, scenario.run?.scales.at(-1) ?? 1).terms.step_s, errors: Object.values(prepared.parameters).map(({ standardError }) => standardError) };
  };
  /** The library after all values of the points were multiplied and the calibrations re-made from them. */
  function shifted(run: string, ids: string[], factor: number): Library {
    const copy = copyLibrary();
    const document = copy.documents.run[run] as Run;
    const points = document.points.map((point) => (ids.includes(point.id) ? { ...scale(point, factor), low: undefined, high: undefined } : point));
    copy.documents.run[run] = JSON.parse(JSON.stringify({ ...document, points }));
    for (const made of makeStackDocuments(copy)) copy.documents.calibration[made.id] = made;
    return copy;
  }
  function scale(point: Run["points"][number], factor: number): Run["points"][number] {
    const parsed = parseQuantity(point.value, metrics[point.metric]);
    const units = { rate: " flop/s", fraction: "", samples: " samples/s", time: " s" } as const;
    return { ...point, value: `${parsed.ok ? parsed.value * factor : Number.NaN}${units[metrics[point.metric]]}` };
  }

  const unshifted = shifted(runNames[0] ?? "", [], 1);

  it.each(runNames)("%s: changed by 10 %, calibrations re-made from it, the prediction stays", (run) => {
    const ids = scored.filter((one) => one.run === run).map(({ id }) => id);
    expect(numbersOf(shifted(run, ids, 0.9), run)).toEqual(numbersOf(unshifted, run));
  });

  it("while a prediction of another run of the family moves", () => {
    const run = "summit-deeplabv3plus-fp32-2018";
    expect(numbersOf(shifted(run, ["sustained"], 0.9), "piz-daint-tiramisu-2018")).not.toEqual(numbersOf(unshifted, "piz-daint-tiramisu-2018"));
  });
});
