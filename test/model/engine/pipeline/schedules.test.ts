import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bubble } from "../../../../model/engine/pipeline/bubble.ts";
import { hasOrder } from "../../../../model/engine/pipeline/events/orders.ts";
import { passNames, simulatePipeline, type PipelineTimeline, type PipelineWork } from "../../../../model/engine/pipeline/events/simulate.ts";
import { InputError } from "../../../../model/problems.ts";
import { pipelineSchedules } from "../../../../model/schema/plan-layout.ts";
import type { PipelineSchedule } from "../../../../model/plan/layout.ts";

function equalStages(schedule: PipelineSchedule, stages: number, virtualStages: number, microBatches: number, [f, b, w]: readonly [number, number, number], message_s = 0): PipelineWork {
  const pieces = (time: number): Float64Array => new Float64Array(stages * virtualStages).fill(time / virtualStages);
  return { schedule, stages, virtualStages, microBatches, forward_s: pieces(f), data_s: pieces(b), weight_s: pieces(w), message_s };
}

function closedForm({ schedule, stages, virtualStages, microBatches }: PipelineWork, [f, b, w]: readonly [number, number, number]): number {
  return microBatches * (f + b + w) + bubble(schedule, stages, virtualStages, microBatches, { forward: stages * f, data: stages * b, weight: stages * w, slowForward: f, slowData: b, slowWeight: w });
}

const seconds = fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10);
const shapes = fc.record({ stages: fc.integer({ min: 1, max: 9 }), groups: fc.integer({ min: 2, max: 4 }), virtualStages: fc.integer({ min: 1, max: 4 }) });

describe("equal stages: events are the closed form", () => {
  it.each(["gpipe", "1f1b", "interleaved"] as const)("%s, whatever the passes take", (schedule) => {
    fc.assert(
      fc.property(shapes, seconds, seconds, seconds, ({ stages, groups, virtualStages }, f, b, w) => {
        const work = equalStages(schedule, stages, schedule === "interleaved" ? virtualStages : 1, groups * stages, [f, b, w]);
        expect(simulatePipeline(work).makespan_s).toBeCloseTo(closedForm(work, [f, b, w]), 8);
      }),
    );
  });

  // Qi et al. 2023 and DeepSeek-V3 state their bubbles for passes that take the same time.
  it.each([["zero-bubble", 2, 2], ["zero-bubble", 8, 4], ["zero-bubble", 4, 8], ["zero-bubble", 8, 24], ["dualpipe", 2, 4], ["dualpipe", 4, 8], ["dualpipe", 8, 20], ["dualpipe", 16, 64]] as const)("%s over %d stages, %d micro-batches", (schedule, stages, microBatches) => {
    const work = equalStages(schedule, stages, 1, microBatches, [1, 1, 1]);
    expect(simulatePipeline(work).makespan_s).toBeCloseTo(closedForm(work, [1, 1, 1]), 9);
  });

  it("zero bubble is no better than its closed form and no worse than 1F1B, whatever the passes take", () => {
    fc.assert(
      fc.property(shapes, seconds, seconds, seconds, ({ stages, groups }, f, b, w) => {
        const work = equalStages("zero-bubble", stages, 1, groups * stages, [f, b, w]);
        const { makespan_s } = simulatePipeline(work);
        expect(makespan_s).toBeGreaterThanOrEqual(closedForm(work, [f, b, w]) - 1e-9);
        expect(makespan_s).toBeLessThanOrEqual(closedForm({ ...work, schedule: "1f1b" }, [f, b, w]) + w + 1e-9);
      }),
    );
  });
});

/** No schedule of synchronous steps beats this: a stage waits for what is before it, works, and what it sent back has to arrive. */
function lowerBound({ schedule, stages, virtualStages, microBatches, forward_s, data_s, weight_s }: PipelineWork): number {
  const pieces = stages * virtualStages;
  let chain = 0;
  let most = 0;
  for (let piece = 0; piece < pieces; piece++) chain += (forward_s[piece] as number) + (data_s[piece] as number);
  for (let device = 0; device < stages; device++) {
    let work = 0;
    for (let piece = 0; piece < virtualStages; piece++) {
      for (const stage of schedule === "dualpipe" ? [device, stages - 1 - device] : [piece * stages + device]) {
        work += ((forward_s[stage] as number) + (data_s[stage] as number) + (weight_s[stage] as number)) * (schedule === "dualpipe" ? microBatches / 2 : microBatches);
      }
    }
    most = Math.max(most, work);
  }
  return Math.max(chain, most);
}

