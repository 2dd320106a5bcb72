/** Unequal devices: limits that must hold, and the expectation beside draws of whole fleets. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawFleets } from "../../../model/simulate/fleets.ts";
import { slowestLag } from "../../../model/variability/slowest.ts";
import { balanceOf, chanceOfSlow, equalDevices, meanOverBinomial, meanTime, slowestEqual, slowestOf, type DeviceSpread } from "../../../model/variability/spread.ts";

const sunspot: DeviceSpread = { ...equalDevices, sigma: 0.0141, tail: 1.56, devicesPerNode: 4 };

/** Mean of the slowest of drawn fleets. */
function drawnSlowest(spread: DeviceSpread, devices: number, fleets = 200): number {
  const draw = drawFleets({ devices, seed: 7, spread, jitter: spread.jitter, slowNode: 1 });
  let sum = 0;
  for (let fleet = 0; fleet < fleets; fleet++) sum += draw().jittered.reduce((most, one) => Math.max(most, one), 0);
  return sum / fleets;
}

describe("the slowest of unequal devices", () => {
  it("is the slowest of equal ones where none is slow", () => {
    for (const count of [1, 2, 984, 27_360]) expect(slowestOf(sunspot, count)).toBeCloseTo(1 + slowestLag(count, 0.0141, 1.56), 12);
    expect(slowestOf(equalDevices, 1e5)).toBe(1);
  });

  it("lies where draws have it, within 1.5 % of the time", () => {
    const cases: DeviceSpread[] = [
      { ...sunspot, slowShare: 0.01, slowdown: 1.1 },
      { ...sunspot, slowShare: 0.0005, slowdown: 1.3 },
      { ...sunspot, slowShare: 0.2, slowdown: 1.02 },
      { ...sunspot, jitter: 0.02 },
      { ...sunspot, jitter: 0.05, slowShare: 0.002, slowdown: 1.2 },
      { ...sunspot, slowNodes: 1, nodeSlowdown: 1.15 },
      { ...sunspot, slowNodeShare: 0.004, nodeSlowdown: 1.2 },
      { ...sunspot, otherShare: 0.25, otherTime: 1.4 },
      { ...sunspot, otherShare: 0.25, otherTime: 1.4, balanced: true },
      { ...equalDevices, jitter: 0.1 },
    ];
    for (const spread of cases) {
      for (const devices of [16, 500, 3000]) expect(slowestOf(spread, devices) / drawnSlowest(spread, devices), JSON.stringify({ spread, devices })).toBeCloseTo(1, 1.52);
    }
  });

  it("grows with every part and never falls below the equal ones", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.double({ min: 1, max: 5, noNaN: true }), fc.double({ min: 0, max: 0.2, noNaN: true }), fc.integer({ min: 1, max: 100_000 }), (slowShare, slowdown, jitter, devices) => {
        const one = { ...sunspot, slowShare, slowdown, jitter };
        const value = slowestOf(one, devices);
        expect(value).toBeGreaterThanOrEqual(slowestEqual(sunspot, devices) * (1 - 1e-3));
        expect(slowestOf({ ...one, slowdown: slowdown * 1.1 }, devices)).toBeGreaterThanOrEqual(value * (1 - 1e-9));
        expect(slowestOf({ ...one, slowShare: Math.min(1, slowShare * 1.2) }, devices)).toBeGreaterThanOrEqual(value * (1 - 1e-3));
        expect(slowestOf(one, devices * 2)).toBeGreaterThanOrEqual(value * (1 - 1e-3));
      }),
    );
  });

  it("takes a slow device's whole lag once the job is sure to have one", () => {
    const spread = { ...equalDevices, slowShare: 0.01, slowdown: 1.1 };
    expect(chanceOfSlow(spread, 1)).toBeCloseTo(0.01, 12);
    expect(slowestOf(spread, 1)).toBeCloseTo(1.001, 9);
    expect(slowestOf(spread, 100)).toBeCloseTo(1 + 0.1 * (1 - 0.99 ** 100), 6);
    expect(slowestOf(spread, 27_360)).toBeCloseTo(1.1, 9);
  });

  it("averages jitter over the steps between two meetings, and speed not", () => {
    const spread = { ...sunspot, jitter: 0.1 };
    expect(slowestOf(spread, 1000, 1e9)).toBeCloseTo(slowestOf(sunspot, 1000), 4);
    expect(slowestOf(spread, 1000, 4)).toBeLessThan(slowestOf(spread, 1000));
  });

  it("gives other devices work by their speed, so that all end together at the mean rate", () => {
    const spread = { ...equalDevices, otherShare: 0.5, otherTime: 2, balanced: true };
    expect(balanceOf(spread)).toBeCloseTo(1 / 0.75, 12);
    expect(slowestOf(spread, 8)).toBeCloseTo(meanTime(spread, 8), 12);
    expect(slowestOf({ ...spread, balanced: false }, 8)).toBe(2);
    expect(slowestOf({ ...spread, otherShare: 1, otherTime: 0.5, balanced: false }, 8)).toBe(0.5);
  });
});

it("a mean over binomial numbers is exact for straight lines and for few numbers", () => {
  expect(meanOverBinomial(100_000, 0.3, (count) => count)).toBeCloseTo(30_000, 0);
  expect(meanOverBinomial(3, 0.5, (count) => count * count)).toBeCloseTo(3, 10);
  expect(meanOverBinomial(7, 1, (count) => count)).toBe(7);
});
