/** Numbers as people read them; sums that hold as printed; CSV that can be read back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closeRounded } from "../../../web/client/data/rounding.ts";
import { toCsv } from "../../../web/client/data/table.ts";
import { count, fixed, inUnit, percent, plainQuantity, range, show, signedFixed, signedPercent, stated, tickText, unitOf } from "../../../web/client/format.ts";
import { dimensions, parseQuantity, type Dimension } from "../../../model/units.ts";

const petaflops = { unit: "PF/s", scale: 1e15 };

describe("numbers", () => {
  it("have three digits, four from a thousand on, a true minus, and a narrow space before per cent", () => {
    expect(show(0.7493, "time")).toBe("749\u00a0ms");
    expect(inUnit(1.0523e18, petaflops)).toBe("1,052");
    expect(inUnit(9.99e17, petaflops)).toBe("999");
    expect(percent(0.9071)).toBe("90.7\u202f%");
    expect(signedPercent(-0.0771)).toBe("−7.7\u202f%");
    expect(range(8.67e17, 9.64e17, petaflops)).toBe("867 – 964");
    expect(count(27360)).toBe("27,360");
    expect(fixed(-0.004, 2)).toBe("0.00");
    expect(signedFixed(66.04, 1)).toBe("+66.0");
    expect(signedFixed(0.01, 1)).toBe("0.0");
    expect(tickText(1e13, petaflops)).toBe("0.01");
    expect(tickText(1e18, petaflops)).toBe("1,000");
  });

  it("that a source states keep all their digits", () => {
    expect(stated("999.0 PF/s")).toBe("999.0\u00a0PF/s");
    expect(stated("90.7 %")).toBe("90.7\u202f%");
    expect(stated("43558 samples/s")).toBe("43,558\u00a0/s");
  });

  it("that a knob writes can be parsed again, within the digits it writes", () => {
    const kinds = (Object.keys(dimensions) as Dimension[]).filter((dimension) => dimension !== "count");
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.double({ min: -7, max: 13, noNaN: true }), (dimension, power) => {
        const value = 10 ** power;
        const parsed = parseQuantity(String(plainQuantity(value, dimension)), dimension);
        expect(parsed.ok && Math.abs(parsed.value / value - 1)).toBeLessThan(0.0051);
      }),
    );
  });

  it("take the unit in which they are read best", () => {
    expect(unitOf(9.99e17, "rate")).toEqual(petaflops);
    expect(unitOf(67_108_864, "data")).toEqual({ unit: "MiB", scale: 2 ** 20 });
  });
});

it("rows add up as printed, and each is as close as its last digit allows", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 0, max: 3 }), (values, decimals) => {
      const { rows, total } = closeRounded(values, decimals);
      const step = 10 ** -decimals;
      expect(Math.abs(rows.reduce((sum, row) => sum + row, 0) - total)).toBeLessThan(step / 100);
      expect(Math.abs(total - values.reduce((sum, value) => sum + value, 0))).toBeLessThan(step * 0.500001);
      const largest = values.indexOf(Math.max(...values));
      rows.forEach((row, index) => expect(Math.abs(row - (values[index] ?? 0))).toBeLessThan(step * (index === largest ? 0.5 * values.length + 0.51 : 0.500001)));
    }),
  );
});

it("a table comes back from its CSV", () => {
  const text = toCsv({ name: "t", caption: "c", columns: [{ name: "term" }, { name: "time", unit: "ms" }], rows: [["All-reduce, \"exposed\"", 88.2], ["none", null]] }, ["exatwin\n1", "source"]);
  expect(text).toBe('# exatwin 1\n# source\nterm,time [ms]\n"All-reduce, ""exposed""",88.2\nnone,\n');
});