const uneven = fc.record({
  schedule: fc.constantFrom(...pipelineSchedules), stages: fc.integer({ min: 1, max: 6 }), groups: fc.integer({ min: 2, max: 3 }), pieces: fc.integer({ min: 1, max: 3 }), message_s: fc.constantFrom(0, 0.1, 1), times: fc.array(seconds, { minLength: 54, maxLength: 54 }),
}).filter(({ schedule, stages, groups }) => hasOrder(schedule, stages, 1, stages * groups)).map(({ schedule, stages, groups, pieces, message_s, times }): PipelineWork => {
  const virtualStages = schedule === "interleaved" ? pieces : 1;
  const count = stages * virtualStages;
  const column = (part: number): Float64Array => Float64Array.from(times.slice(part * 18, part * 18 + count));
  return { schedule, stages, virtualStages, microBatches: stages * groups, message_s, forward_s: column(0), data_s: column(1), weight_s: column(2) };
});

function checkTimeline(work: PipelineWork, timeline: PipelineTimeline): void {
  const { stages, virtualStages, microBatches } = work;
  const busyUntil = new Float64Array(stages);
  const seen = new Map<string, number>();
  for (let row = 0; row < timeline.count; row++) {
    const device = timeline.device[row] as number;
    const start_s = timeline.start_s[row] as number;
    expect(start_s).toBeGreaterThanOrEqual((busyUntil[device] as number) - 1e-9);
    busyUntil[device] = timeline.end_s[row] as number;
    const name = passNames[timeline.pass[row] as number] as string;
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  const count = (name: (typeof passNames)[number]): number => seen.get(name) ?? 0;
  const passes = stages * virtualStages * microBatches;
  expect(count("forward") + count("forward-and-backward")).toBe(passes);
  expect(count("backward") + count("data-gradient") + count("forward-and-backward")).toBe(passes);
  expect(count("weight-gradient")).toBe(count("data-gradient"));
}

describe("uneven stages with messages", () => {
  it("every pass runs once, one at a time on a device, and no step beats the bound", () => {
    fc.assert(
      fc.property(uneven, (work) => {
        const timeline = simulatePipeline(work);
        checkTimeline(work, timeline);
        expect(timeline.makespan_s).toBeGreaterThanOrEqual(lowerBound(work) - 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it("faster messages never make the step slower", () => {
    fc.assert(
      fc.property(uneven.filter(({ schedule }) => schedule !== "zero-bubble"), (work) => {
        expect(simulatePipeline({ ...work, message_s: work.message_s / 2 }).makespan_s).toBeLessThanOrEqual(simulatePipeline(work).makespan_s + 1e-9);
      }),
    );
  });

  it("1F1B with one slow last stage, the loss head, is exact in closed form", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 4 }), seconds, (stages, groups, head) => {
        const work = equalStages("1f1b", stages, 1, groups * stages, [1, 1, 1]);
        for (const column of [work.forward_s, work.data_s, work.weight_s]) column[stages - 1] = 1 + head / 3;
        const slow = { forward: stages + head / 3, data: stages + head / 3, weight: stages + head / 3, slowForward: 1 + head / 3, slowData: 1 + head / 3, slowWeight: 1 + head / 3 };
        expect(simulatePipeline(work).makespan_s).toBeCloseTo(work.microBatches * (3 + head) + bubble("1f1b", stages, 1, work.microBatches, slow), 8);
      }),
    );
  });
});

it("a schedule says which micro-batches it can order", () => {
  expect(hasOrder("interleaved", 4, 2, 6)).toBe(false);
  expect(hasOrder("dualpipe", 4, 1, 6)).toBe(false);
  expect(hasOrder("dualpipe", 3, 1, 12)).toBe(false);
  expect(hasOrder("zero-bubble", 4, 2, 8)).toBe(false);
  expect(hasOrder("1f1b", 4, 1, 1)).toBe(true);
});

it("every pass runs, or a problem says why there is no order; nothing stands still", () => {
  const whole = fc.integer({ min: 1, max: 6 });
  const counts = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(1.5, Number.POSITIVE_INFINITY, Number.NaN));
  fc.assert(
    fc.property(fc.constantFrom(...pipelineSchedules), whole, fc.integer({ min: 1, max: 3 }), counts, (schedule, stages, virtualStages, microBatches) => {
      const work = equalStages(schedule, stages, virtualStages, microBatches, [1, 1, 1]);
      if (hasOrder(schedule, stages, virtualStages, microBatches)) checkTimeline(work, simulatePipeline(work));
      else expect(() => simulatePipeline(work)).toThrow(InputError);
    }),
    { numRuns: 500 },
  );
});
