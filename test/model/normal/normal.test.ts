/** Quantiles of the normal law beside published ones: Wichura (1988), AS 241, its own check values; tables of the normal law to 15 digits. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalDensity, normalQuantile, normalShare, z80, z90, z95 } from "../../../model/normal.ts";

describe("quantiles of the normal law", () => {
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.26234008979841],
    [0.9, 1.2815515655446004],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [1e-6, -4.753424308822899],
    [1e-100, -21.27345356096532],
  ])("of %d is %d", (share, published) => {
    expect(Math.abs(normalQuantile(share) / published - 1)).toBeLessThan(2e-15);
  });

  it("of the slowest of 27,360 is 4.0767, where an approximation of six digits in the share has 4.063", () => {
    expect(normalQuantile((27_360 - 0.375) / (27_360 + 0.25))).toBeCloseTo(4.076662569, 8);
  });

  it("turns shares back into deviates, to the error of the share, and rises", () => {
    fc.assert(fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (deviate) => {
      expect(Math.abs(normalQuantile(normalShare(deviate)) - deviate)).toBeLessThan((1e-7 / normalDensity(deviate)) * 1.5 + 1e-9);
    }));
    fc.assert(fc.property(fc.double({ min: 1e-300, max: 1 - 1e-9, noNaN: true }), (share) => {
      expect(normalQuantile(share * (1 + 1e-9))).toBeGreaterThanOrEqual(normalQuantile(share));
      expect(normalQuantile(1 - share)).toBeCloseTo(share < 1e-12 ? normalQuantile(1 - share) : -normalQuantile(1 - (1 - share)), 9);
    }));
  });

  it("is without end at 0 and 1, and no number outside", () => {
    expect([0, 1, 0.5].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0]);
    expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("gives the half widths of intervals to six digits", () => {
    for (const [width, share] of [[z80, 0.9], [z90, 0.95], [z95, 0.975]] as const) expect(width).toBeCloseTo(normalQuantile(share), 6);
  });
});
