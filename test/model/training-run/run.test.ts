/** A training run in numbers: the drawn runs and the closed form agree where everything is known, every part is counted once, and what is not known widens the days. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activityTimes } from "../../../model/training-run/activities.ts";
import { answerRun } from "../../../model/training-run/run.ts";
import type { RunNumbers } from "../../../model/training-run/draw-run.ts";
import { estimateFrom, quantile } from "../../../model/training-run/quantiles.ts";
import { stepsFor } from "../../../model/training-run/train.ts";
import { checkpointTimes } from "../../../model/reliability/checkpoint.ts";
import { findRecovery, interruptionRate, recoveryKeys, type KnownRecovery, type RecoveryKey } from "../../../model/reliability/recovery.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import type { FailureLawCalibration } from "../../../model/schema/calibration.ts";
import type { Machine } from "../../../model/schema/machine.ts";
import { library } from "../../support/library.ts";

const values: Record<RecoveryKey, number> = { nodeInterval: 200 * 86_400, keptFactor: 3, detection: 300, restart: 300, manualShare: 0.1, manualTime: 4000, drainShare: 0.3, repair: 86_400, spread: 0.8 };
const exactly = (more: Partial<Record<RecoveryKey, number>> = {}, width = 1): KnownRecovery =>
  Object.fromEntries(recoveryKeys.map((key) => {
    const value = { ...values, ...more }[key];
    return [key, { key, value, low95: value / width, high95: /Share/.test(key) ? Math.min(1, value * width) : value * width, text: "", kind: "published", source: "", from: "machine" }];
  })) as unknown as KnownRecovery;
const exact = (value: number) => ({ value, low80: value, high80: value, low95: value, high95: value });
const numbersOf = (more: Partial<RunNumbers> = {}): RunNumbers => ({ nodes: 1000, spares: Number.POSITIVE_INFINITY, suspectNodes: "excluded", steps: 500_000, stepTime_s: exact(8), staging_s: exact(600), checkpoint: { write_s: 20, blocked_s: 20, behind_s: 0, load_s: 60, binds: "one node" }, writeDeviation: 0, asynchronous: false, recovery: exactly(), ...more });

describe("a run of which everything is known", () => {
  it.each([["as it is", {}], ["with two spare nodes", { spares: 2 }], ["with nodes that fail again", { suspectNodes: "kept" }], ["asynchronous", { asynchronous: true, checkpoint: { write_s: 200, blocked_s: 2, behind_s: 200, load_s: 60, binds: "one node" } }]] as const)("takes as long drawn as in closed form, %s", (_, more) => {
    const answer = answerRun(numbersOf(more), null, 60, 3);
    expect(Math.abs((answer.days.mean * 86_400) / answer.wall_s - 1)).toBeLessThan(0.015);
    expect(answer.unfinished).toBe(0);
  });

  it("counts every part once, and hands all of them to what counts energy", () => {
    const answer = answerRun(numbersOf({ spares: 3 }), 1800, 40, 1);
    expect(answer.parts.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(answer.wall_s, 3);
    const times = activityTimes({ ...answer, stepTime_s: exact(8), nodes: 1000, spareNodes: 3 });
    expect(Object.values(times.time_s).reduce((sum, time_s) => sum + time_s, 0)).toBeCloseTo(answer.wall_s, 3);
    expect(times.steps).toBeGreaterThan(500_000);
    expect(times.time_s.staging).toBe(600);
    expect(times.spareNodes).toBe(3);
  });

  it("is a single checkpoint longer than its steps where nothing fails", () => {
    const answer = answerRun(numbersOf({ recovery: null }), null, 20, 1);
    expect(answer.wall_s).toBeCloseTo(500_000 * 8 + 20 + 600, 6);
    expect(answer.interval).toBeNull();
    expect(answer.days.p95).toBeCloseTo(answer.days.p05, 9);
  });

  it("is wider the less is known, around the same middle", () => {
    const [sharp, vague] = [answerRun(numbersOf(), null, 300, 1), answerRun(numbersOf({ recovery: exactly({}, 4) }), null, 300, 1)];
    expect(vague.days.p95 - vague.days.p05).toBeGreaterThan(3 * (sharp.days.p95 - sharp.days.p05));
    expect(vague.wall_s).toBe(sharp.wall_s);
  });
});

describe("a checkpoint", () => {
  const rates = { write_bytes_per_s: 1e11, nodeWrite_bytes_per_s: 1e9, read_bytes_per_s: 2e11, nodeRead_bytes_per_s: 2e9, hostLink_bytes_per_s: 2e10 };
  it("takes the longer of all nodes' and one node's time, and holds an asynchronous job for the copy alone", () => {
    fc.assert(fc.property(fc.double({ min: 1e9, max: 1e14, noNaN: true }), fc.integer({ min: 1, max: 4000 }), (bytes, nodes) => {
      const size = { checkpoint_bytes: bytes, load_bytes: bytes, writers: nodes * 8, writerNodes: nodes, readerNodes: nodes };
      const waits = checkpointTimes(size, rates, false);
      const copies = checkpointTimes(size, rates, true);
      expect(waits.write_s).toBe(Math.max(bytes / 1e11, bytes / nodes / 1e9));
      expect(waits.blocked_s).toBe(waits.write_s);
      expect(copies.blocked_s).toBeCloseTo(bytes / (nodes * 8) / 2e10, 9);
      expect(copies.behind_s).toBe(waits.write_s);
    }));
  });
});

describe("what is known of interruptions", () => {
  const law = parseDocument("calibration", library.documents.calibration["interruptions-ai-clusters"], "law").document as FailureLawCalibration;
  const machine = (id: string): Machine => parseDocument("machine", library.documents.machine[id], id).document as Machine;

  it("is the machine's where it states it, the law's else, and nothing without both", () => {
    const meta = findRecovery(machine("meta-24k-h100"), [law], undefined);
    expect(meta.known?.nodeInterval).toMatchObject({ from: "machine", value: 264 * 86_400 });
    expect(meta.known?.detection.from).toBe(law.id);
    expect(meta.notes.join()).toContain("does not state how much more often where failed nodes stay, how soon a failure is noticed");
    const summit = findRecovery(machine("summit"), [law], undefined);
    expect(summit.known?.nodeInterval.value).toBeCloseTo((law.nodeInterval.value * 8) / 6, 3);
    expect(summit.notes.join()).toContain("6 devices");
    expect(findRecovery(machine("summit"), [], undefined)).toMatchObject({ known: null, law: null });
    expect(findRecovery(machine("summit"), [law], "none").known).toBeNull();
  });

  it("grows with the nodes, and with those that fail again", () => {
    expect(interruptionRate(values, 10, "excluded")).toBeCloseTo(10 / (200 * 86_400), 15);
    expect(interruptionRate(values, 10, "kept")).toBeCloseTo((3 * 10) / (200 * 86_400), 15);
  });
});

describe("small pieces", () => {
  it("count steps up to the last sample", () => {
    expect(stepsFor({ unit: "tokens", count: 15.6e12 }, 2048, 2048 * 8192)).toBe(929_833);
    expect(stepsFor({ unit: "samples", count: 101 }, 10, null)).toBe(11);
    expect(stepsFor({ unit: "steps", count: 7 }, 10, 20)).toBe(7);
  });

  it("find quantiles between order statistics, and ends that hold the value", () => {
    expect(quantile([1, 2, 3, 4, 5], 0.5)).toBe(3);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(estimateFrom(9, [1, 2, 3]).high95).toBe(9);
    expect(estimateFrom(2, [1, 2, 3]).low95).toBeCloseTo(1.05, 9);
  });
});
