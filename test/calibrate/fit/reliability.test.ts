/** The law of interruptions: its page and document are what the figures say today, and the statistics it rests on have their textbook values. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listLaws, scoreLaws } from "../../../calibrate/fit/reliability/candidate-laws.ts";
import { makeLawDocument } from "../../../calibrate/fit/reliability/law-document.ts";
import { keptFactorOf, listObservations } from "../../../calibrate/fit/reliability/observations.ts";
import { describeLaws } from "../../../calibrate/fit/reliability/page.ts";
import { fitSites, studentQuantile } from "../../../calibrate/fit/reliability/random-effects.ts";
import { readPublishedFacts } from "../../../cli/host/published-facts.ts";
import { packageRoot } from "../../../cli/host/root.ts";
import { library, scenariosFolder } from "../../support/library.ts";

const { facts } = readPublishedFacts(scenariosFolder, library.sources);
const stored = library.documents.calibration["interruptions-ai-clusters"] as Record<string, unknown>;

describe("the law of interruptions", () => {
  it("stands in docs/failure-law.md and in its document as the figures give it today", () => {
    expect(describeLaws(facts, "npx tsx cli/fit-failures.ts")).toBe(readFileSync(join(packageRoot, "docs", "failure-law.md"), "utf8"));
    expect(makeLawDocument(facts, stored)).toEqual(stored);
  });

  it("expects every site, unseen, within its interval and nearer than any other law does", () => {
    const scores = scoreLaws(listLaws(6.5e-3, keptFactorOf(facts)), listObservations(facts));
    const chosen = scores.at(-1);
    expect(chosen?.inside).toBe(chosen?.cases.length);
    for (const other of scores.slice(0, -1)) expect(other.factor).toBeGreaterThan(chosen?.factor ?? Infinity);
    // RSC-1 by size, from the other sites and the share of jobs that failed before and after failing nodes were taken out: 7.9 h at 1,024 GPUs, 47.7 d at 8.
    for (const one of chosen?.cases.filter(({ observation }) => observation.site === "RSC-1") ?? []) expect(Math.abs(one.expected_d / one.seen_d - 1)).toBeLessThan(0.3);
  });

  it("rests on 1/N within one site: jobs of 8 and of 1,024 GPUs agree per node", () => {
    const own = listObservations(facts).filter(({ site }) => site === "RSC-1");
    expect(own).toHaveLength(2);
    expect(Math.abs((own[0]?.nodeInterval_d ?? 0) / (own[1]?.nodeInterval_d ?? 1) - 1)).toBeLessThan(0.15);
  });
});

describe("sites that differ", () => {
  it("have no variance between them where their errors explain all, and the plain one where errors are nothing", () => {
    expect(fitSites([{ value: 1, error: 1 }, { value: 1.1, error: 1 }, { value: 0.9, error: 1 }]).between).toBe(0);
    const values = [1, 2, 4, 5];
    const fit = fitSites(values.map((value) => ({ value, error: 1e-6 })));
    expect(fit.mean).toBeCloseTo(3, 6);
    expect(fit.between).toBeCloseTo(Math.sqrt(10 / 3), 6);
    expect(fit.spread).toBeCloseTo(Math.sqrt(10 / 3 + 10 / 12), 6);
  });

  it("shift and scale with their values", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 8 }), fc.double({ min: -5, max: 5, noNaN: true }), (values, shift) => {
      const fit = fitSites(values.map((value) => ({ value, error: 0.1 })));
      const moved = fitSites(values.map((value) => ({ value: value + shift, error: 0.1 })));
      expect(moved.mean).toBeCloseTo(fit.mean + shift, 6);
      expect(moved.between).toBeCloseTo(fit.between, 5);
    }));
  });

  it("use Student's t: 12.706, 2.776, 1.962 at 1, 4 and 1,000 degrees", () => {
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.706, 2);
    expect(studentQuantile(0.975, 4)).toBeCloseTo(2.7764, 3);
    expect(studentQuantile(0.975, 1000)).toBeCloseTo(1.9623, 3);
  });
});
