/** The grammar of quantity strings: what is read, what is refused with which hint, and that what is written for people reads back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dimensions, formatCount, formatNumber, formatQuantity, parseQuantity, showQuantity, type Dimension } from "../../../model/units.ts";

const valid: [text: string, dimension: Dimension, value: number][] = [
  ["900 GB/s", "bandwidth", 900e9],
  ["900GB/s", "bandwidth", 900e9],
  ["  900   GB/s  ", "bandwidth", 900e9],
  ["200 Gbit/s", "bandwidth", 25e9],
  ["8 bit/s", "bandwidth", 1],
  ["1 GiB/s", "bandwidth", 2 ** 30],
  ["80 GiB", "data", 80 * 2 ** 30],
  ["80 GB", "data", 80e9],
  ["1 kB", "data", 1000],
  ["1 KiB", "data", 1024],
  ["1 Mibit", "data", 2 ** 17],
  ["0 B", "data", 0],
  ["1 PiB", "data", 2 ** 50],
  ["1.9 us", "time", 1.9e-6],
  ["1.9 µs", "time", 1.9e-6],
  ["1.9 μs", "time", 1.9e-6],
  ["12 ns", "time", 12e-9],
  ["2 min", "time", 120],
  ["1 h", "time", 3600],
  ["1 d", "time", 86_400],
  ["125 TF/s", "rate", 125e12],
  ["125 TFLOP/s", "rate", 125e12],
  ["125 Tflop/s", "rate", 125e12],
  ["1.13 EF/s", "rate", 1.13e18],
  ["14.41 Tflop", "work", 14.41e12],
  ["300 W", "power", 300],
  ["29 MW", "power", 29e6],
  ["1.53 GHz", "frequency", 1.53e9],
  ["2.5 samples/s", "samples", 2.5],
  ["2.5 images/s", "samples", 2.5],
  ["4608", "count", 4608],
  ["1e6", "count", 1e6],
  ["85 %", "fraction", 0.85],
  ["85%", "fraction", 0.85],
  ["0.85", "fraction", 0.85],
  [".5", "fraction", 0.5],
  ["5.", "fraction", 5],
  ["-1.5e-3", "fraction", -0.0015],
  ["+2", "fraction", 2],
  ["1e3 B", "data", 1000],
  ["1 EB", "data", 1e18],
];

describe("parseQuantity", () => {
  it.each(valid)("reads %j as %s", (text, dimension, value) => {
    const parsed = parseQuantity(text, dimension);
    expect(parsed).toEqual({ ok: true, value: expect.closeTo(value, 12 - Math.ceil(Math.log10(Math.abs(value) + 1))) });
  });

  const refused: [text: string, dimension: Dimension, hint: RegExp | undefined][] = [
    ["100 Gbps", "bandwidth", /write Gbit\/s/],
    ["100 Gb/s", "bandwidth", /write Gbit\/s \(or GB\/s/],
    ["100 GBps", "bandwidth", /write GB\/s/],
    ["100 GiBps", "bandwidth", /write GiB\/s/],
    ["125 TFLOPS", "rate", /write TF\/s/],
    ["125 TFLOPs", "rate", /write TF\/s/],
    ["125 tflops", "rate", /write TF\/s/],
    ["14 TFLOP", "work", /write Tflop/],
    ["64 KB", "data", /kB \(1000\) or KiB \(1024\)/],
    ["64 KB/s", "bandwidth", /kB \(1000\) or KiB \(1024\)/],
    ["2 sec", "time", /write s/],
    ["2 seconds", "time", /write s/],
    ["900", "bandwidth", /unit is missing/],
    ["900 GB", "bandwidth", /"GB" is an amount of data/],
    ["900 GB/s", "data", /"GB\/s" is a bandwidth/],
    ["5 %", "count", /"%" is a number without unit/],
    ["2.5", "count", /whole number/],
    ["1e400", "count", /whole number/],
    ["64 MeB", "data", /unknown unit "MeB"/],
    ["1,000 GB", "data", /unknown unit ",000 GB"/],
    ["1_000 GB", "data", /unknown unit "_000 GB"/],
    ["0x10 B", "data", /unknown unit "x10 B"/],
    ["1e400 B", "data", /too large/],
    ["1e300 EB", "data", /too large/],
    ["NaN B", "data", undefined],
    ["Infinity GB/s", "bandwidth", undefined],
    ["-Infinity", "fraction", undefined],
    ["GB", "data", undefined],
    ["", "data", undefined],
    ["−5 s", "time", undefined],
    ["5 GB extra", "data", /unknown unit "GB extra"/],
    // Long digits before a line break made the pattern try every way to split them.
    [`${"1".repeat(5000)}\nx\ny`, "data", /unknown unit/],
  ];
  it.each(refused)("refuses %j as %s", (text, dimension, hint) => {
    const parsed = parseQuantity(text, dimension);
    expect(parsed).toMatchObject({ ok: false, expected: expect.stringContaining(dimensions[dimension].example) });
    const told = parsed.ok ? "" : parsed.hint;
    if (hint) expect(told).toMatch(hint);
    else expect(told).toBeUndefined();
  });

  it("hints with spellings that it reads itself", () => {
    for (const [text, dimension] of refused) {
      const parsed = parseQuantity(text, dimension);
      const spelling = parsed.ok ? undefined : /^write (\S+)$/.exec(parsed.hint ?? "")?.[1];
      if (spelling) expect(parseQuantity(`1 ${spelling}`, dimension), spelling).toMatchObject({ ok: true });
    }
  });

  it("tells bytes from bits and decimal from binary by exact factors", () => {
    const of = (text: string) => parseQuantity(text, "data");
    expect(of("8 Gbit")).toEqual(of("1 GB"));
    expect(of("1 GiB")).toEqual({ ok: true, value: 1.073741824e9 });
  });

  it("never throws, and never answers with a number that is not finite", () => {
    const near = fc.tuple(fc.double(), fc.constantFrom("", " "), fc.string({ maxLength: 6 })).map(([number, space, unit]) => `${number}${space}${unit}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), fc.constantFrom(...(Object.keys(dimensions) as Dimension[])), (text, dimension) => {
        const parsed = parseQuantity(text, dimension);
        if (parsed.ok) expect(Number.isFinite(parsed.value)).toBe(true);
        else expect(parsed.expected).not.toBe("");
      }),
    );
  });
});

describe("formatting", () => {
  const shown: [value: number, dimension: Dimension, text: string][] = [
    [900e9, "bandwidth", "900 GB/s"],
    [64 * 2 ** 20, "data", "64.0 MiB"],
    [999.6e9, "bandwidth", "1.00 TB/s"],
    [0.6981, "time", "698 ms"],
    [0, "time", "0 ms"],
    [150, "time", "2.50 min"],
    [7200, "time", "2.00 h"],
    [172_800, "time", "2.00 d"],
    [1.13e18, "rate", "1.13 EF/s"],
    [14.41e12, "work", "14.4 Tflop"],
    [27_360, "count", "27,360"],
    [100, "count", "100"],
    [0.907, "fraction", "90.7 %"],
    [24_309, "samples", "24,309 samples/s"],
    [-5e9, "bandwidth", "−5.00 GB/s"],
    [Number.NaN, "time", "–"],
    [Number.POSITIVE_INFINITY, "data", "–"],
  ];
  it.each(shown)("%d as %s is %j", (value, dimension, text) => {
    expect(showQuantity(value, dimension)).toBe(text);
  });

  it("keeps significant digits over rounding up to the next power", () => {
    expect(formatNumber(9.996)).toBe("10.0");
    expect(formatNumber(999.6)).toBe("1,000");
    expect(formatNumber(1234.6)).toBe("1,235");
    expect(formatNumber(0.00123456)).toBe("0.00123");
    expect(formatCount(1_000_000.4)).toBe("1,000,000");
  });

  const spans: Record<Exclude<Dimension, "count">, [number, number]> = {
    time: [-9, 6], data: [0, 17], bandwidth: [0, 17], work: [0, 20], rate: [0, 20], power: [0, 8], frequency: [0, 12], samples: [-2, 7], operations: [0, 9], fraction: [-4, 2],
    energy: [4, 18], mass: [-2, 9], "carbon-intensity": [-10, -5], money: [-1, 10], "hourly-price": [-6, 0], "energy-price": [-9, -6],
  };
  it.each(Object.entries(spans) as [Exclude<Dimension, "count">, [number, number]][])("of %s reads back to the digits shown", (dimension, [least, most]) => {
    fc.assert(
      fc.property(fc.double({ min: least, max: most, noNaN: true }), fc.integer({ min: 2, max: 9 }), (exponent, digits) => {
        const value = 10 ** exponent;
        const { number, unit } = formatQuantity(value, dimension, digits);
        const parsed = parseQuantity(`${number.replaceAll(",", "")} ${unit}`, dimension);
        expect(parsed.ok).toBe(true);
        if (parsed.ok) expect(Math.abs(parsed.value / value - 1)).toBeLessThanOrEqual(0.5001 * 10 ** (1 - digits));
      }),
    );
  });
});
