/** Draws: repeatable, of the law they name, the slowest where the expectation says. */
import { describe, expect, it } from "vitest";
import { drawNormal, drawOrder, drawSlowdowns, seededRandom } from "../../../model/variability/draw.ts";
import { slowestLag } from "../../../model/variability/slowest.ts";

describe("draws", () => {
  it("repeat with the seed and differ without it", () => {
    const take = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
    for (const one of take(3)) expect(one >= 0 && one < 1).toBe(true);
  });

  it("are normal: mean 0, variance 1, 2.3 % beyond two deviations on either side", () => {
    const random = seededRandom(11);
    const values = Array.from({ length: 100_000 }, () => drawNormal(random));
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length).toBeCloseTo(1, 1);
    expect(values.filter((one) => one > 2).length / values.length).toBeCloseTo(0.0228, 2);
  });

  it("put the slowest of many devices where its expectation is", () => {
    const [count, sigma, tail] = [984, 0.0141, 1.56];
    const lags = Array.from({ length: 300 }, (_, seed) => Math.max(...drawSlowdowns(count, sigma, tail, seededRandom(seed))) - 1);
    const mean = lags.reduce((sum, one) => sum + one, 0) / lags.length;
    expect(mean / slowestLag(count, sigma, tail)).toBeGreaterThan(0.95);
    expect(mean / slowestLag(count, sigma, tail)).toBeLessThan(1.05);
    expect([...drawSlowdowns(4, 0, tail, seededRandom(1))]).toEqual([1, 1, 1, 1]);
  });

  it("order all numbers once", () => {
    expect([...drawOrder(50, seededRandom(5))].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});
