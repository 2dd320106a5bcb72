/** The list schedule over random programs: bounds that no schedule may pass, and equality where nothing contends. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schedule, scheduleStep } from "../../../model/engine/analytic.ts";
import { Kind, Lane, kindNames, lanes, type Program } from "../../../model/program/types.ts";
import { createWriter } from "../../../model/program/writer.ts";

interface Made {
  program: Program;
  time_s: Float64Array;
}

/** Operations with a kind, a lane, a time and dependencies on earlier ones. */
const anyProgram = (lane: fc.Arbitrary<number> = fc.nat(lanes.length - 1)): fc.Arbitrary<Made> =>
  fc
    .array(fc.record({ kind: fc.nat(kindNames.length - 1), lane, time: fc.double({ min: 0, max: 10, noNaN: true }), needs: fc.array(fc.nat(1000), { maxLength: 4 }) }), { minLength: 1, maxLength: 60 })
    .map((rows) => {
      const writer = createWriter();
      rows.forEach(({ kind, lane, needs }, index) => writer.add({ kind, lane, after: index === 0 ? [] : [...new Set(needs.map((need) => need % index))] }));
      return { program: writer.pack([], 1), time_s: Float64Array.from(rows, ({ time }) => time) };
    });

const times = ({ time_s }: Made): number[] => [...time_s];
const laneSum = ({ program, time_s }: Made, lane: number): number => time_s.reduce((sum, time, index) => sum + (program.lane[index] === lane ? time : 0), 0);
const needsOf = ({ program }: Made, index: number): number[] => Array.from(program.dependencies.subarray(program.dependencyStart[index], program.dependencyStart[index + 1]));

/** Longest path over dependencies alone. */
function criticalPath(made: Made): number {
  const end: number[] = [];
  for (const [index, time] of times(made).entries()) end.push(time + Math.max(0, ...needsOf(made, index).map((need) => end[need] ?? 0)));
  return Math.max(...end);
}

const slack = 1 + 1e-12;

describe("schedule", () => {
  it("takes at least every lane's sum and the critical path, at most all work one after another", () => {
    fc.assert(fc.property(anyProgram(), (made) => {
      const { step_s } = schedule(made.program, made.time_s);
      for (const lane of Object.values(Lane)) expect(step_s * slack).toBeGreaterThanOrEqual(laneSum(made, lane));
      expect(step_s * slack).toBeGreaterThanOrEqual(criticalPath(made));
      expect(step_s).toBeLessThanOrEqual(times(made).reduce((sum, time) => sum + time, 0) * slack);
    }));
  });

  it("is the sum on one lane, and the critical path where each operation has a lane to itself", () => {
    fc.assert(fc.property(anyProgram(fc.constant(Lane.compute)), (made) => {
      expect(schedule(made.program, made.time_s).step_s).toBeCloseTo(laneSum(made, Lane.compute), 9);
    }));
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: lanes.length, maxLength: lanes.length }), fc.array(fc.array(fc.nat(1000)), { minLength: lanes.length, maxLength: lanes.length }), (time, needs) => {
      const writer = createWriter();
      needs.forEach((list, lane) => writer.add({ kind: Kind.memory, lane, after: lane === 0 ? [] : list.map((need) => need % lane) }));
      const made = { program: writer.pack([], 1), time_s: Float64Array.from(time) };
      expect(schedule(made.program, made.time_s).step_s).toBeCloseTo(criticalPath(made), 12);
    }));
  });

  it("starts nothing before its lane is free and its dependencies have ended, and leaves no lane idle without a reason", () => {
    fc.assert(fc.property(anyProgram(), (made) => {
      const { start_s, end_s } = schedule(made.program, made.time_s);
      const free = new Map<number, number>();
      for (const index of times(made).keys()) {
        const lane = made.program.lane[index] ?? 0;
        const earliest = Math.max(free.get(lane) ?? 0, ...needsOf(made, index).map((need) => end_s[need] ?? 0));
        expect(start_s[index]).toBe(earliest);
        free.set(lane, end_s[index] ?? 0);
      }
    }));
  });

  it("never gets faster when an operation gets slower", () => {
    fc.assert(fc.property(anyProgram(), fc.nat(), fc.double({ min: 0, max: 5, noNaN: true }), ({ program, time_s }, at, more) => {
      const slower = time_s.slice();
      slower[at % program.count] = (slower[at % program.count] ?? 0) + more;
      expect(schedule(program, slower).step_s).toBeGreaterThanOrEqual(schedule(program, time_s).step_s);
    }));
  });

  it("leaves kinds out as if they took no time", () => {
    fc.assert(fc.property(anyProgram(), fc.subarray([...kindNames.keys()]), ({ program, time_s }, kept) => {
      const keep = kindNames.map((_, kind) => kept.includes(kind));
      const without = time_s.map((time, index) => (keep[program.kind[index] ?? 0] ? time : 0));
      expect(schedule(program, time_s, keep).step_s).toBe(schedule(program, without).step_s);
    }));
  });

  it("stretches the compute lane alone", () => {
    fc.assert(fc.property(anyProgram(), fc.double({ min: 1, max: 2, noNaN: true }), ({ program, time_s }, stretch) => {
      const plain = schedule(program, time_s).step_s;
      const stretched = schedule(program, time_s, undefined, stretch).step_s;
      expect(stretched).toBeGreaterThanOrEqual(plain);
      expect(stretched).toBeLessThanOrEqual(plain * stretch * slack);
      const others = time_s.map((time, index) => (program.lane[index] === Lane.compute ? 0 : time));
      expect(schedule(program, others, undefined, stretch).step_s).toBe(schedule(program, others).step_s);
    }));
  });

  it("gives the same step with and without keeping the times of operations", () => {
    fc.assert(fc.property(anyProgram(), anyProgram(), (one, other) => {
      for (const { program, time_s } of [one, other, one]) expect(scheduleStep(program, time_s, undefined, 1.1)).toBe(schedule(program, time_s, undefined, 1.1).step_s);
    }));
  });
});
