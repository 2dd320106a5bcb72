/** The terms of a step, over the stored runs and the choices that change how much is hidden. */
import { describe, expect, it } from "vitest";
import { costAtScale } from "../../../model/cost/index.ts";
import { stepTerms, stepTime } from "../../../model/engine/terms.ts";
import { prepare, type Prepared } from "../../../model/predict/prepare.ts";
import { termIds } from "../../../model/prediction.ts";
import { Kind, Lane } from "../../../model/program/types.ts";
import type { Changes } from "../../../model/scenario.ts";
import { runNames, scenarioOf } from "../../support/library.ts";

const variants: Changes[] = [
  {},
  { "plan.gradientLag": 0 },
  { "plan.gradientLag": 1 },
  { "plan.gradientLag": 0, "stack.collective.overlap": false },
  { "stack.controlPlane.kind": "flat", "plan.gradientLag": 0 },
  { "machine.node.injection": "0.1 GB/s" },
  { "machine.node.injection": "0.1 GB/s", "plan.gradientLag": 1 },
  { "plan.staging.mode": "none", "machine.fileSystem.read": "10 GB/s" },
  { "plan.fusion": "1 MiB" },
];

const cases = runNames.flatMap((run) => variants.map((changes) => ({ run, changes, label: `${run} ${JSON.stringify(changes)}` })));
const at = ({ program, resources, local }: Prepared, devices: number) => stepTerms(program, resources, devices, local);

function workOf({ program, resources, local }: Prepared, devices: number) {
  const time_s = costAtScale(program, resources, devices, local);
  const sum = (holds: (index: number) => boolean) => time_s.reduce((total, time, index) => total + (holds(index) ? time : 0), 0);
  return { kind: (kind: number) => sum((index) => program.kind[index] === kind), lane: (lane: number) => sum((index) => program.lane[index] === lane) };
}

describe.each(cases)("$label", ({ run, changes }) => {
  const scenario = scenarioOf(run, changes);
  const prepared = prepare(scenario, "leave-one-series-out");
  const scales = scenario.run?.scales ?? [];

  it("adds up: terms to the step, added and hidden to the work", () => {
    for (const devices of scales) {
      const terms = at(prepared, devices);
      const sum = termIds.reduce((total, id) => total + terms.added_s[id], 0);
      expect(Math.abs(sum / terms.step_s - 1)).toBeLessThan(1e-9);
      for (const id of termIds) expect(terms.added_s[id], id).toBeGreaterThanOrEqual(-1e-12 * terms.step_s);
      const work = workOf(prepared, devices);
      const both = (id: "communication" | "control-plane" | "input") => terms.added_s[id] + (terms.overlapped_s[id] ?? 0);
      expect(Math.abs(both("communication") - work.kind(Kind.allReduce))).toBeLessThan(1e-9 * terms.step_s);
      expect(Math.abs(both("control-plane") - work.kind(Kind.negotiate) - work.kind(Kind.answer))).toBeLessThan(1e-9 * terms.step_s);
      expect(Math.abs(both("input") - Math.max(work.kind(Kind.read), work.kind(Kind.decode), work.kind(Kind.copy)))).toBeLessThan(1e-9 * terms.step_s);
    }
  });

  it("never beats its compute lane, and waits for nobody on one device", () => {
    for (const devices of scales) {
      const terms = at(prepared, devices);
      expect(Math.abs(terms.alone_s / workOf(prepared, devices).lane(Lane.compute) - 1)).toBeLessThan(1e-9);
      expect(terms.step_s).toBeGreaterThanOrEqual(terms.alone_s * (1 - 1e-12));
      expect(stepTime(prepared.program, prepared.resources, devices, prepared.local)).toBe(terms.step_s);
    }
    expect(at(prepared, 1).added_s).toMatchObject({ communication: expect.closeTo(0, 9), "control-plane": 0, stragglers: 0 });
  });
});

describe.each(runNames)("%s", (run) => {
  const termsOf = (changes: Changes) => {
    const scenario = scenarioOf(run, changes);
    const prepared = prepare(scenario, "leave-one-series-out");
    return (scenario.run?.scales ?? []).map((devices) => at(prepared, devices));
  };
  const steps = (changes: Changes): number[] => termsOf(changes).map(({ step_s }) => step_s);
  /** More work of the optimizer, such as the copy of lagged gradients, is no fault of the schedule. */
  const noSlower = (better: Changes, worse: Changes) => {
    const slow = termsOf(worse);
    termsOf(better).forEach(({ step_s, added_s, lag }, index) => {
      const other = slow[index];
      const copied_s = Math.max(0, added_s.optimizer - (other?.added_s.optimizer ?? 0)) * (1 + lag);
      expect(step_s).toBeLessThanOrEqual(((other?.step_s ?? 0) + copied_s) * (1 + 1e-12));
    });
  };

  it("is never slower with lagged gradients but for their copy, or with sums that overlap the backward pass", () => {
    for (const injection of ["0.1 GB/s", "5 GB/s", "400 GB/s"]) {
      noSlower({ "plan.gradientLag": 1, "machine.node.injection": injection }, { "plan.gradientLag": 0, "machine.node.injection": injection });
      noSlower({ "plan.gradientLag": 0, "stack.collective.overlap": true, "machine.node.injection": injection }, { "plan.gradientLag": 0, "stack.collective.overlap": false, "machine.node.injection": injection });
    }
  });

  it("is never slower at no control plane than with a tree, nor with a tree of small radix than flat at scale", () => {
    noSlower({ "stack.controlPlane.kind": "none" }, { "stack.controlPlane.kind": "tree" });
    const [tree, flat] = ["tree", "flat"].map((kind) => steps({ "stack.controlPlane.kind": kind, "stack.controlPlane.radix": 4 }).at(-1) ?? 0);
    if ((scenarioOf(run).run?.scales.at(-1) ?? 0) >= 1024) expect(tree).toBeLessThanOrEqual(flat ?? 0);
  });
});
