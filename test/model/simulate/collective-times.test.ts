/** Between simulated sizes: exact on a line with two and one in the middle, within the tolerance on a bend, and only as many simulations as that takes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { narrowest, tabulate, tolerance } from "../../../model/simulate/collective-times.ts";

describe("times between simulated sizes", () => {
  it("are exact on a line, from three simulations", () => {
    const line = (bytes: number) => 1e-5 + bytes / 1e10;
    const times = tabulate([1e3, 5e4, 7e5, 1e8], line);
    expect(times.simulated).toEqual([1e3, 316228, 1e8]);
    for (const bytes of [1e3, 5e4, 7e5, 1e8]) expect(times.time_s(bytes) / line(bytes)).toBeCloseTo(1, 12);
  });

  it("stay near a line with a bend, wherever it is", () => {
    fc.assert(fc.property(fc.double({ min: 3.5, max: 7.8, noNaN: true }), (exponent) => {
      const bend = 10 ** exponent;
      const bent = (bytes: number) => 1e-5 + bytes / 1e10 + Math.max(0, bytes - bend) / 1e10;
      const times = tabulate([1e3, 1e8], bent);
      for (let bytes = 1e3; bytes <= 1e8; bytes *= 1.03) expect(Math.abs(times.time_s(bytes) / bent(bytes) - 1)).toBeLessThan((narrowest - 1) / 4 + tolerance);
      expect(times.simulated.length).toBeLessThan(70);
    }), { numRuns: 200 });
  });

  it("need one simulation for one size, none for none", () => {
    expect(tabulate([42], () => 3)).toMatchObject({ simulated: [42] });
    expect(tabulate([42], () => 3).time_s(42)).toBe(3);
    expect(tabulate([], () => 3).time_s(1)).toBe(0);
  });
});
