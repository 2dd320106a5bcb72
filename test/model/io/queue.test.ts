/** Input that varies: the closed form beside the sampled queue, and its limits. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cycleTime, type InputQueue } from "../../../model/io/queue.ts";
import { drawAvailable, sampleCycle, stepsFor } from "../../../model/simulate/input.ts";
import { seededRandom } from "../../../model/variability/draw.ts";
import { expectedMaximum } from "../../../model/variability/slowest.ts";

const closed = (queue: InputQueue, demand_s: number, devices: number) => cycleTime(queue, demand_s, devices, expectedMaximum);

describe("the queue in closed form", () => {
  it.each([1, 8, 64, 512])("agrees with the sampled queue within 8 percent, within 5.5 for a spread of 30: %i devices", (devices) => {
    for (const spread of [0.1, 0.3, 0.6]) {
      for (const depth of devices === 512 ? [1, 4] : [1, 2, 4, 8]) {
        for (const supply_s of [0.6, 0.95, 1, 1.2]) {
          const queue = { supply_s, spread, depth };
          const sampled_s = sampleCycle(queue, 1, devices, devices === 1 ? 40_000 : stepsFor(devices), seededRandom(depth + 10 * devices));
          expect(Math.abs(closed(queue, 1, devices) / sampled_s - 1), `spread ${spread}, depth ${depth}, supply ${supply_s}`).toBeLessThan(spread <= 0.3 ? 0.055 : 0.08);
        }
      }
    }
  });

  it("is the slower of supply and demand without spread, with endless buffers, and nearly so with deep ones", () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 10, noNaN: true }), fc.double({ min: 0.01, max: 10, noNaN: true }), fc.integer({ min: 1, max: 30_000 }), (supply_s, demand_s, devices) => {
      const slower = Math.max(supply_s, demand_s);
      expect(closed({ supply_s, spread: 0, depth: 1 }, demand_s, devices)).toBe(slower);
      expect(closed({ supply_s, spread: 0.5, depth: null }, demand_s, devices)).toBe(slower);
      expect(closed({ supply_s, spread: 0.2, depth: 5000 }, demand_s, devices) / slower).toBeLessThan(1.01);
    }));
  });

  it("never falls below the slower of both, and grows with spread and devices, and falls with depth", () => {
    const any = fc.record({ supply_s: fc.double({ min: 0.1, max: 3, noNaN: true }), spread: fc.double({ min: 0.01, max: 1, noNaN: true }), depth: fc.integer({ min: 1, max: 64 }) });
    fc.assert(fc.property(any, fc.integer({ min: 2, max: 10_000 }), (queue, devices) => {
      const cycle_s = closed(queue, 1, devices);
      expect(cycle_s).toBeGreaterThanOrEqual(Math.max(queue.supply_s, 1));
      const slack = 1 + 1e-9;
      expect(closed({ ...queue, depth: queue.depth * 2 }, 1, devices)).toBeLessThanOrEqual(cycle_s * slack);
      expect(closed(queue, 1.5, devices)).toBeGreaterThanOrEqual(cycle_s);
    }));
  });

  it("one device and one place: E max(supply, demand), by numbers", () => {
    // Equal times and a spread of 20 %: 1 + 0.2 / sqrt(2 pi) for a normal law.
    expect(closed({ supply_s: 1, spread: 0.2, depth: 1 }, 1, 1)).toBeCloseTo(1 + 0.2 / Math.sqrt(2 * Math.PI), 2);
  });
});

describe("drawAvailable", () => {
  it("has the fact's median and range, and is never more than all", () => {
    const random = seededRandom(3);
    const draws = Array.from({ length: 20_000 }, () => drawAvailable({ value: 0.6, low: 0.2, high: 0.9 }, random)).toSorted((a, b) => a - b);
    expect(draws[10_000]).toBeCloseTo(0.6, 1);
    expect(draws[500]).toBeCloseTo(0.2, 1);
    expect(draws[19_500]).toBeCloseTo(0.9, 1);
    expect(draws.at(-1)).toBeLessThanOrEqual(1);
    expect(drawAvailable({ value: 0.6 }, random)).toBe(0.6);
  });
});
