/**
 * The expected largest of n normal deviates. Published values: Tippett (1925), Biometrika 17, as in tables of normal order statistics:
 * 0.56419 (n = 2), 1.53875 (10), 2.50759 (100), 3.24144 (1000). Blom's formula is an approximation:
 * 4.5 % above at n = 2, 0.5 % at 10, and 0.4 % below from 100 to 27,360, which the tolerances state.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectedMaximum, slowestLag } from "../../../model/variability/slowest.ts";

/** Exact, by the trapezium rule over n x phi(x) x Phi(x)^(n-1); Phi is integrated along. */
function integrate(count: number): number {
  const step = 1e-3;
  let below = 0;
  let mean = 0;
  for (let x = -9; x < 9; x += step) {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const next = Math.exp((-(x + step) * (x + step)) / 2) / Math.sqrt(2 * Math.PI);
    const middle = below + ((density + next) * step) / 4;
    mean += (x + step / 2) * count * ((density + next) / 2) * middle ** (count - 1) * step;
    below += ((density + next) * step) / 2;
  }
  return mean;
}

describe("expectedMaximum", () => {
  it.each([[2, 0.56419, 0.05], [10, 1.53875, 0.0052], [100, 2.50759, 0.0045], [1000, 3.24144, 0.0045]])("of %d is %d within %d", (count, published, tolerance) => {
    expect(Math.abs(integrate(count) / published - 1)).toBeLessThan(2e-5);
    expect(Math.abs(expectedMaximum(count) / published - 1)).toBeLessThan(tolerance);
  });

  it.each([5300, 27_360])("of %d, the scales of 2018, is within 0.45 % of the integral", (count) => {
    expect(Math.abs(expectedMaximum(count) / integrate(count) - 1)).toBeLessThan(0.0045);
  });

  it("is zero for one, grows with every one more, ever more slowly", () => {
    expect(expectedMaximum(1)).toBe(0);
    fc.assert(fc.property(fc.integer({ min: 2, max: 200_000 }), (count) => {
      const [one, two, four] = [count, 2 * count, 4 * count].map(expectedMaximum) as [number, number, number];
      expect(expectedMaximum(count + 1)).toBeGreaterThan(one);
      expect(four - two).toBeLessThan(two - one);
    }));
  });
});

it("slowestLag is the time over the mean of a device whose rate is spread x tail x maximum below it, and nothing for equal devices", () => {
  const below = 0.0141 * 1.56 * expectedMaximum(984);
  expect(slowestLag(984, 0.0141, 1.56)).toBeCloseTo(1 / (1 - below) - 1, 12);
  expect(slowestLag(27_360, 0, 1.56)).toBe(0);
  // Sunspot: the rate of the slowest of 984 tiles is 0.92869 of the mean (sources.json: cosmictagger-sunspot), so it takes 7.68 % longer.
  expect(slowestLag(984, 0.26643 / 18.8536, 1.56)).toBeCloseTo(1 / 0.92869 - 1, 2);
  expect(slowestLag(1e6, 0.3, 2)).toBe(Number.POSITIVE_INFINITY);
});
