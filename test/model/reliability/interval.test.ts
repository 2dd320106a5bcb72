/** The best interval: against the share it keeps, against Young's and Daly's series where those hold, and Daly's printed limits. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodput } from "../../../model/reliability/goodput.ts";
import { bestInterval, dalyInterval, youngInterval } from "../../../model/reliability/interval.ts";

const rate = fc.double({ min: 1e-7, max: 1e-3, noNaN: true });
const blocked = fc.double({ min: 0.1, max: 2000, noNaN: true });

describe("the best interval between checkpoints", () => {
  it("keeps more than its neighbours, whatever restarts cost", () => {
    fc.assert(
      fc.property(rate, blocked, fc.double({ min: 0, max: 5000, noNaN: true }), fc.double({ min: 0, max: 2000, noNaN: true }), (rate_per_s, blocked_s, down_s, load_s) => {
        const best = bestInterval(rate_per_s, blocked_s);
        const kept = (interval_s: number): number => goodput({ rate_per_s, down_s, load_s }, { interval_s, blocked_s, behind_s: 0 }).effective;
        for (const factor of [0.5, 0.9, 1.1, 2]) expect(kept(best * factor)).toBeLessThanOrEqual(kept(best) + 1e-12);
      }),
    );
  });

  it("solves rate x interval = 1 - exp(-rate (interval + blocked))", () => {
    fc.assert(fc.property(rate, blocked, (rate_per_s, blocked_s) => {
      const best = bestInterval(rate_per_s, blocked_s);
      expect((rate_per_s * best) / -Math.expm1(-rate_per_s * (best + blocked_s))).toBeCloseTo(1, 9);
    }));
  });

  it("is Daly's within 1 % while a checkpoint takes less than a quarter of the time between interruptions, and Young's less a checkpoint where it takes little", () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 0.25, noNaN: true }), (share) => {
      const best = bestInterval(1, share);
      expect(Math.abs(dalyInterval(1, share) / best - 1)).toBeLessThan(0.01);
      if (share < 1e-3) expect(Math.abs(youngInterval(1, share) / best - 1)).toBeLessThan(0.03);
    }));
    expect(youngInterval(1 / 7200, 100)).toBeCloseTo(Math.sqrt(2 * 100 * 7200), 9);
    expect(dalyInterval(1 / 100, 250)).toBe(100);
  });

  it("is infinite where nothing fails and nothing where saving is free", () => {
    expect(bestInterval(0, 10)).toBe(Number.POSITIVE_INFINITY);
    expect(bestInterval(1e-4, 0)).toBe(0);
  });
});
