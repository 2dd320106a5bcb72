/** The critical path against the schedule it is taken from, and slack against what it promises: moving an operation within it changes nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Kind, Lane, lanes } from "../../../model/program/types.ts";
import { createWriter } from "../../../model/program/writer.ts";
import { criticalPath, slackOf } from "../../../model/simulate/critical-path.ts";
import { scheduleFleet } from "../../../model/simulate/fleet-schedule.ts";

interface Row {
  kind: number;
  lane: number;
  time_s: number;
  after: number[];
}

function programOf(rows: readonly Row[]) {
  const writer = createWriter();
  for (const { kind, lane, after } of rows) writer.add({ kind, lane, after });
  return { program: writer.pack([], 1), time_s: Float64Array.from(rows, ({ time_s }) => time_s) };
}

const row = fc.record({ work: fc.constantFrom("compute", "copy", "sum"), time_s: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 3, noNaN: true })), back: fc.array(fc.nat(12), { maxLength: 3 }) });
const programs = fc.array(row, { minLength: 1, maxLength: 14 }).map((all): Row[] => all.map(({ work, time_s, back }, index) => ({
  ...(work === "sum" ? { kind: Kind.allReduce, lane: Lane.network } : work === "copy" ? { kind: Kind.copy, lane: Lane.copy } : { kind: Kind.convolution, lane: Lane.compute }),
  time_s, after: [...new Set(back.filter((one) => one < index).map((one) => index - 1 - one))].filter((one) => one >= 0),
})));
const fleets = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 1, maxLength: 4 });
const all = (fleet: readonly number[]) => fleet.map((_, rank) => rank);

describe("the critical path", () => {
  it("goes from the begin of the step to its end without a gap, through operations that ran then", () => {
    fc.assert(fc.property(programs, fleets, (rows, fleet) => {
      const { program, time_s } = programOf(rows);
      const { step_s, watched } = scheduleFleet(program, time_s, Float64Array.from(fleet), all(fleet));
      let at = 0;
      for (const { place, index, start_s, end_s } of criticalPath(program, watched)) {
        expect(start_s).toBe(at);
        expect(watched[place]?.end_s[index]).toBe(end_s);
        at = end_s;
      }
      expect(at).toBe(step_s);
    }));
  });

  it("goes over to the rank that a sum waits for", () => {
    const { program, time_s } = programOf([
      { kind: Kind.convolution, lane: Lane.compute, time_s: 1, after: [] },
      { kind: Kind.allReduce, lane: Lane.network, time_s: 0.5, after: [0] },
      { kind: Kind.optimizer, lane: Lane.compute, time_s: 0.25, after: [1] },
    ]);
    const { watched } = scheduleFleet(program, time_s, Float64Array.of(1, 2), [0, 1]);
    expect(criticalPath(program, watched)).toEqual([
      { place: 1, index: 0, start_s: 0, end_s: 2 },
      { place: 1, index: 1, start_s: 2, end_s: 2.5 },
      { place: 1, index: 2, start_s: 2.5, end_s: 3 },
    ]);
    // The fast rank's work may end one second later; its update a quarter of a second.
    expect(slackOf(program, watched).map((slack) => [...slack])).toEqual([[1, 0, 0.25], [0, 0, 0]]);
  });

  it("is where nothing can be later", () => {
    fc.assert(fc.property(programs, fleets, (rows, fleet) => {
      const { program, time_s } = programOf(rows);
      const { watched } = scheduleFleet(program, time_s, Float64Array.from(fleet), all(fleet));
      const slack = slackOf(program, watched);
      for (const { place, index } of criticalPath(program, watched)) expect(slack[place]?.[index]).toBeLessThan(1e-9);
    }));
  });
});

it("an operation may take its slack longer and the step is as long; with more it is longer by just that", () => {
  fc.assert(fc.property(programs, fc.nat(13), fc.double({ min: 0.1, max: 2, noNaN: true }), (rows, chosen, more_s) => {
    const index = chosen % rows.length;
    const { program, time_s } = programOf(rows);
    fc.pre((time_s[index] ?? 0) > 0);
    const fleet = Float64Array.of(1);
    const { step_s, watched } = scheduleFleet(program, time_s, fleet, [0]);
    const slack_s = slackOf(program, watched)[0]?.[index] ?? 0;
    const taking = (extra_s: number) => scheduleFleet(program, time_s.map((one, at) => (at === index ? one + extra_s : one)), fleet).step_s;
    expect(taking(slack_s)).toBeCloseTo(step_s, 9);
    expect(taking(slack_s + more_s)).toBeCloseTo(step_s + more_s, 9);
  }));
});

it("every lane of the table can be walked", () => {
  for (const lane of lanes.keys()) {
    const { program, time_s } = programOf([{ kind: Kind.copy, lane, time_s: 1, after: [] }, { kind: Kind.copy, lane, time_s: 1, after: [] }]);
    expect(criticalPath(program, scheduleFleet(program, time_s, Float64Array.of(1), [0]).watched).map(({ index }) => index)).toEqual([0, 1]);
  }
});
