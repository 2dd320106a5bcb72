/** docs/checks.md is what the program says today, every figure stands there, and no id is used twice. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRooms } from "../../calibrate/checks/index.ts";
import { agrees, describeChecks } from "../../calibrate/checks/page.ts";
import { readPublishedFacts } from "../../cli/host/published-facts.ts";
import { packageRoot } from "../../cli/host/root.ts";
import { library, scenariosFolder } from "../support/library.ts";

const { facts, problems } = readPublishedFacts(scenariosFolder, library.sources);
const input = { library, facts };

describe("published figures", () => {
  it("are read without a problem", () => {
    expect(problems).toEqual([]);
  });

  it("stand beside predictions in docs/checks.md as they are today", () => {
    expect(describeChecks(checkRooms, input, library.sources, "npx tsx cli/checks.ts")).toBe(readFileSync(join(packageRoot, "docs", "checks.md"), "utf8"));
  });

  it("are each checked under one id, with finite numbers and a source that exists", () => {
    const checks = checkRooms.flatMap(({ collect }) => collect(input));
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    for (const { id, source, measured, predicted, low95, high95 } of checks) {
      expect(Object.hasOwn(library.sources, source), id).toBe(true);
      for (const value of [measured, predicted, low95 ?? 0, high95 ?? 0]) expect(Number.isFinite(value), id).toBe(true);
      expect((low95 ?? predicted) <= predicted && predicted <= (high95 ?? predicted), id).toBe(true);
    }
  });

  it("agree where they lie in the interval or on their side of a bound", () => {
    const check = { id: "", what: "", source: "", measured: 10, unit: "h", predicted: 9, error: -0.1, sample: "out", note: "" } as const;
    expect(agrees(check)).toBeUndefined();
    expect(agrees({ ...check, low95: 8, high95: 11 })).toBe(true);
    expect(agrees({ ...check, low95: 8, high95: 9.5 })).toBe(false);
    expect(agrees({ ...check, bound: "at-least" })).toBe(false);
    expect(agrees({ ...check, bound: "at-most" })).toBe(true);
  });
});
