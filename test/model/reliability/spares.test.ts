/** Waiting for a node: Erlang's loss formula at values of his table, its limits, and drawn runs that wait as long. */
import { describe, expect, it } from "vitest";
import { simulateRun } from "../../../model/reliability/simulate-run.ts";
import { erlangLoss, sparesFor, waitForNode } from "../../../model/reliability/spares.ts";
import { seededRandom } from "../../../model/variability/draw.ts";

describe("waiting for a node", () => {
  it("has the values of Erlang's table", () => {
    expect(erlangLoss(1, 1)).toBeCloseTo(0.5, 12);
    expect(erlangLoss(2, 1)).toBeCloseTo(0.2, 12);
    expect(erlangLoss(5, 3)).toBeCloseTo(0.11005, 4);
    expect(erlangLoss(10, 4.461)).toBeCloseTo(0.01, 4);
  });

  it("is a whole repair without spares, and less with each", () => {
    expect(waitForNode(1e-5, 86_400, 0)).toBeCloseTo(86_400, 6);
    const waits = [0, 1, 2, 4, 8].map((spares) => waitForNode(1e-5, 86_400, spares));
    expect(waits).toEqual(waits.toSorted((a, b) => b - a));
    expect(waitForNode(0, 86_400, 0)).toBe(0);
  });

  it("is short with the spares that are asked for, and longer with one less", () => {
    const spares = sparesFor(2e-5, 86_400, 0.01);
    expect(erlangLoss(spares + 1, 2e-5 * 86_400)).toBeLessThanOrEqual(0.01);
    expect(erlangLoss(spares, 2e-5 * 86_400)).toBeGreaterThan(0.01);
  });

  it("takes what drawn runs take", () => {
    for (const [rate_per_s, spares] of [[1 / 20_000, 1], [1 / 20_000, 4], [1 / 100_000, 0]] as const) {
      const drawn = { rate_per_s, load_s: 0, automatic_s: 0, manualShare: 0, manual_s: 0, spread: 0, drainShare: 0.5, repair_s: 86_400, spares };
      const runs = Array.from({ length: 60 }, (_, seed) => simulateRun(2e7, drawn, { interval_s: 100, blocked_s: 0, behind_s: 0 }, seededRandom(seed + 1)));
      const perDrain = runs.reduce((sum, run) => sum + run.wait_s, 0) / runs.reduce((sum, run) => sum + run.interruptions * 0.5, 0);
      expect(perDrain / waitForNode(rate_per_s * 0.5, 86_400, spares)).toBeGreaterThan(0.93);
      expect(perDrain / waitForNode(rate_per_s * 0.5, 86_400, spares)).toBeLessThan(1.07);
    }
  });
});
