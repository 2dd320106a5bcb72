import { describe, expect, it } from "vitest";
import { countRun, lastLine, type RunReport, type TestRecord } from "../../cli/setup/summary.mjs";

const test = (state: TestRecord["state"], name = "adds up", note = ""): TestRecord => ({ name, state, note });
const report = (tests: TestRecord[], more: Partial<RunReport["modules"][number]> = {}, rest: Partial<RunReport> = {}): RunReport => ({
  reason: "passed",
  modules: [{ file: "test/model/units.test.ts", project: "node", tests, broken: [], ...more }],
  unhandled: [],
  ...rest,
});

describe("the last line", () => {
  it.each([
    [{ passed: 12, failed: 0, skipped: 0 }, "12 passed, 0 failed"],
    [{ passed: 0, failed: 1, skipped: 0 }, "0 passed, 1 failed"],
    [{ passed: 3, failed: 0, skipped: 2 }, "3 passed, 0 failed, 2 skipped"],
  ])("of %o is %s", (count, line) => {
    expect(lastLine(count)).toBe(line);
  });
});

describe("counting a run", () => {
  it("counts passes and names failures with their file", () => {
    const count = countRun({ report: report([test("passed"), test("passed"), test("failed", "group > breaks")], {}, { reason: "failed" }), code: 1 });
    expect(count).toEqual({ passed: 2, failed: 1, skipped: [], failures: ["test/model/units.test.ts (node) > group > breaks"] });
  });

  it("lists each skipped test with its reason, or says that it has none", () => {
    const count = countRun({ report: report([test("passed"), test("skipped", "on a GPU", "no GPU here"), test("skipped", "later")]), code: 0 });
    expect(count.failed).toBe(0);
    expect(count.skipped).toEqual(["test/model/units.test.ts (node) > on a GPU: no GPU here", "test/model/units.test.ts (node) > later: no reason given"]);
  });

  it("does not list what a choice by name left out, but still what skipped itself", () => {
    const tests = [test("passed"), test("skipped", "on a GPU", "no GPU here"), test("skipped", "not chosen")];
    expect(countRun({ report: report(tests), code: 0, filtered: true }).skipped).toEqual(["test/model/units.test.ts (node) > on a GPU: no GPU here"]);
  });

  it("counts a file that cannot be loaded as a failure", () => {
    const count = countRun({ report: report([], { broken: [{ name: "", message: "Cannot find module" }] }, { reason: "failed" }), code: 1 });
    expect(count.failures).toEqual(["test/model/units.test.ts (node): Cannot find module"]);
  });

  it("counts errors outside tests, tests that never ran and an interrupted run as failures", () => {
    expect(countRun({ report: report([test("passed")], {}, { unhandled: ["late rejection"] }), code: 1 }).failed).toBe(1);
    expect(countRun({ report: report([test("passed"), test("pending")]), code: 0 }).failed).toBe(1);
    expect(countRun({ report: report([test("passed")], {}, { reason: "interrupted" }), code: 130 }).failed).toBe(1);
  });

  it("is never green without a report, without a test, or with an exit code that says otherwise", () => {
    expect(countRun({ report: undefined, code: 0 }).failed).toBe(1);
    expect(countRun({ report: undefined, code: null }).failures[0]).toContain("killed");
    expect(countRun({ report: { reason: "passed", modules: [], unhandled: [] }, code: 0 }).failed).toBe(1);
    expect(countRun({ report: report([test("skipped")]), code: 0 }).failed).toBe(1);
    expect(countRun({ report: report([test("passed")]), code: 1 }).failed).toBe(1);
  });
});
