/** Surfaces: what was measured is given back, sizes between are interpolated, far away the mean and the spread return; order and unit of time do not matter. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitSurface, type SurfacePoint } from "../../../calibrate/fit/surface.ts";
import { seededUniform } from "../../../calibrate/fit/random.ts";
import { prepareSurface, readSurface, readSurfaceTime } from "../../../model/compute/surface.ts";

/** A smooth truth over two sizes: efficiency rises with both and saturates. */
const truth = (rows: number, inner: number): number => (1 + 30 / rows) * (1 + 100 / inner);
const peak = 1e11;
const bound = (rows: number, inner: number): number => (2 * rows * inner * 64) / peak;

function points(noise: number, seed: number): SurfacePoint[] {
  const uniform = seededUniform(seed);
  const sizes = [8, 24, 64, 200, 512, 1500];
  return sizes.flatMap((rows) => sizes.map((inner) => ({ features: [rows, inner], bound_s: bound(rows, inner), time_s: bound(rows, inner) * truth(rows, inner) * Math.exp(noise * (uniform() + uniform() + uniform() - 1.5) * 2) })));
}

const fitted = fitSurface("linear", "forward", ["rows", "inner"], points(0.02, 1));
const surface = prepareSurface(fitted);

describe("a surface", () => {
  it("gives back what was measured within its noise", () => {
    for (const { features, bound_s, time_s } of points(0.02, 1)) expect(Math.abs(Math.log(readSurface(surface, features, bound_s).time_s / time_s))).toBeLessThan(0.06);
    expect(fitted.residuals.n).toBe(36);
    expect(fitted.residuals.median).toBeLessThan(0.04);
  });

  it("interpolates between", () => {
    fc.assert(fc.property(fc.double({ min: 8, max: 1500, noNaN: true }), fc.double({ min: 8, max: 1500, noNaN: true }), (rows, inner) => {
      const { time_s, standardError } = readSurface(surface, [rows, inner], bound(rows, inner));
      expect(Math.abs(Math.log(time_s / (bound(rows, inner) * truth(rows, inner))))).toBeLessThan(0.1);
      expect(standardError).toBeLessThan(0.15);
    }));
  });

  it("far away goes back to the mean, with the spread of all sizes", () => {
    const { time_s, standardError } = readSurface(surface, [1e60, 1e60], 1);
    expect(Math.log(time_s)).toBeCloseTo(fitted.mean, 2);
    expect(standardError).toBeCloseTo(fitted.signal, 2);
  });

  it("is finite for any sizes above zero", () => {
    const size = fc.double({ min: 1e-3, max: 1e15, noNaN: true });
    fc.assert(fc.property(size, size, (rows, inner) => {
      const { time_s, standardError } = readSurface(surface, [rows, inner], 1e-6);
      expect(readSurfaceTime(surface, [rows, inner], 1e-6)).toBe(time_s);
      expect(Number.isFinite(time_s) && time_s > 0 && standardError >= 0 && standardError <= fitted.signal + 1e-9).toBe(true);
    }));
  });

  it("does not depend on the order of the points, and scales with the times", () => {
    const shuffled = prepareSurface(fitSurface("linear", "forward", ["rows", "inner"], points(0.02, 1).toReversed()));
    const slower = prepareSurface(fitSurface("linear", "forward", ["rows", "inner"], points(0.02, 1).map((point) => ({ ...point, time_s: 3 * point.time_s }))));
    for (const at of [[10, 10], [100, 700], [3000, 20]]) {
      expect(readSurface(shuffled, at, 1).time_s).toBeCloseTo(readSurface(surface, at, 1).time_s, 9);
      expect(readSurface(slower, at, 1).time_s / readSurface(surface, at, 1).time_s).toBeCloseTo(3, 2);
    }
  });

  it("says how far it can be off: most held-out sizes lie within two of its standard errors and the noise", () => {
    let inside = 0;
    let all = 0;
    for (let seed = 2; seed < 8; seed++) {
      const rows = points(0.03, seed);
      const known = rows.filter((_, at) => at % 3 !== 0);
      const fit = fitSurface("linear", "forward", ["rows", "inner"], known);
      const prepared = prepareSurface(fit);
      for (const { features, bound_s, time_s } of rows.filter((_, at) => at % 3 === 0)) {
        const answer = readSurface(prepared, features, bound_s);
        all++;
        if (Math.abs(Math.log(answer.time_s / time_s)) < 2 * Math.hypot(answer.standardError, fit.noise)) inside++;
      }
    }
    expect(inside / all).toBeGreaterThan(0.85);
  });
});
