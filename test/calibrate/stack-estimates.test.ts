/** Estimates of stack parameters: made again from the runs they are what is stored, and put back into the model they give the run's figure. */
import { describe, expect, it } from "vitest";
import { makeStackDocuments } from "../../calibrate/fit/stack-document.ts";
import { estimateRows } from "../../calibrate/fit/stack-estimates.ts";
import { checkDocument } from "../../model/resolve/check.ts";
import type { StackCalibration } from "../../model/schema/calibration.ts";
import { metrics, type Run } from "../../model/schema/run.ts";
import { parseQuantity } from "../../model/units.ts";
import { library, predictRun } from "../support/library.ts";

const made = makeStackDocuments(library);
const stored = Object.values(library.documents.calibration).filter((value): value is StackCalibration => (value as StackCalibration).scope.kind === "stack");

/** The same tree with every number out of the way, and the numbers in order. */
function split(value: unknown): { words: unknown; numbers: number[] } {
  const numbers: number[] = [];
  const words: unknown = JSON.parse(JSON.stringify(value), (key, inner: unknown) => {
    if (key === "$schema") return undefined;
    if (typeof inner !== "number") return inner;
    numbers.push(inner);
    return "number";
  });
  return { words, numbers };
}

it("the stored documents are those that the runs give, and no others", () => {
  expect(made.map(({ id }) => id).toSorted()).toEqual(stored.map(({ id }) => id).toSorted());
});

it.each(made)("$id, made again, is what is stored within 1e-5", (document) => {
  const again = split(document);
  const kept = split(stored.find(({ id }) => id === document.id));
  expect(again.words).toEqual(kept.words);
  again.numbers.forEach((number, index) => expect(Math.abs(number / (kept.numbers[index] ?? Number.NaN) - 1)).toBeLessThan(1e-5));
  expect(checkDocument("calibration", document, document.id, library)).toEqual([]);
});

describe.each(estimateRows)("the estimate of $name from $run", ({ family, run, figure, figureError }) => {
  const document = library.documents.run[run] as Run;
  const estimate = made.find(({ scope, estimates }) => scope.family === family && estimates.some((one) => one.run === run))?.estimates.find((one) => one.run === run);
  const parameter = made.find(({ estimates }) => estimates.some((one) => one === estimate))?.scope.parameter ?? "";
  const pointOf = (id: string) => {
    const point = document.points.find((one) => one.id === id);
    const parsed = point && parseQuantity(point.value, metrics[point.metric]);
    if (!point || !parsed?.ok) throw new Error(`${run} has no point ${id}`);
    return { ...point, measured: parsed.value };
  };
  const predictAt = (devices: number, changes: Run["points"][number]["overrides"] = {}) => {
    const [point] = predictRun(run, { ...changes, [`stack.${parameter}`]: estimate?.value ?? 0 }, { devices: [devices], protocol: "cold" }).points;
    if (!point) throw new Error("no prediction");
    return point;
  };
  const relative = (predicted: number, measured: number) => Math.abs(predicted / measured - 1);

  it("put back gives the figure", () => {
    if (figure.kind === "single-step") {
      const sustained = pointOf(figure.sustained);
      const rate = predictAt(1).rate_flop_per_s.value;
      expect(relative(rate, sustained.measured / sustained.devices / pointOf(figure.efficiency).measured)).toBeLessThan(1e-5);
    } else if (figure.kind === "best-step") {
      const peak = pointOf(figure.peak);
      expect(relative(predictAt(peak.devices).peakRate_flop_per_s.value, peak.measured)).toBeLessThan(1e-5);
    } else {
      const point = pointOf(figure.point);
      const { throughput_samples_per_s, rate_flop_per_s, stepTime_s } = predictAt(point.devices, point.overrides);
      const predicted = point.metric === "throughput" ? throughput_samples_per_s : point.metric === "step-time" ? stepTime_s : rate_flop_per_s;
      expect(relative(predicted.value, point.measured)).toBeLessThan(1e-5);
    }
  });

  it("is less certain than the figure, since the parameter is only a part of the step", () => {
    expect(estimate?.standardError).toBeGreaterThanOrEqual(figureError);
    expect(estimate?.standardError).toBeLessThan(0.5);
  });

  it("says which run, point, workload and device it is from", () => {
    expect(estimate).toMatchObject({ run, workload: document.workload, device: expect.any(String) });
    expect(document.points.map(({ id }) => id)).toContain(estimate?.point);
  });
});
