/** The events interpreter of a step beside the analytic one: equal without contention and spread, causes that add up, and every option moves what it names. */
import { describe, expect, it } from "vitest";
import { InputError } from "../../../model/problems.ts";
import { chromeTrace } from "../../../model/simulate/chrome-trace.ts";
import { simulate } from "../../../model/simulate/simulate.ts";
import type { Simulation } from "../../../model/simulate/simulation.ts";
import { ownRunNames, runNames, scenarioOf } from "../../support/library.ts";

const flagship = "summit-deeplabv3plus-fp16-2018";
const noSpread = { "machine.deviceSpread.sigma": "0" };

/** From the begin to the end of the recorded step without a gap, so that its parts add up to it. */
function expectWholePath({ path, recorded, records, draws_s }: Simulation): void {
  let at = 0;
  for (const { rank, operation, start_s, end_s, name } of path) {
    expect(start_s).toBe(at);
    at = end_s;
    const own = records.find((record) => record.rank === rank)?.operations[operation];
    expect([own?.name, own?.begin_s, own?.end_s]).toEqual([name, start_s, end_s]);
  }
  expect(at).toBe(recorded.step_s);
  expect(recorded.step_s / (draws_s[recorded.draw - 1] ?? 0)).toBeCloseTo(1, 9);
}

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
  // Lanes slow one another: one rank, no slack, and still a path that is the whole step.
  expect(simulation.records.map(({ operations }) => operations.every(({ slack_s }) => slack_s === null))).toEqual([true]);
  expectWholePath(simulation);
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

  it("records the draw whose step is the median, with the path that makes it so long", () => {
    expect(base.draws_s.length).toBe(4);
    expect(base.draws_s[base.recorded.draw - 1]).toBe(base.step_s.median);
    expectWholePath(base);
    const slow = simulate(scenarioOf(flagship), { devices: 384, draws: 3, slowNode: 1.5 });
    expectWholePath(slow);
    expect(slow.path.at(-1)?.rank).toBeLessThan(6);
  });

  it("goes through the sums where they are not hidden, and tells who waits for whom", () => {
    const exposed = simulate(scenarioOf(flagship, { "plan.gradientLag": "0" }), { devices: 384, draws: 1 });
    expectWholePath(exposed);
    expect(exposed.path.some(({ kind }) => kind === "allReduce")).toBe(true);
    const slowest = exposed.records.at(-1)?.operations ?? [];
    const fastest = exposed.records[0]?.operations ?? [];
    const waits = (operations: typeof slowest) => operations.reduce((sum, { start_s, begin_s }) => sum + begin_s - start_s, 0);
    expect(waits(fastest)).toBeGreaterThan(0.01);
    expect(waits(slowest)).toBe(0);
    for (const { operations } of exposed.records) {
      for (const { after, start_s } of operations) expect(after === null ? 0 : operations[after]?.end_s).toBe(start_s);
    }
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
    const whole = traceEvents.filter(({ args }) => args["criticalPath"] === "yes").reduce((sum, { dur = 0, args }) => sum + dur - Number(args["waits_us"] ?? 0), 0);
    expect(whole / 1e6).toBeCloseTo(base.recorded.step_s, 9);
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
