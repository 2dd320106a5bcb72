/** What delay costs: nothing without it, more with more of it, between the two batches that bound it; staleness of groups in turn. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delayBounds, delayOverGlobal, delayOverUpdate, stalenessOf } from "../../../model/asynchrony/delay.ts";
import { groupsAt, sentShare, type Asynchrony } from "../../../model/asynchrony/scheme.ts";

const synchronous: Asynchrony = { scheme: "synchronous", groups: 1, period: 1, exchange: "none", servers: 1, server_bytes_per_s: null, overlap: false, lag: 0, compression: { method: "none", share: 1, passes: 0 } };
const servers: Asynchrony = { ...synchronous, scheme: "parameter-server", exchange: "server", groups: null };
const averaging: Asynchrony = { ...synchronous, scheme: "periodic-averaging", exchange: "average", groups: null };

describe("bounds of delay", () => {
  it("are none for synchronous training, and none are asked of trainings that are independent", () => {
    expect(delayBounds(synchronous, 64)).toBe(null);
    expect(delayBounds({ ...averaging, period: 1 }, 64)).toBe(null);
    expect(delayBounds({ ...synchronous, scheme: "independent", groups: null }, 64)).toBe(null);
  });

  it.each([
    ["a lag of two steps", { ...synchronous, lag: 2 }, 1, 3],
    ["averages of every 500 steps", { ...averaging, period: 500 }, 1, 500],
    ["64 ranks and servers", servers, 1 / 64, 1],
    ["8 groups and servers", { ...servers, groups: 8 }, 1 / 8, 1],
    ["8 groups that exchange beside the next step", { ...servers, groups: 8, overlap: true }, 1 / 8, 2],
    ["one in a hundred elements", { ...synchronous, compression: { method: "top-k" as const, share: 0.01, passes: 4 } }, 1, 100],
  ])("%s", (_, asynchrony, best, worst) => {
    const bounds = delayBounds(asynchrony, 64)!;
    expect(bounds.best).toBeCloseTo(best, 12);
    expect(bounds.worst).toBeCloseTo(worst, 12);
    expect(bounds.words.length).toBeGreaterThan(20);
  });

  it("are next to nothing where noise bounds progress, and all of the delay where curvature does", () => {
    const lag = delayBounds({ ...synchronous, lag: 3 }, 8)!;
    expect(delayOverGlobal(lag, 1, 1e9).high95).toBeCloseTo(1, 6);
    expect(delayOverGlobal(lag, 1e9, 1).high95).toBeCloseTo(4, 6);
    expect(delayOverUpdate(lag, 64, null)).toEqual({ value: 2, low95: 1, high95: 4 });
    expect(delayOverGlobal(lag, 100, 100).high95).toBeCloseTo((1 + 4) / 2, 12);
  });

  it("hold their value, credit no gain, and grow with the delay", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1000 }), fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 1e6, noNaN: true }), (lag, groups, batch, critical) => {
        for (const one of [{ ...synchronous, lag }, { ...averaging, period: lag + 1 }, { ...servers, groups: groups + 1, overlap: true }]) {
          const bounds = delayBounds(one, 2000)!;
          const { value, low95, high95 } = delayOverGlobal(bounds, batch, critical);
          expect(value).toBeGreaterThanOrEqual(Math.min(1, high95) * (1 - 1e-12));
          expect(low95).toBeLessThanOrEqual(value * (1 + 1e-12));
          expect(high95).toBeGreaterThanOrEqual(value * (1 - 1e-12));
          const update = delayOverUpdate(bounds, batch, critical);
          expect(update.low95).toBe(1);
          expect(update.high95).toBeLessThanOrEqual(bounds.worst / bounds.best + 1e-9);
        }
        const more = delayBounds({ ...synchronous, lag: lag + 1 }, 8)!;
        expect(delayOverGlobal(more, batch, critical).high95).toBeGreaterThanOrEqual(delayOverGlobal(delayBounds({ ...synchronous, lag }, 8)!, batch, critical).high95);
      }),
    );
  });
});

it("groups in turn are as stale as there are others, twice with exchanges beside the next step", () => {
  expect(stalenessOf(servers, 64)!.mean).toBe(63);
  expect(stalenessOf({ ...servers, groups: 8 }, 64)!.mean).toBe(7);
  expect(stalenessOf({ ...servers, groups: 8, overlap: true }, 64)!.mean).toBe(14);
  expect(stalenessOf(servers, 64)!.p95).toBeGreaterThan(63);
  expect(stalenessOf({ ...synchronous, lag: 2 }, 64)).toEqual({ mean: 2, p95: 2 });
  expect(stalenessOf(synchronous, 64)).toBe(null);
});

it("a job has as many groups as ranks at most, and top-k sends a place with each element", () => {
  expect(groupsAt({ groups: 8 }, 3)).toEqual({ groups: 3, size: 1 });
  expect(groupsAt({ groups: null }, 12)).toEqual({ groups: 12, size: 1 });
  expect(groupsAt({ groups: 5 }, 12)).toEqual({ groups: 5, size: 3 });
  expect(sentShare({ compression: { method: "top-k", share: 0.01, passes: 0 } }, 4)).toBeCloseTo(0.02, 12);
  expect(sentShare({ compression: { method: "top-k", share: 0.01, passes: 0 } }, 2)).toBeCloseTo(0.03, 12);
  expect(sentShare({ compression: { method: "quantised", share: 0.25, passes: 0 } }, 4)).toBe(0.25);
});
