/** Tables whose columns the user names: units, cases, separators, quotes, and every column that is not there. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readText } from "../../../calibrate/readers/index.ts";
import { mappedCsv, missingColumns, readColumnMap } from "../../../calibrate/readers/tables/mapped-csv.ts";
import { faultsOf } from "../../support/import-faults.ts";

const words = ["time_s=dur (ms)@ms", "rate_bytes_per_s=bw@GB/s,case.step=step,case.kind=kind", "benchmark=test"];
const { map, problems: wrong } = readColumnMap(words);
const table = ["step;dur (ms);bw;kind;test;note", '1;250.5;2;"a;b";All Reduce;first', "2;nan;1.5;c;All Reduce;", "3;;;d;x;", "", "4;10;;;9;last"].join("\r\n");

it("reads quantities in SI with their lines, cases as numbers or text, the rest as printed", () => {
  expect(wrong).toEqual([]);
  const { rows, problems, excluded, facts } = readText(mappedCsv(map), table, "t.csv");
  expect(rows).toEqual([
    { line: 2, benchmark: "all-reduce", case: { step: 1, kind: "a;b" }, values: { time_s: 0.2505, rate_bytes_per_s: 2e9 }, other: { note: "first" } },
    { line: 3, benchmark: "all-reduce", case: { step: 2, kind: "c" }, values: { rate_bytes_per_s: 1.5e9 } },
    { line: 6, benchmark: "csv-9", case: { step: 4 }, values: { time_s: 0.01 }, other: { note: "last" } },
  ]);
  expect(problems).toEqual([{ line: 3, got: "dur (ms): nan", expected: "a number" }]);
  expect(excluded).toEqual([{ rule: "row-without-value", count: 1 }]);
  expect(facts["column of time_s"]).toBe("dur (ms)");
});

it("names every column that is not there, with the nearest", () => {
  expect(missingColumns(map, table, "t.csv")).toEqual([]);
  const other = readColumnMap(["time_s=dur ms,case.step=steps"]).map;
  expect(missingColumns(other, `\uFEFF${table}`, "t.csv").map(({ got, hint }) => [got, hint])).toEqual([['"dur ms"', 'did you mean "dur (ms)"?'], ['"steps"', 'did you mean "step"?']]);
});

describe("a mapping", () => {
  it.each([
    [["speed=x"], /ends with its unit/], [["time_s=x@parsec"], /a unit of time_s, such as @ms/], [["time_s"], /NAME=COLUMN/], [["loss=x@ms"], /such as @none/], [["case.a=b"], /at least one quantity/], [["time s=x"], /ends with its unit/],
  ] as const)("%s is refused", (given, expected) => {
    const { problems } = readColumnMap(given);
    expect(problems.length).toBe(1);
    expect(problems[0]?.expected).toMatch(expected);
  });

  it("keeps commas in names of columns", () => {
    expect(readColumnMap(["time_s=a, b,case.c=d"]).map).toEqual({ values: [{ quantity: "time_s", column: "a, b", factor: 1 }], cases: [{ name: "c", column: "d" }] });
  });
});

it("whatever the table holds, rows are finite and of a line of it", () => {
  const cell = fc.oneof(fc.constantFrom("1", "-2.5", "1e999", "nan", "", '"', '"a""b"', "x;y", "\n"), fc.string());
  fc.assert(fc.property(fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 }), fc.constantFrom(",", ";", "\t"), (lines, separator) => {
    const text = [["step", "dur (ms)", "bw", "kind", "test"], ...lines].map((cells) => cells.join(separator)).join("\n");
    expect(faultsOf(readText(mappedCsv(map), text, "t.csv"), text.split("\n").length)).toEqual([]);
  }), { numRuns: 1000 });
});
