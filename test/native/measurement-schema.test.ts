/** What a measurement file may hold: known keys, order statistics in order, a result that was checked. */
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { measurementHeaderSchema, measurementRowSchema, skippedSchema } from "../../model/schema/measurement.ts";

const header = {
  schema: "exatwin-measurement/1",
  title: "A test",
  date: "2026-11-20T12:00:00Z",
  host: { cpu: "a processor", cores: 2, memory_bytes: 2 ** 34, kernel: "6.1" },
  command: "exatwin calibrate --quick",
};
const row = {
  benchmark: "stream",
  case: { kernel: "triad", bytes: 1_048_576, threads: 2 },
  work: { bytes: 1_048_576 },
  time_s: { min: 1e-4, p10: 1.1e-4, median: 1.2e-4, p90: 1.3e-4, max: 1.4e-4, mean: 1.2e-4 },
  count: 21,
  inner: 3,
  interrupted: 0,
  pressure: 0.5,
  quiet: true,
  checked: true,
};

/** Of each problem its kind and the path to it. */
function problemsOf(schema: z.ZodType, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map(({ code, path }) => `${code} ${path.join(".")}`) ?? [];
}

it("takes a header and a row with and without what is optional", () => {
  expect(problemsOf(measurementHeaderSchema, header)).toEqual([]);
  expect(problemsOf(measurementHeaderSchema, { ...header, mode: "quick", note: "alone on the machine" })).toEqual([]);
  expect(problemsOf(measurementRowSchema, row)).toEqual([]);
  const { pressure: _, ...withoutPressure } = row;
  expect(problemsOf(measurementRowSchema, { ...withoutPressure, work: {} })).toEqual([]);
  expect(problemsOf(skippedSchema, { benchmark: "gpu-gemm", skipped: "no device" })).toEqual([]);
});

describe("refuses", () => {
  it.each([
    ["an unknown key of the header", measurementHeaderSchema, { ...header, hostname: "a" }, "unrecognized_keys "],
    ["an unknown key of the host", measurementHeaderSchema, { ...header, host: { ...header.host, ram: 1 } }, "unrecognized_keys host"],
    ["an unknown key of a row", measurementRowSchema, { ...row, gflops: 3 }, "unrecognized_keys "],
    ["an unknown kind of work", measurementRowSchema, { ...row, work: { flops: 3 } }, "unrecognized_keys work"],
    ["an unknown statistic", measurementRowSchema, { ...row, time_s: { ...row.time_s, p99: 1 } }, "unrecognized_keys time_s"],
    ["an unknown key beside a skip", skippedSchema, { benchmark: "a", skipped: "b", why: "c" }, "unrecognized_keys "],
    ["a skip without a reason", skippedSchema, { benchmark: "a", skipped: "" }, "too_small skipped"],
    ["another version of the schema", measurementHeaderSchema, { ...header, schema: "exatwin-measurement/2" }, "invalid_value schema"],
    ["a result that was not checked", measurementRowSchema, { ...row, checked: false }, "invalid_value checked"],
    ["a median above p90", measurementRowSchema, { ...row, time_s: { ...row.time_s, median: 1.35e-4 } }, "custom time_s"],
    ["a mean outside the range", measurementRowSchema, { ...row, time_s: { ...row.time_s, mean: 1.5e-4 } }, "custom time_s"],
    ["a time of nothing", measurementRowSchema, { ...row, time_s: { ...row.time_s, min: 0 } }, "too_small time_s.min"],
    ["a case within a case", measurementRowSchema, { ...row, case: { shape: { m: 1 } } }, "invalid_union case.shape"],
  ])("%s", (_, schema, value, expected) => {
    expect(problemsOf(schema, value)).toEqual([expected]);
  });
});
