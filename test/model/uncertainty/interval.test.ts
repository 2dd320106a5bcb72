/** Propagation of intervals against cases worked out by hand (first order, JCGM 100:2008). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ends, listInputs } from "../../../model/uncertainty/inputs.ts";
import { addEffect, noSpread, toEstimate } from "../../../model/uncertainty/interval.ts";
import { labelOf } from "../../../model/uncertainty/labels.ts";
import { pathOfParameter, prepare } from "../../../model/predict/prepare.ts";
import { runNames, scenarioOf } from "../../support/library.ts";

function spreadOf(...effects: [low: number, high: number, value: number][]) {
  const spread = noSpread();
  for (const [low, high, value] of effects) addEffect(spread, low, high, value);
  return spread;
}

describe("toEstimate", () => {
  it("of exact inputs has no width", () => {
    expect(toEstimate(5, noSpread())).toEqual({ value: 5, low80: 5, high80: 5, low95: 5, high95: 5 });
    expect(toEstimate(5, spreadOf([5, 5, 5]))).toEqual({ value: 5, low80: 5, high80: 5, low95: 5, high95: 5 });
  });

  it("of one input gives its ends back", () => {
    const one = toEstimate(10, spreadOf([8, 15, 10]));
    expect(one.low95).toBeCloseTo(8, 12);
    expect(one.high95).toBeCloseTo(15, 12);
    // 80 % of a normal law is 1.2816 standard deviations, 95 % is 1.9600.
    expect(one.high80).toBeCloseTo(10 * 1.5 ** (1.281552 / 1.959964), 12);
  });

  it("does not care which end of an input makes the output larger", () => {
    expect(toEstimate(10, spreadOf([15, 8, 10]))).toEqual(toEstimate(10, spreadOf([8, 15, 10])));
  });

  it("adds independent inputs as squares of logarithms: two of 10 % are 14.4 %, not 21 %", () => {
    const two = toEstimate(1, spreadOf([1 / 1.1, 1.1, 1], [1 / 1.1, 1.1, 1]));
    expect(two.high95).toBeCloseTo(Math.exp(Math.SQRT2 * Math.log(1.1)), 12);
    expect(two.low95).toBeCloseTo(1 / two.high95, 12);
  });

  it("of an input that can only slow things down is one-sided", () => {
    const slower = toEstimate(1, spreadOf([1, 1.2, 1]));
    expect(slower).toMatchObject({ low80: 1, low95: 1 });
    expect(slower.high95).toBeCloseTo(1.2, 12);
    const both = toEstimate(1, spreadOf([1.1, 1.2, 1]));
    expect(both.low95).toBe(1);
    expect(both.high95).toBeCloseTo(1.2, 12);
  });

  it("takes an output of zero as it is", () => {
    expect(toEstimate(0, spreadOf([0, 1, 0]))).toEqual({ value: 0, low80: 0, high80: 0, low95: 0, high95: 0 });
  });

  it("holds the value inside the 80 % interval inside the 95 % interval, and more inputs only widen it", () => {
    const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(fc.property(positive, fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 8 }), (value, rows) => {
      const effects = rows.map(([low, high]) => [low, high, value] as [number, number, number]);
      const { low95, low80, high80, high95 } = toEstimate(value, spreadOf(...effects));
      expect([low95, low80, value, high80, high95].every((one, index, all) => index === 0 || one >= (all[index - 1] ?? 0))).toBe(true);
      const fewer = toEstimate(value, spreadOf(...effects.slice(1)));
      expect(fewer.low95).toBeGreaterThanOrEqual(low95);
      expect(fewer.high95).toBeLessThanOrEqual(high95);
    }));
  });
});

describe.each(runNames)("the inputs of %s", (run) => {
  const scenario = scenarioOf(run);
  const prepared = prepare(scenario, "leave-one-series-out");
  const inputs = listInputs(scenario, prepared.parameters, pathOfParameter(prepared), prepared.collectives);

  it("stand once each under their path", () => {
    const paths = inputs.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toEqual(expect.arrayContaining(["machine.node.injection", "device.memory.bandwidth", "plan.fusion", "stack.traffic.activation.forward", "workload.dataset.samples"]));
  });

  it("hold the fitted parameters in place of their priors", () => {
    const fitted = inputs.filter(({ kind }) => kind === "parameter").map(({ path }) => path);
    expect(fitted.toSorted()).toEqual([`stack.kernels.convolutionFactor.${scenario.plan.precision}`, "stack.kernels.depthwiseTraffic"]);
  });

  it("have ends around their value, or none where they are exact", () => {
    for (const input of inputs) {
      const range = ends(input);
      const value = input.kind === "fact" ? input.fact.value : input.parameter.value;
      if (range) expect(range.low <= value && value <= range.high && range.low < range.high, input.path).toBe(true);
      else expect(input.kind === "fact" && (input.fact.low === undefined || input.fact.high === undefined || input.fact.low === input.fact.high), input.path).toBe(true);
    }
  });

  it("are named in words", () => {
    for (const { path } of inputs) expect(labelOf(path), path).not.toBe(path);
  });
});
