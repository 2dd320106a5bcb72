/** The closed form of what a run keeps: against drawn runs, in its limits, and how it moves with its inputs. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flatRegion, goodput, heldFor, lossCauses, type Recovery, type Saving } from "../../../model/reliability/goodput.ts";
import { bestInterval } from "../../../model/reliability/interval.ts";
import { simulateRun, type DrawnRecovery } from "../../../model/reliability/simulate-run.ts";
import { seededRandom } from "../../../model/variability/draw.ts";

const recovery = fc.record({ rate_per_s: fc.double({ min: 1e-7, max: 3e-4, noNaN: true }), down_s: fc.double({ min: 0, max: 5000, noNaN: true }), load_s: fc.double({ min: 0, max: 1500, noNaN: true }) });
const saving = fc.record({ interval_s: fc.double({ min: 60, max: 20_000, noNaN: true }), blocked_s: fc.double({ min: 0, max: 600, noNaN: true }), behind_s: fc.double({ min: 0, max: 600, noNaN: true }) });

const drawnFrom = ({ rate_per_s, down_s, load_s }: Recovery): DrawnRecovery => ({ rate_per_s, load_s, automatic_s: down_s, manualShare: 0, manual_s: 0, spread: 0.8, drainShare: 0, repair_s: 0, spares: Number.POSITIVE_INFINITY });

describe("the share of time that is kept", () => {
  it("adds up with what is lost", () => {
    fc.assert(fc.property(recovery, saving, (failing, saved) => {
      const { effective, lost, uptime } = goodput(failing, saved);
      expect(effective + lossCauses.reduce((sum, cause) => sum + lost[cause], 0)).toBeCloseTo(1, 9);
      for (const share of [effective, uptime, ...lossCauses.map((cause) => lost[cause])]) expect(share).toBeGreaterThanOrEqual(0);
      expect(uptime).toBeGreaterThanOrEqual(effective);
    }));
  });

  it("falls with every cost and with the rate", () => {
    fc.assert(fc.property(recovery, saving, fc.constantFrom("rate_per_s", "down_s", "load_s", "blocked_s", "behind_s"), (failing, saved, key) => {
      const worse = { ...failing, ...saved, [key]: ({ ...failing, ...saved })[key] * 1.5 + 1e-9 };
      expect(goodput(worse, worse).effective).toBeLessThanOrEqual(goodput(failing, saved).effective + 1e-12);
    }));
  });

  it("is that of checkpoints alone without interruptions, and nothing where they come far too often", () => {
    expect(goodput({ rate_per_s: 0, down_s: 500, load_s: 50 }, { interval_s: 900, blocked_s: 100, behind_s: 0 }).effective).toBeCloseTo(0.9, 12);
    const hopeless = goodput({ rate_per_s: 1, down_s: 1, load_s: 1e4 }, { interval_s: 1e4, blocked_s: 1, behind_s: 0 });
    expect(hopeless.effective).toBe(0);
    expect(hopeless.uptime).toBeCloseTo(0.5, 9);
  });

  it("agrees with drawn runs of thousands of interruptions within three standard errors", () => {
    const cases: Array<[Recovery, Saving]> = [
      [{ rate_per_s: 1 / 11_000, down_s: 1300, load_s: 120 }, { interval_s: 1800, blocked_s: 30, behind_s: 0 }],
      [{ rate_per_s: 1 / 3600, down_s: 600, load_s: 300 }, { interval_s: 600, blocked_s: 5, behind_s: 200 }],
      [{ rate_per_s: 1 / 3600, down_s: 0, load_s: 900 }, { interval_s: 3600, blocked_s: 400, behind_s: 0 }],
      [{ rate_per_s: 1 / 20_000, down_s: 5000, load_s: 0 }, { interval_s: 200, blocked_s: 10, behind_s: 900 }],
    ];
    for (const [failing, saved] of cases) {
      const closed = goodput(failing, saved);
      const runs = Array.from({ length: 40 }, (_, seed) => simulateRun(5e6 * closed.effective, drawnFrom(failing), saved, seededRandom(seed + 1)));
      const compare = (drawn: number[], expected: number): void => {
        const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
        const error = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (drawn.length - 1) / drawn.length);
        expect(Math.abs(mean - expected)).toBeLessThan(3 * error + 0.001);
      };
      compare(runs.map((run) => run.useful_s / run.wall_s), closed.effective);
      compare(runs.map((run) => run.down_s / run.wall_s), closed.lost.down);
      compare(runs.map((run) => run.load_s / run.wall_s), closed.lost.load);
      compare(runs.map((run) => run.recomputed_s / run.wall_s), closed.lost.recomputed);
      compare(runs.map((run) => (run.interruptions / run.wall_s) * 1000), closed.interruptionsPer_s * 1000);
    }
  });

  it("is flat around the best interval: the edges lose the tolerance and no more", () => {
    fc.assert(fc.property(recovery, fc.double({ min: 1, max: 600, noNaN: true }), (failing, blocked_s) => {
      const best_s = bestInterval(failing.rate_per_s, blocked_s);
      const saved = { interval_s: best_s, blocked_s, behind_s: 0 };
      const { low_s, high_s } = flatRegion(failing, saved, 0.005);
      const kept = (interval_s: number): number => goodput(failing, { ...saved, interval_s }).effective;
      const most = kept(best_s);
      if (most < 0.02) return;
      expect(low_s).toBeLessThan(best_s);
      expect(high_s).toBeGreaterThan(best_s);
      for (const edge of [low_s, high_s]) expect(kept(edge)).toBeCloseTo(most - 0.005, 6);
    }));
  });
});

describe("a checkpoint written behind the job", () => {
  it("holds the job where the one before is still being written", () => {
    expect(heldFor({ interval_s: 100, blocked_s: 2, behind_s: 30 })).toBe(2);
    expect(heldFor({ interval_s: 100, blocked_s: 2, behind_s: 150 })).toBe(50);
  });
});
