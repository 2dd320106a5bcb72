/** The events interpreter of a step beside the analytic one: equal without contention and spread, causes that add up, and every option moves what it names. */
import { describe, expect, it } from "vitest";
import { InputError } from "../../../model/problems.ts";
import { chromeTrace } from "../../../model/simulate/chrome-trace.ts";
import { simulate } from "../../../model/simulate/simulate.ts";
import { ownRunNames, runNames, scenarioOf } from "../../support/library.ts";

const flagship = "summit-deeplabv3plus-fp16-2018";
const noSpread = { "machine.deviceSpread.sigma": "0" };

describe.each(runNames)("%s", (run) => {
  it("is the predicted step where devices are equal and nothing contends", () => {
    const scenario = scenarioOf(run, noSpread);
    // Powers of two: halving and doubling takes as many rounds as the closed form says.
    const devices = scenario.machine.node.devices.value * 4;
    const { interconnect: _, ...machine } = scenario.machine;
    const simulation = simulate({ ...scenario, machine }, { devices, draws: 1 });
    expect(simulation.network.contends).toBe(false);
    const ratio = simulation.step_s.mean / simulation.analytic_s;
    if (scenario.stack.collective.algorithm === "hierarchical") {
      expect(ratio).toBeCloseTo(1, 6);
      for (const { closed_s, simulated_s } of simulation.collectives) expect(simulated_s / closed_s).toBeCloseTo(1, 6);
    } else {
      // The closed form of a pipelined tree has endless pieces and stages at once; its steps have pieces of 512 KiB, stage after stage.
      expect(ratio).toBeGreaterThan(0.99);
      expect(ratio).toBeLessThan(1.06);
    }
  });
});

it.each(ownRunNames.slice(0, 2))("%s runs where sums share the core with compute", (run) => {
  const simulation = simulate(scenarioOf(run), { devices: 2, draws: 2 });
  expect(simulation.step_s.mean / simulation.analytic_s).toBeGreaterThan(0.8);
  expect(simulation.records).toEqual([]);
});

describe("the flagship on 384 devices", () => {
  const base = simulate(scenarioOf(flagship), { devices: 384, draws: 4, seed: 3 });

  it("repeats with its seed, and its causes add up to the difference", () => {
    expect(simulate(scenarioOf(flagship), { devices: 384, draws: 4, seed: 3 }).step_s).toEqual(base.step_s);
    expect(simulate(scenarioOf(flagship), { devices: 384, draws: 4, seed: 4 }).step_s).not.toEqual(base.step_s);
    const slow = simulate(scenarioOf(flagship), { devices: 384, draws: 4, seed: 3, slowNode: 1.5 });
    for (const { analytic_s, step_s, causes } of [base, slow]) expect(analytic_s + causes.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(step_s.mean, 12);
    expect(slow.step_s.mean).toBeGreaterThan(1.2 * base.step_s.mean);
    expect(base.step_s.min).toBeLessThanOrEqual(base.step_s.median);
  });

  it("contends where routing is fixed, and says on which links", () => {
    const fixed = simulate(scenarioOf(flagship, { "machine.interconnect.routing.kind": "deterministic" }), { devices: 384, draws: 1 });
    expect(fixed.collectives[0]?.simulated_s).toBeGreaterThan(1.1 * (base.collectives[0]?.simulated_s ?? 0));
    expect(fixed.causes[0]?.words).toMatch(/longer than its closed form; the fullest links are of kind/);
    for (const { used } of fixed.links) expect(used).toBeLessThanOrEqual(1 + 1e-9);
  });

  it("leaves as a trace: events of every recorded rank, in microseconds, none past the step", () => {
    const { traceEvents } = chromeTrace(base);
    expect(new Set(traceEvents.map(({ pid }) => pid)).size).toBe(3);
    const ends = traceEvents.filter(({ ph }) => ph === "X").map(({ ts = 0, dur = 0 }) => ts + dur);
    expect(Math.max(...ends) / 1e6).toBeLessThanOrEqual(base.step_s.max * (1 + 1e-9));
    expect(traceEvents.some(({ cat }) => cat === "allReduce")).toBe(true);
  });

  it("tells all that is wrong with its options at once", () => {
    const attempt = () => simulate(scenarioOf(flagship), { devices: 1e6, draws: 0, seed: 1.5, slowNode: 0.5 });
    expect(attempt).toThrow(InputError);
    try {
      attempt();
    } catch (error) {
      expect((error as InputError).problems.map(({ path }) => path)).toEqual(["devices", "seed", "draws", "slowNode"]);
    }
  });
});
