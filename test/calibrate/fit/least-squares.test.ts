import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summariseErrors } from "../../../calibrate/fit/errors.ts";
import { fitLeastSquares } from "../../../calibrate/fit/least-squares.ts";
import { invertSymmetric, solveSymmetric } from "../../../calibrate/fit/matrix.ts";

const wide = { mean: 0, sd: 1e4 };
const line = (xs: readonly number[], ys: readonly number[]) => (parameters: Float64Array, out: Float64Array) => {
  for (const [index, x] of xs.entries()) out[index] = parameters[0]! + parameters[1]! * x - ys[index]!;
};
const xs = [0, 1, 2, 3, 4, 5, 6, 7];

describe("least squares", () => {
  it("finds a straight line and the textbook covariance of its slope", () => {
    const ys = xs.map((x) => 2 - 3 * x);
    const fit = fitLeastSquares({ priors: [wide, wide], residuals: line(xs, ys), count: 8, noise: 0.5 });
    expect(fit.converged).toBe(true);
    expect(fit.parameters[0]).toBeCloseTo(2, 4);
    expect(fit.parameters[1]).toBeCloseTo(-3, 4);
    const spread = xs.reduce((sum, x) => sum + (x - 3.5) ** 2, 0);
    expect(Math.sqrt(fit.covariance[1]![1]!)).toBeCloseTo(0.5 / Math.sqrt(spread), 4);
  });

  it("weighs one measurement against a Gaussian prior by their precisions", () => {
    const fit = fitLeastSquares({ priors: [{ mean: 0, sd: 1 }], residuals: (p, out) => void (out[0] = p[0]! - 0.01), count: 1, noise: 1 });
    expect(fit.parameters[0]).toBeCloseTo(0.005, 5);
    expect(fit.covariance[0]![0]).toBeCloseTo(0.5, 3);
  });

  it("returns the prior and its width for a parameter that moves nothing", () => {
    const fit = fitLeastSquares({ priors: [wide, { mean: 7, sd: 2 }], residuals: (p, out) => void (out[0] = p[0]! - 1), count: 1, noise: 1 });
    expect(fit.parameters[1]).toBeCloseTo(7, 6);
    expect(Math.sqrt(fit.covariance[1]![1]!)).toBeCloseTo(2, 6);
  });

  it("hardly follows a gross outlier", () => {
    const ys = xs.map((x) => 2 - 3 * x);
    ys[7]! += 1000;
    const fit = fitLeastSquares({ priors: [wide, wide], residuals: line(xs, ys), count: 8, noise: 0.5 });
    expect(Math.abs(fit.parameters[1]! + 3)).toBeLessThan(0.5);
  });

  it("finds the two rates of a sum of exponentials from a poor start", () => {
    const times = Array.from({ length: 40 }, (_, index) => index / 8);
    const values = times.map((t) => Math.exp(-0.3 * t) + 2 * Math.exp(-2 * t));
    const fit = fitLeastSquares({
      priors: [0, 0].map(() => ({ mean: 0, sd: 10 })),
      start: [Math.log(0.1), Math.log(5)],
      count: times.length,
      noise: 1e-3,
      residuals: (p, out) => {
        for (const [index, t] of times.entries()) out[index] = Math.exp(-Math.exp(p[0]!) * t) + 2 * Math.exp(-Math.exp(p[1]!) * t) - values[index]!;
      },
    });
    expect(Math.exp(fit.parameters[0]!)).toBeCloseTo(0.3, 4);
    expect(Math.exp(fit.parameters[1]!)).toBeCloseTo(2, 3);
  });
});

describe("small matrices", () => {
  it("solves and inverts any matrix of the form A'A + I", () => {
    const entry = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(entry, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }), fc.array(entry, { minLength: 4, maxLength: 4 }), (a, x) => {
        const matrix = a.map((_, i) => a.map((_row, j) => a.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? 1 : 0)));
        const right = matrix.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0));
        for (const [index, value] of solveSymmetric(matrix, right).entries()) expect(value).toBeCloseTo(x[index]!, 8);
        const inverse = invertSymmetric(matrix);
        for (const [i, row] of matrix.entries()) {
          for (let j = 0; j < 4; j += 1) expect(row.reduce((sum, value, k) => sum + value * inverse[k]![j]!, 0)).toBeCloseTo(i === j ? 1 : 0, 8);
        }
      }),
    );
  });

  it("refuses a singular one", () => {
    expect(() => solveSymmetric([[1, 1], [1, 1]], [1, 1])).toThrow("not positive definite at row 1");
  });
});

describe("error summaries", () => {
  it("gives mean, median and 90th percentile of |predicted / measured - 1| and the error of the sum", () => {
    const pairs = [1, 2, 3, 4, 10].map((measured, index) => ({ measured, predicted: measured * (1 + index / 10) }));
    const { mape, median, p90, sumError } = summariseErrors(pairs);
    expect([mape, median, p90]).toEqual([expect.closeTo(0.2), expect.closeTo(0.2), expect.closeTo(0.36)]);
    expect(sumError).toBeCloseTo((0.2 + 0.6 + 1.2 + 4) / 20, 12);
  });
});
