/** A curve read from its stated parameters is the curve that the fit drew; values by hand for each model. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCurve } from "../../../calibrate/fit/read-curve.ts";
import type { CurveFit, HostCalibration } from "../../../model/schema/calibration.ts";

const { fits } = JSON.parse(readFileSync(new URL("../../fixtures/calibrations/synthetic-a-host.json", import.meta.url), "utf8")) as HostCalibration;
const stated = (model: string, values: Record<string, number>, breaks: number[] = []): Pick<CurveFit, "model" | "parameters" | "breaks"> => ({ model, breaks, parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, low: value, high: value, unit: "1" }])) });

test.each(fits.map((fit) => [fit.id, fit] as const))("%s: every sample that was drawn", (_id, fit) => {
  expect(fit.curve.length).toBeGreaterThan(0);
  for (const { x, y } of fit.curve) expect((readCurve(fit, x) ?? 0) / y).toBeCloseTo(1, 2);
});

describe("by hand", () => {
  test("latency and bandwidth, with and without regimes", () => {
    expect(readCurve(stated("latency and bandwidth", { latency: 2, bandwidth: 5 }), 10)).toBe(4);
    const two = stated("2 regimes of latency and bandwidth", { "latency 1": 1, "bandwidth 1": 10, "latency 2": 3, "bandwidth 2": 20 }, [100]);
    expect(readCurve(two, 50)).toBe(6);
    expect(readCurve(two, 100)).toBe(8);
  });

  test("saturation is half of the peak at the half-size, whatever the power", () => {
    expect(readCurve(stated("saturation", { peak: 8, "half-size": 3 }), 3)).toBe(4);
    expect(readCurve(stated("saturation", { peak: 8, "half-size": 3 }), 9)).toBe(6);
    expect(readCurve(stated("saturation with a power", { peak: 8, "half-size": 3, power: 2 }), 3)).toBe(4);
    expect(readCurve(stated("saturation with a power", { peak: 8, "half-size": 1, power: 2 }), Math.sqrt(3))).toBeCloseTo(6, 10);
  });

  test("levels: each far from its edges, the geometric mean on an edge", () => {
    const three = stated("3 levels", { "level 1": 100, "edge 1": 1e3, "level 2": 25, "edge 2": 1e9, "level 3": 4, "width of a step": 0.2 });
    expect(readCurve(three, 1)).toBeCloseTo(100, 6);
    expect(readCurve(three, 1e6)).toBeCloseTo(25, 6);
    expect(readCurve(three, 1e15)).toBeCloseTo(4, 6);
    expect(readCurve(three, 1e3)).toBeCloseTo(50, 6);
    expect(readCurve(stated("one level", { "level 1": 7 }), 5)).toBeCloseTo(7, 10);
  });

  test("nothing for a model that is not known, or that lacks a parameter", () => {
    expect(readCurve(stated("spline", { value: 1 }), 1)).toBeNull();
    expect(readCurve(stated("latency and bandwidth", { latency: 1 }), 1)).toBeNull();
    expect(readCurve(stated("constant", { value: 3 }), 1)).toBe(3);
  });
});
