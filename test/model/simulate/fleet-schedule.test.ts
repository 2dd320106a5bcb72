/** Every rank on its own: with equal devices the analytic schedule, with unequal ones the pace of the slowest where all meet. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costAtScale } from "../../../model/cost/index.ts";
import { schedule } from "../../../model/engine/analytic.ts";
import { prepare } from "../../../model/predict/prepare.ts";
import { Kind, Lane } from "../../../model/program/types.ts";
import { foldProgram } from "../../../model/program/fold.ts";
import { createWriter } from "../../../model/program/writer.ts";
import { scheduleFleet } from "../../../model/simulate/fleet-schedule.ts";
import { runNames, scenarioOf } from "../../support/library.ts";

interface Row {
  kind: number;
  lane: number;
  after?: number[];
}

function programOf(rows: readonly Row[]) {
  const writer = createWriter();
  for (const { kind, lane, after = [] } of rows) writer.add({ kind, lane, bytes: 1, number: 1, layer: -1, after });
  return writer.pack([], 1);
}

describe("a step of unequal devices", () => {
  // Two pieces of work, a sum after each, an update after both.
  const program = programOf([
    { kind: Kind.convolution, lane: Lane.compute },
    { kind: Kind.allReduce, lane: Lane.network, after: [0] },
    { kind: Kind.convolution, lane: Lane.compute },
    { kind: Kind.allReduce, lane: Lane.network, after: [2] },
    { kind: Kind.optimizer, lane: Lane.compute, after: [1, 3] },
  ]);
  const time_s = Float64Array.of(1, 0.5, 1, 0.5, 0.25);

  it("goes at the pace of the slowest where all meet, and the others wait", () => {
    const { step_s, idle_s, watched } = scheduleFleet(program, time_s, Float64Array.of(1, 2), [0, 1]);
    // The slow one computes for 4 s, the last sum ends at 4.5, the update takes it 0.5 s.
    expect(step_s).toBeCloseTo(5, 12);
    expect([...idle_s].map((one) => Number(one.toFixed(9)))).toEqual([2.75, 0.5]);
    expect(watched.map(({ start_s }) => start_s[3])).toEqual([2.5, 4]);
    expect(watched.map(({ end_s }) => end_s[3])).toEqual([4.5, 4.5]);
  });

  it("is as long as that of the slowest alone, whoever that is", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 1, max: 3, noNaN: true }), { minLength: 1, maxLength: 12 }), (slowdowns) => {
      const slowest = schedule(program, time_s, undefined, Math.max(...slowdowns)).step_s;
      expect(scheduleFleet(program, time_s, Float64Array.from(slowdowns)).step_s).toBeCloseTo(slowest, 9);
    }));
  });

  it("costs what the network takes where the sums are free", () => {
    const free = Float64Array.of(1, 0, 1, 0, 0.25);
    expect(scheduleFleet(program, free, Float64Array.of(1, 2)).step_s).toBeCloseTo(4.5, 12);
  });
});

describe.each(runNames)("%s with equal devices", (run) => {
  it("is the analytic schedule", () => {
    const { program, resources, local } = prepare(scenarioOf(run), "cold");
    const { program: folded } = foldProgram(program);
    const time_s = costAtScale(folded, resources, 64, local.folded);
    const { step_s, watched } = scheduleFleet(folded, time_s, new Float64Array(3).fill(1), [2]);
    const analytic = schedule(folded, time_s);
    expect(step_s).toBeCloseTo(analytic.step_s, 12);
    expect([...(watched[0]?.end_s ?? [])]).toEqual([...analytic.end_s]);
  });
});
