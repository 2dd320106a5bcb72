/** The number of leaders of a node moves the closed form of a hierarchical sum as it moves the sum that is simulated message by message. */
import { describe, expect, it } from "vitest";
import { explain, predict } from "../../../model/index.ts";
import { costAllReduce } from "../../../model/cost/index.ts";
import { prepare } from "../../../model/predict/prepare.ts";
import { simulate } from "../../../model/simulate/simulate.ts";
import { scenarioOf } from "../../support/library.ts";

const flagship = "summit-deeplabv3plus-fp16-2018";
const withLeaders = (leaders: number, changes: Record<string, string> = {}) => scenarioOf(flagship, { "stack.collective.leaders": String(leaders), ...changes });
const sumOf = (leaders: number, bytes: number) => costAllReduce(bytes, prepare(withLeaders(leaders), "cold").resources, 96);

describe("leaders of Summit's nodes of six devices", () => {
  it("are given the shares of the others, and give them back: 2 S max(1/g, (g-L)/(g L)) / B_in", () => {
    const bytes = 174.7e6;
    const all_s = sumOf(6, bytes).insideNode_s;
    const handed = [1, 2, 3, 4, 5].map((leaders) => ((sumOf(leaders, bytes).insideNode_s - all_s) * 40e9) / (2 * bytes));
    const byHand = [5 / 6, 4 / 12, 1 / 6, 1 / 6, 1 / 6];
    for (const [index, share] of handed.entries()) expect(share).toBeCloseTo(byHand[index] as number, 9);
    expect(sumOf(8, bytes)).toEqual(sumOf(6, bytes));
  });

  it.each([1, 2, 3, 4, 6])("%d: simulated on rails of two ports as the closed form says, within 8 %", (leaders) => {
    const { collectives, network } = simulate(withLeaders(leaders), { devices: 96, draws: 1 });
    expect(network.contends).toBe(true);
    const [largest] = collectives;
    expect(Math.abs((largest?.simulated_s ?? 0) / (largest?.closed_s ?? 1) - 1)).toBeLessThan(0.08);
  });

  it("lengthen the step where no lag hides the sum", () => {
    const step_s = (leaders: number) => predict(withLeaders(leaders, { "plan.gradientLag": "0" }), { devices: [27_360] }).points[0]?.stepTime_s.value ?? 0;
    expect(step_s(4) - step_s(6)).toBeGreaterThan(1e-4);
    expect(step_s(1)).toBeGreaterThan(step_s(2));
  });

  it("stand in the equation of the sum, and the equation is that of the algorithm that runs", () => {
    const equationOf = (changes: Record<string, string>) => explain(scenarioOf(flagship, changes)).equations.find(({ term }) => term === "communication")?.equation;
    expect(equationOf({})).toContain("to L = 4 leaders and back");
    expect(equationOf({ "stack.collective.leaders": "6" })).not.toContain("leaders");
    expect(equationOf({ "stack.collective.algorithm": "ring" })).toContain("2 (n-1) latency");
    expect(equationOf({ "stack.collective.algorithm": "tree" })).toContain("w S / B_out");
  });

  it("are told as unused where a node has one device, and where the all-reduce has none", () => {
    const unused = (run: string, changes: Record<string, string> = {}) => predict(scenarioOf(run, changes), { devices: [16] }).unusedChoices.filter(({ path }) => path === "stack.collective.leaders").map(({ reason }) => reason);
    expect(unused(flagship)).toEqual([]);
    expect(unused(flagship, { "stack.collective.leaderBandwidthShare": "100 %" })).toEqual([]);
    expect(unused("piz-daint-tiramisu-2018", { "stack.collective.algorithm": "hierarchical" })).toEqual(["a node has one device"]);
    expect(unused(flagship, { "stack.collective.algorithm": "ring" })).toEqual(["the ring all-reduce has none"]);
  });
});
