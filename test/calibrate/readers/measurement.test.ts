/** Measurement files: what is whole is read with its line numbers, what is not is told line by line, and nothing is taken from a file with a problem. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMeasurements } from "../../../calibrate/readers/measurement.ts";

const header = { schema: "exatwin-measurement/1", title: "A host", date: "2026-11-21T06:00:00Z", host: { cpu: "X", cores: 2, memory_bytes: 1e9, kernel: "Linux 6.1" }, command: "exatwin calibrate" };
const row = (bytes: number, changes: object = {}) => ({
  benchmark: "stream", case: { kernel: "triad", bytes, threads: 1 }, work: { bytes }, time_s: { min: 1e-6, p10: 1.1e-6, median: 1.2e-6, p90: 1.3e-6, max: 2e-6, mean: 1.25e-6 }, count: 9, inner: 1, interrupted: 0, quiet: true, checked: true, ...changes,
});
const file = (...lines: unknown[]) => lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
const problemsOf = (text: string) => readMeasurements(text, "m.jsonl").problems;

describe("a measurement file", () => {
  it("gives its rows with their lines, and what was skipped", () => {
    const { measurements } = readMeasurements(file(header, row(64), "", row(128), { benchmark: "gpu-gemm", skipped: "no nvcc" }), "m.jsonl");
    expect(measurements?.rows.map(({ line }) => line)).toEqual([2, 4]);
    expect(measurements?.skipped).toEqual([{ benchmark: "gpu-gemm", skipped: "no nvcc" }]);
  });

  it("that was cut off names the line", () => {
    const text = file(header, row(64), row(128)).slice(0, -40);
    expect(problemsOf(text)).toMatchObject([{ code: "not-json", path: "m.jsonl line 3", hint: expect.stringContaining("--resume") }]);
  });

  it("that was edited by hand names every line and key", () => {
    const problems = problemsOf(file(header, row(64, { tme_s: 1 }), row(128, { time_s: { ...row(1).time_s, median: 9 } }), row(256, { quiet: "yes" }), row(64)));
    expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(["m.jsonl line 2: tme_s", "m.jsonl line 3: time_s", "m.jsonl line 4: quiet"]));
    expect(problems.find(({ path }) => path.includes("line 2"))?.hint).toContain("time_s");
  });

  it("with the same case twice is refused, whatever the order of its keys", () => {
    const again = { ...row(64), case: { threads: 1, bytes: 64, kernel: "triad" } };
    expect(problemsOf(file(header, row(64), again))).toMatchObject([{ code: "given-twice", path: "m.jsonl line 3" }]);
  });

  it("of another schema gets one problem, as its lines are not ours to judge", () => {
    const older = readFileSync(new URL("../../../scenarios/measurements/coordinator-request-2026-11.jsonl", import.meta.url), "utf8");
    expect(problemsOf(older)).toMatchObject([{ code: "missing-key", path: "m.jsonl line 1: schema", hint: expect.stringContaining("not a measurement file") }]);
    expect(problemsOf(file({ ...header, schema: "exatwin-measurement/2" }, row(64)))).toMatchObject([{ path: "m.jsonl line 1: schema", got: '"exatwin-measurement/2"' }]);
  });

  it("that a program printed is read whole: every line is a row, a reason, or the header", () => {
    for (const name of ["network", "storage", "torch"]) {
      const text = readFileSync(new URL(`../../fixtures/measurements/${name}.jsonl`, import.meta.url), "utf8");
      const { measurements, problems } = readMeasurements(text, name);
      expect(problems).toEqual([]);
      expect(1 + (measurements?.rows.length ?? 0) + (measurements?.skipped.length ?? 0)).toBe(text.trimEnd().split("\n").length);
    }
  });

  it("with one character lost anywhere is never read as something else in silence", () => {
    const text = file(header, row(64), row(128));
    const whole = readMeasurements(text, "m.jsonl").measurements;
    fc.assert(fc.property(fc.nat({ max: text.length - 1 }), (at) => {
      const { measurements, problems } = readMeasurements(text.slice(0, at) + text.slice(at + 1), "m.jsonl");
      if (measurements) expect(measurements.rows).toHaveLength(whole?.rows.length ?? 0);
      else expect(problems.every(({ path }) => path.startsWith("m.jsonl"))).toBe(true);
    }));
  });

  it("without a header, without rows, or empty is told so", () => {
    expect(problemsOf(file(row(64)))).toMatchObject([{ code: "missing-header", path: "m.jsonl line 1" }]);
    expect(problemsOf(file(header))).toMatchObject([{ code: "no-rows" }]);
    expect(problemsOf("")).toMatchObject([{ path: "m.jsonl" }]);
  });
});
