import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spreadOf, widen, write } from "../../calibrate/facts.ts";
import { parseQuantity, type Dimension } from "../../model/units.ts";

describe("quantities in documents", () => {
  const dimensions: Dimension[] = ["time", "data", "bandwidth", "rate", "fraction"];
  test.each(dimensions)("%s: the parser reads back what is written, to four digits", (dimension) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (value) => {
        const parsed = parseQuantity(String(write(value, dimension)), dimension);
        expect(parsed.ok && Math.abs(parsed.value / value - 1)).toBeLessThan(5.1e-4);
      }),
    );
  });

  test.each(dimensions)("%s: rounding keeps order", (dimension) => {
    const read = (value: number) => {
      const parsed = parseQuantity(String(write(value, dimension)), dimension);
      return parsed.ok ? parsed.value : Number.NaN;
    };
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 1e14, noNaN: true }), fc.double({ min: 1, max: 1.01, noNaN: true }), (value, factor) => {
        expect(read(value)).toBeLessThanOrEqual(read(value * factor) * (1 + 1e-12));
      }),
    );
  });

  test("spellings", () => {
    expect([write(1.25e8, "bandwidth"), write(1.9e-6, "time"), write(66.3e9, "rate"), write(2 ** 20, "data"), write(0.94, "fraction"), write(2, "count")]).toEqual(["125 MB/s", "1.9 us", "66.3 GF/s", "1 MiB", 0.94, 2]);
  });
});

describe("intervals", () => {
  test("the middle 80 % of a log-normal becomes its 95 %", () => {
    const { low, high } = widen({ value: 10, low: 10 * Math.exp(-1.2816 * 0.1), high: 10 * Math.exp(1.2816 * 0.1) });
    expect(low).toBeCloseTo(10 * Math.exp(-0.196), 9);
    expect(high).toBeCloseTo(10 * Math.exp(0.196), 9);
  });

  test("spread: median and the middle 80 % between the values, by interpolation", () => {
    expect(spreadOf([5])).toEqual({ value: 5, low: 5, high: 5 });
    const spread = spreadOf([4, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10]);
    expect(spread).toEqual({ value: 5, low: 1, high: 9 });
  });
});
