/** Compute and collectives on one core: with nothing lost it is the plain schedule; beside each other nothing is faster than alone, nor slower than in turn. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scheduleStep } from "../../model/engine/analytic.ts";
import { runShared } from "../../model/engine/shared.ts";
import { blockingTime_s, sharedRates } from "../../model/network/shared-core.ts";
import { Kind, Lane, lanes, type Program } from "../../model/program/types.ts";
import { createWriter } from "../../model/program/writer.ts";

const operation = fc.record({
  lane: fc.constantFrom<number>(Lane.compute, Lane.network, Lane.control),
  time: fc.double({ min: 0, max: 10, noNaN: true }),
  after: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 3 }),
});
const programs = fc.array(operation, { minLength: 1, maxLength: 40 }).map((operations) => {
  const writer = createWriter();
  operations.forEach(({ lane, after }, index) => writer.add({ lane, kind: lane === Lane.network ? Kind.allReduce : Kind.memory, after: index === 0 ? [] : after.map((share) => Math.floor(share * index)) }));
  return { program: writer.pack([], 1), time_s: Float64Array.from(operations, ({ time }) => time) };
});
const pace = fc.double({ min: 0.1, max: 1, noNaN: true });
const shared = (program: Program, time_s: Float64Array, network: number, compute: number): number =>
  runShared(program, time_s, undefined, 1, { network, compute }, new Float64Array(program.count), new Float64Array(lanes.length), null);

describe("a schedule on a shared core", () => {
  it("is the plain one where neither slows the other", () => {
    fc.assert(fc.property(programs, ({ program, time_s }) => {
      expect(shared(program, time_s, 1, 1)).toBeCloseTo(scheduleStep(program, time_s), 9);
    }));
  });

  it("ends between the plain one and the work of all lanes at the slower pace", () => {
    fc.assert(fc.property(programs, pace, pace, ({ program, time_s }, network, compute) => {
      const step = shared(program, time_s, network, compute);
      const work = time_s.reduce((sum, time) => sum + time, 0);
      expect(step).toBeGreaterThanOrEqual(scheduleStep(program, time_s) * (1 - 1e-9));
      expect(step).toBeLessThanOrEqual((work / Math.min(network, compute)) * (1 + 1e-9));
    }));
  });

  it("stretches a collective only while the core computes", () => {
    const writer = createWriter();
    writer.add({ kind: Kind.memory, lane: Lane.compute });
    writer.add({ kind: Kind.allReduce, lane: Lane.network });
    const program = writer.pack([], 1);
    // 3 s of compute at 0.5 take 6 s, in which the collective does 2.4 of its 4 s; 1.6 s follow alone.
    expect(shared(program, Float64Array.of(3, 4), 0.4, 0.5)).toBeCloseTo(6 + 1.6, 12);
    // The collective is over after 1 / 0.4 s; compute then has 3 - 1.25 s left.
    expect(shared(program, Float64Array.of(3, 1), 0.4, 0.5)).toBeCloseTo(2.5 + 1.75, 12);
  });
});

describe("the paces beside each other", () => {
  const core = { communication_bytes_per_s: 150e6, processing_bytes_per_s: 600e6, blockingCall_s: 2e-3 };
  it("follow from what waiting and moving a byte cost", () => {
    const rates = sharedRates(core, 119e6);
    expect(rates.network).toBeCloseTo(1 / 119e6 / (1 / 119e6 + 1 / 150e6), 12);
    expect(rates.compute).toBeCloseTo(1 - (rates.network * 119e6) / 600e6, 12);
    expect(sharedRates(null, 119e6)).toEqual({ network: 1, compute: 1 });
  });

  it("a collective waited for alone takes the longer of its wire and its wait; nothing to send is no wait", () => {
    expect([0, 1e-4, 5e-3].map((alone_s) => blockingTime_s(core, alone_s))).toEqual([0, 2e-3, 5e-3]);
    expect(blockingTime_s(null, 1e-4)).toBe(1e-4);
  });

  it("a slower link hides more", () => {
    fc.assert(fc.property(fc.double({ min: 1e6, max: 1e9, noNaN: true }), fc.double({ min: 1.01, max: 20, noNaN: true }), (bandwidth, factor) => {
      expect(sharedRates(core, bandwidth / factor).network).toBeGreaterThan(sharedRates(core, bandwidth).network);
      expect(sharedRates(core, bandwidth / factor).compute).toBeGreaterThanOrEqual(sharedRates(core, bandwidth).compute);
    }));
  });
});
