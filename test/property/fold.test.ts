/** Folding changes nothing: the schedule of a folded program ends when that of the program does, for stored runs and for random ones. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costAtScale } from "../../model/cost/index.ts";
import { scheduleStep } from "../../model/engine/analytic.ts";
import { prepare } from "../../model/predict/prepare.ts";
import { foldProgram } from "../../model/program/fold.ts";
import { kindNames, lanes } from "../../model/program/types.ts";
import { createWriter } from "../../model/program/writer.ts";
import { runNames, scenarioOf } from "../support/library.ts";

const foldTimes = (of: Int32Array, time_s: Float64Array, count: number): Float64Array => {
  const folded = new Float64Array(count);
  time_s.forEach((time, index) => (folded[of[index] ?? 0] = (folded[of[index] ?? 0] ?? 0) + time));
  return folded;
};

describe("a folded program", () => {
  it.each(runNames.flatMap((run) => [0, 1].map((lag) => [run, lag] as const)))("of %s with lag %d is shorter and ends when the program does", (run, lag) => {
    const { program, resources, local } = prepare(scenarioOf(run, { "plan.gradientLag": lag }), "cold");
    const { program: folded, of } = foldProgram(program);
    expect(folded.count).toBeLessThan(program.count / 1.5);
    for (const devices of [1, 6, 96, 2048]) {
      const time_s = costAtScale(program, resources, devices, local);
      expect(scheduleStep(folded, costAtScale(folded, resources, devices, local.folded), undefined, 1.05) / scheduleStep(program, time_s, undefined, 1.05)).toBeCloseTo(1, 12);
      expect(scheduleStep(folded, foldTimes(of, time_s, folded.count))).toBeCloseTo(scheduleStep(program, time_s), 12);
    }
  });

  it("ends when any random program does", () => {
    const operation = fc.record({ lane: fc.integer({ min: 0, max: lanes.length - 1 }), kind: fc.integer({ min: 0, max: kindNames.length - 1 }), time: fc.double({ min: 0, max: 10, noNaN: true }), after: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 60 }), (operations) => {
        const writer = createWriter();
        operations.forEach(({ lane, kind, after }, index) => writer.add({ lane, kind, after: index === 0 ? [] : after.map((share) => Math.floor(share * index)) }));
        const program = writer.pack([], 1);
        const time_s = Float64Array.from(operations, ({ time }) => time);
        const { program: folded, of } = foldProgram(program);
        expect(scheduleStep(folded, foldTimes(of, time_s, folded.count))).toBeCloseTo(scheduleStep(program, time_s), 9);
      }),
      { numRuns: 500 },
    );
  });
});
