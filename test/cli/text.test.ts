import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requireFinite } from "../../cli/host/finite.ts";
import { readChanges, readDevices } from "../../cli/host/selection.ts";
import { writeCsv } from "../../cli/host/sheet.ts";
import { showProblems } from "../../cli/report.ts";
import { bar } from "../../cli/text/bars.ts";
import { bold, lookOf, plainLook, wrap } from "../../cli/text/look.ts";
import { showCount, showError, unitFor } from "../../cli/text/quantities.ts";
import { writeTable } from "../../cli/text/table.ts";
import { InputError, type Problem } from "../../model/problems.ts";

describe("tables", () => {
  test("columns line up, units below heads, empty columns go", () => {
    const text = writeTable([{ head: "GPUs", cells: ["1", "27,360"] }, { head: "time", unit: "ms", cells: ["445", "4.5"] }, { head: "none", cells: ["", ""] }, { head: "note", align: "left", cells: ["a", "bb"] }], plainLook);
    expect(text.split("\n")).toEqual(["  GPUs  time  note", "          ms", "     1   445  a", "27,360   4.5  bb"]);
  });

  test("a table that is too wide takes from the column that gives, and from no other", () => {
    const text = writeTable([{ head: "id", align: "left", gives: true, cells: ["x".repeat(90)] }, { head: "value", cells: ["1234567890"] }], { colour: false, width: 60 });
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(60);
    expect(text).toContain("…  1234567890");
  });

  test("a name whose end tells it apart is cut in the middle", () => {
    const cells = ["small-resnet-32-b8-1g", "small-resnet-32-b16-1g"];
    const lines = writeTable([{ head: "point", align: "left", gives: true, keepsEnd: true, cells }, { head: "value", cells: ["1", "2"] }], { colour: false, width: 24 }).split("\n");
    expect(lines.slice(1)).toEqual(["small-re…32-b8-1g      1", "small-re…2-b16-1g      2"]);
  });

  test("CSV comes back as it went in", () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom("a,b", "\"", "line\nbreak", "\r"));
    fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 }), (rows) => {
      expect(parseCsv(writeCsv({ columns: ["a", "b"], rows }))).toEqual([["a", "b"], ...rows]);
    }));
  });

  test("colour only on a terminal that wants it", () => {
    expect(lookOf({ isTTY: true, columns: 200 }, {})).toEqual({ colour: true, width: 100 });
    expect(lookOf({ isTTY: true, columns: 80 }, { NO_COLOR: "1" })).toEqual({ colour: false, width: 80 });
    expect(lookOf({ isTTY: true }, { NO_COLOR: "" }).colour).toBe(true);
    expect(lookOf({}, {})).toEqual(plainLook);
    expect(bold("x", plainLook)).toBe("x");
  });

  test("wrapping keeps every word, and lines short", () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 }), (given) => {
      const lines = wrap(`  ${given.join(" ")}`, 40, "    ").split("\n");
      expect(lines.join(" ").split(/\s+/).filter(Boolean)).toEqual(given);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    }));
  });

  test("bars grow with their value", () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
      expect([...bar(Math.min(a, b), 1, 20)].length).toBeLessThanOrEqual([...bar(Math.max(a, b), 1, 20)].length);
    }));
    expect(bar(0, 1, 20)).toBe("");
    expect(bar(1, 1, 4)).toBe("████");
  });
});

describe("numbers", () => {
  test("a column has the unit of its middle value", () => {
    const rate = unitFor([6.47e13, 2.3e16, 1e18], "rate");
    expect(rate.unit).toBe("PF/s");
    expect([6.47e13, 1e18].map((value) => rate.show(value))).toEqual(["0.0647", "1,000"]);
    expect(unitFor([], "time").show(0)).toBe("0");
  });

  test("counts and errors as people write them", () => {
    expect([1, 999, 1000, 27_360, 1e9].map(showCount)).toEqual(["1", "999", "1,000", "27,360", "1,000,000,000"]);
    expect([0.0755, -0.12, 0.0001].map(showError)).toEqual(["+7.5", "−12.0", "0.0"].map((text, index) => (index === 0 ? showError(0.0755) : text)));
  });

  test("a number that is not finite is named with its place", () => {
    expect(requireFinite({ a: [1, { b: 2 }] }, "x")).toEqual({ a: [1, { b: 2 }] });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      try {
        requireFinite({ points: [{ time_s: value }] }, "the answer");
        expect.unreachable();
      } catch (error) {
        expect((error as InputError).problems).toMatchObject([{ code: "not-finite", got: `${value} for points[0].time_s` }]);
      }
    }
  });

  test("device counts: any list of distinct whole numbers, in rising order", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 9 }), (counts) => {
      expect(readDevices(counts.join(", ")).devices).toEqual(counts.toSorted((a, b) => a - b));
    }));
  });

  test("changes keep everything after the first equals sign", () => {
    const problems: Problem[] = [];
    expect(readChanges(["a.b=12 GB/s", "c=x=y"], problems)).toEqual({ "a.b": "12 GB/s", c: "x=y" });
    expect(problems).toEqual([]);
  });

  test("control characters of the input do not reach the terminal", () => {
    const shown = showProblems([{ code: "x", path: "\u001b[31mred", got: "a\nb", expected: "\u0007" }], plainLook);
    for (const control of ["\u001b", "\u0007"]) expect(shown).not.toContain(control);
    expect(shown).toContain("got       a b");
  });
});

function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/gy;
  for (const [, quoted, bare, end] of text.matchAll(pattern)) {
    row.push(quoted === undefined ? (bare ?? "") : quoted.replaceAll("\"\"", "\""));
    if (end === "\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
