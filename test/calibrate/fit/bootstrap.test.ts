/** Intervals: a truth drawn many times lies in them about as often as they say, and a new run in the band; the robust scale is that of a normal law. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentEnd } from "../../../calibrate/fit/bootstrap.ts";
import { fitCurve } from "../../../calibrate/fit/curves.ts";
import { seededUniform } from "../../../calibrate/fit/random.ts";
import { robustScale } from "../../../calibrate/fit/robust-scale.ts";

function normals(seed: number): () => number {
  const uniform = seededUniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Share of draws in which the bandwidth lies in its interval, and of new runs in the band. */
function cover(count: number, noise: number, told: number): { bandwidth: number; run: number } {
  const draws = 60;
  const normal = normals(11);
  const truth = (x: number): number => 5e-5 + x / 1e9;
  let [bandwidth, inside, all] = [0, 0, 0];
  for (let seed = 0; seed < draws; seed++) {
    const points = Array.from({ length: count }, (_, at) => 64 * 4 ** at).map((x) => ({ x, y: truth(x) * Math.exp(noise * normal()), noise: told }));
    const fit = fitCurve(points, "latency-bandwidth", seed);
    const found = fit.parameters.find(({ name }) => name === "bandwidth");
    if (found && found.low <= 1e9 && 1e9 <= found.high) bandwidth++;
    for (const { x, low, high } of fit.curve) {
      const run = truth(x) * Math.exp(noise * normal());
      all++;
      if (low <= run && run <= high) inside++;
    }
  }
  return { bandwidth: bandwidth / draws, run: inside / all };
}

describe("intervals of 95 %", () => {
  it("hold the truth about as often as they say where repeats tell the noise", () => {
    const { bandwidth, run } = cover(10, 0.05, 0.05);
    expect(bandwidth).toBeGreaterThan(0.88);
    expect(run).toBeGreaterThan(0.9);
    expect(run).toBeLessThan(0.995);
  });

  it("grow with the scatter where runs differ by more than repeats tell", () => {
    const { bandwidth, run } = cover(10, 0.15, 0.05);
    expect(bandwidth).toBeGreaterThan(0.7);
    expect(run).toBeGreaterThan(0.8);
  });

  it("are as wide for few points as Student's law makes them", () => {
    for (const [freedom, end] of [[3, 3.182], [5, 2.571], [10, 2.228], [30, 2.042]] as const) expect(Math.abs(studentEnd(freedom) / end - 1)).toBeLessThan(0.04);
  });
});

describe("the robust scale", () => {
  it("is the standard deviation of normal residuals", () => {
    const normal = normals(3);
    expect(robustScale(Array.from({ length: 20_000 }, () => 2.5 * normal()))).toBeCloseTo(2.5, 1);
  });

  it("goes with the residuals, and hardly with a few of them", () => {
    const normal = normals(4);
    const values = Array.from({ length: 60 }, normal);
    const scale = robustScale(values);
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (factor) => {
      expect(robustScale(values.map((value) => value * factor)) / (factor * scale)).toBeCloseTo(1, 3);
    }));
    // One in 61 at twenty standard deviations: the standard deviation itself grows by a factor of 2.7.
    expect(robustScale([...values, 20 * scale]) / scale).toBeLessThan(1.6);
    expect(robustScale([0, 0, 0])).toBe(0);
  });
});
