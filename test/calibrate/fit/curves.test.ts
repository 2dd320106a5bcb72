/** Curves: parameters of a known truth are found within their intervals, the right number of regimes is chosen, what is far off is kept out with a reason. */
import { describe, expect, it } from "vitest";
import { fitCurve } from "../../../calibrate/fit/curves.ts";
import type { CurvePoint } from "../../../calibrate/fit/curve-models.ts";
import { seededUniform } from "../../../calibrate/fit/random.ts";

const sizes = Array.from({ length: 18 }, (_, at) => 2 ** (at + 6));

function sample(truth: (x: number) => number, noise: number, seed: number): CurvePoint[] {
  const uniform = seededUniform(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return sizes.map((x) => ({ x, y: truth(x) * Math.exp(noise * normal()), noise }));
}

const line = (x: number) => 50e-6 + x / 119e6;
const twoRegimes = (x: number) => (x < 2 ** 14 ? 5e-6 + x / 1e9 : 90e-6 + x / 4e9);

describe("latency and bandwidth", () => {
  it("are found, and one regime is enough where there is one", () => {
    const fit = fitCurve(sample(line, 0.01, 3), "latency-bandwidth", 1);
    expect(fit.model).toBe("latency and bandwidth");
    const [latency, bandwidth] = fit.parameters;
    expect(latency?.value).toBeGreaterThan(47e-6);
    expect(latency?.value).toBeLessThan(53e-6);
    expect(bandwidth?.value).toBeGreaterThan(116e6);
    expect(bandwidth?.value).toBeLessThan(122e6);
    expect(fit.residuals.median).toBeLessThan(0.02);
  });

  it("have regimes of their own on both sides of a change, which is found", () => {
    const fit = fitCurve(sample(twoRegimes, 0.02, 5), "latency-bandwidth", 1);
    expect(fit.model).toBe("2 regimes of latency and bandwidth");
    expect(fit.breaks).toHaveLength(1);
    expect(fit.breaks[0]).toBeGreaterThan(2 ** 13);
    expect(fit.breaks[0]).toBeLessThanOrEqual(2 ** 14);
    const large = fit.parameters.find(({ name }) => name === "bandwidth 2");
    expect(large?.value).toBeGreaterThan(3.7e9);
    expect(large?.value).toBeLessThan(4.3e9);
    const single = fit.candidates.find(({ model }) => model === "latency and bandwidth");
    expect(single?.bic).toBeGreaterThan(10);
  });

  it("lie within their interval in most of many draws", () => {
    let inside = 0;
    const seeds = Array.from({ length: 40 }, (_, at) => at + 10);
    for (const seed of seeds) {
      const bandwidth = fitCurve(sample(line, 0.02, seed), "latency-bandwidth", seed).parameters.at(-1);
      if (bandwidth && bandwidth.low <= 119e6 && 119e6 <= bandwidth.high) inside++;
    }
    expect(inside / seeds.length).toBeGreaterThan(0.8);
  });

  it("leave a point that is far off out, and say why", () => {
    const points = sample(line, 0.01, 4).map((point, at) => (at === 9 ? { ...point, y: point.y * 1.6 } : point));
    const fit = fitCurve(points, "latency-bandwidth", 1);
    expect([...fit.excluded.keys()]).toEqual([9]);
    expect(fit.excluded.get(9)).toMatch(/^(5[0-9]|6[0-9]) % off the fit, \d+ robust spreads$/);
  });

  it("are fixed by two points, and the band of a curve holds its points", () => {
    const fit = fitCurve(sample(line, 0.01, 4).slice(-2), "latency-bandwidth", 1);
    expect(fit.model).toBe("latency and bandwidth");
    for (const { low, y, high } of fit.curve) expect(low <= y && y <= high).toBe(true);
  });
});

describe("the levels of caches", () => {
  it("are found where the working set leaves them", () => {
    const truth = (x: number) => (x < 2 ** 12 ? 200e9 : x < 2 ** 18 ? 60e9 : 12e9);
    const fit = fitCurve(sample(truth, 0.02, 6), "levels", 1);
    expect(fit.model).toBe("3 levels");
    expect(fit.parameters[0]?.value).toBeGreaterThan(150e9);
    const deepest = fit.parameters.find(({ name }) => name === "level 3");
    expect(deepest?.value).toBeGreaterThan(9e9);
    expect(deepest?.value).toBeLessThan(15e9);
    expect(fit.breaks).toEqual([expect.toSatisfy((edge: number) => edge > 2 ** 11 && edge < 2 ** 13), expect.toSatisfy((edge: number) => edge > 2 ** 17 && edge < 2 ** 19)]);
  });
});

describe("saturation", () => {
  it("finds the peak beyond the largest size", () => {
    const fit = fitCurve(sample((x) => (1e12 * x) / (x + 3e4), 0.01, 7), "saturation", 1);
    expect(fit.model).toBe("saturation");
    expect(fit.parameters[0]?.value).toBeGreaterThan(0.9e12);
    expect(fit.parameters[0]?.value).toBeLessThan(1.1e12);
  });
});

it("what stays the same is told as constant, in every family", () => {
  for (const [family, model] of [["saturation", "constant"], ["levels", "one level"], ["constant", "constant"]] as const) expect(fitCurve(sample(() => 3, 0.03, 8), family, 1).model).toBe(model);
});

it("a few points of one size have a constant, and no curve", () => {
  const fit = fitCurve([1, 1.1, 0.9].map((y) => ({ x: 64, y, noise: 0.1 })), "latency-bandwidth", 1);
  expect(fit.model).toBe("constant");
  expect(fit.parameters[0]?.value).toBeCloseTo(1, 1);
  expect(fit.curve).toHaveLength(1);
});

it("the same seed gives the same answer", () => {
  const points = sample(twoRegimes, 0.02, 5);
  expect(fitCurve(points, "latency-bandwidth", 9)).toEqual(fitCurve(points, "latency-bandwidth", 9));
});
