/** Traced steps: replayed with their own times they last as long as they did; at other sizes only exchanges change, and what waits for them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costTraced, groupAt } from "../../../model/cost/traced.ts";
import { schedule } from "../../../model/engine/analytic.ts";
import type { CollectiveTiming } from "../../../model/network/library/index.ts";
import { predictTraced } from "../../../model/predict/traced.ts";
import { buildTraced, type TracedOperation, type TracedStep } from "../../../model/program/traced.ts";
import { library } from "../../support/library.ts";

const operation = (stream: string, work: TracedOperation["work"], start: number, time: number, more: Partial<TracedOperation> = {}): TracedOperation => ({ name: work, stream, work, start_s: start / 1e3, time_s: time / 1e3, collective: undefined, after: undefined, ...more });
const sum = (bytes: number, groupSize: number | undefined = 8) => ({ collective: { operation: "all-reduce", bytes, groupSize } });

/** Backward 0..6 with two sums beside it, the second until 9; the update after both. */
const training: TracedStep = {
  operations: [operation("7", "compute", 0, 3), operation("7", "compute", 3, 3), operation("20", "communication", 3, 2, sum(1e6)), operation("20", "communication", 6, 3, sum(2e6)), operation("7", "compute", 9, 1)],
  step_s: 0.01,
  ranks: 8,
};
/** A network on which a sum takes so many seconds whatever its size, by a ring of two ranks: half of it each way. */
const lasting = (time_s: number): CollectiveTiming => ({ library: null, algorithm: "ring", protocols: null, devicesPerNode: 8, network: { nodeLink_bytes_per_s: Number.POSITIVE_INFINITY, nodeLinkLatency_s: time_s / 2, fabric_bytes_per_s: Number.POSITIVE_INFINITY, fabricLatency_s: 0, leaderShare: 1 } });
const stepAt = (step: TracedStep, timing: CollectiveTiming, ranks: number): number => {
  const traced = buildTraced(step);
  return schedule(traced.program, costTraced(traced, timing, step.ranks, ranks, 1)).step_s + traced.tail_s;
};

describe("a traced step", () => {
  it("lasts as long as it did when nothing changes, whatever its streams do", () => {
    const streams = fc.array(fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 9 }), fc.constantFrom("compute", "communication", "copy" as const)), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(streams, fc.nat(5), (lists, tail) => {
      const operations = lists.flatMap((list, stream) => {
        let at = 0;
        return list.map(([gap, time, work]) => {
          const one = operation(String(stream), work as TracedOperation["work"], at + gap, time, work === "communication" ? sum(1000) : {});
          at += gap + time;
          return one;
        });
      });
      const end = Math.max(...operations.map(({ start_s, time_s }) => (start_s ?? 0) + time_s));
      const traced = buildTraced({ operations, step_s: end + tail / 1e3, ranks: 8 });
      const replayed = schedule(traced.program, traced.time_s.map((time, index) => time + (traced.pause_s[index] as number)));
      expect(replayed.step_s + traced.tail_s).toBeCloseTo(end + tail / 1e3, 9);
    }));
  });

  it("waits for longer sums where the trace did, and hides them where it did", () => {
    // Two sums of 1 ms: the second begins after 6 and ends at 7, the update follows: 8 ms.
    expect(stepAt(training, lasting(1e-3), 2)).toBeCloseTo(0.008, 9);
    // Of 5 ms each: the first from 3 to 8 beside backward work, the second from 8 to 13, then the update.
    expect(stepAt(training, lasting(5e-3), 2)).toBeCloseTo(0.014, 9);
    // Alone, nothing is exchanged: 7 ms of work.
    expect(stepAt(training, lasting(5e-3), 1)).toBeCloseTo(0.007, 9);
  });

  it("waits for what is gathered at the next computation, even where it was hidden", () => {
    const gathered: TracedStep = { ...training, operations: [operation("20", "communication", 0, 1, { collective: { operation: "all-gather", bytes: 1e6, groupSize: 8 } }), operation("7", "compute", 0, 3), operation("7", "compute", 3, 3)], step_s: 0.006 };
    // An all-gather of a ring is one way: half of what a sum takes, so 4 ms: the second computation begins then.
    expect(stepAt(gathered, lasting(8e-3), 2)).toBeCloseTo(0.007, 9);
  });

  it("keeps groups smaller than the run, times without a size, and the host's pauses", () => {
    expect([groupAt({ operation: "all-reduce", bytes: 1, groupSize: 4 }, 8, 64), groupAt({ operation: "all-reduce", bytes: 1, groupSize: 8 }, 8, 64), groupAt({ operation: "all-reduce", bytes: 1, groupSize: undefined }, 8, 64)]).toEqual([4, 64, 64]);
    const open: TracedStep = { ...training, operations: [operation("7", "compute", 1, 2), operation("20", "communication", 3, 4, { collective: { operation: "all-reduce", bytes: undefined, groupSize: 8 } }), operation("7", "compute", 8, 1)], step_s: 0.01 };
    expect(stepAt(open, lasting(1), 64)).toBeCloseTo(0.01, 9);
  });

  it("follows dependencies that a trace names without moments", () => {
    const named: TracedStep = { operations: [operation("communication", "communication", 0, 4, { start_s: undefined, after: [1], ...sum(1e6) }), operation("compute", "compute", 0, 2, { start_s: undefined, after: [] })], step_s: 0, ranks: 2 };
    expect(stepAt(named, lasting(3e-3), 2)).toBeCloseTo(0.005, 9);
  });
});

describe("on a machine", () => {
  const large: TracedStep = { ...training, operations: training.operations.map((one) => ({ ...one, ...(one.collective ? sum(200e6) : {}) })) };

  it("takes longer with more GPUs and more bytes, and has an interval", () => {
    const { prediction, problems } = predictTraced(library, large, { machine: "summit", library: "nccl", devices: [6, 96, 1536] });
    expect(problems).toEqual([]);
    const points = prediction?.points ?? [];
    expect(points.map(({ nodes }) => nodes)).toEqual([1, 16, 256]);
    for (const [index, point] of points.entries()) {
      expect(point.stepTime_s.low95).toBeLessThan(point.stepTime_s.value);
      expect(point.stepTime_s.value).toBeLessThan(point.stepTime_s.high95);
      expect(point.stepTime_s.value).toBeGreaterThan(points[index - 1]?.stepTime_s.value ?? 0);
      expect(point.efficiency).toBeLessThan(points[index - 1]?.efficiency ?? 1);
      expect(point.exposed_s).toBeLessThanOrEqual(point.exchange_s * 1.000001);
    }
    expect(prediction?.traced).toMatchObject({ ranks: 8, operations: 5, exchanges: 2, timedExchanges: 2 });
  });

  it("names what is wrong with machine and sizes", () => {
    expect(predictTraced(library, large, { machine: "sumit", library: "nccl", devices: [6] }).problems[0]).toMatchObject({ code: "unknown-name", hint: expect.stringContaining("summit") as string });
    expect(predictTraced(library, large, { machine: "summit", library: "nccl", devices: [0, 1e9] }).problems).toHaveLength(2);
  });
});
