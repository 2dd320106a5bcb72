/** Transformers on unequal devices by events beside the expectation: equal devices give the step as before, slow ones agree within 5 %. */
import { describe, expect, it } from "vitest";
import { simulateTransformerStep } from "../../../model/engine/pipeline/events/simulate-step.ts";
import { resolveTransformer } from "../../../model/index.ts";
import { chooseTransformerLayouts } from "../../../model/predict/transformer/predict.ts";
import { prepareTransformer } from "../../../model/predict/transformer/prepare.ts";
import type { Changes } from "../../../model/scenario.ts";
import { simulateTransformerFleets } from "../../../model/simulate/transformer-fleet.ts";
import { library } from "../../support/library.ts";

function prepare(changes: Changes, plan = "gpt3-175b-selective-2022", workload = "gpt3-175b", machine = "selene", stack = "megatron-2022", devices = 64) {
  const resolved = resolveTransformer(library, { machine, workload, plan, stack, changes });
  if (!resolved.scenario) throw new Error(JSON.stringify(resolved.problems));
  const prepared = prepareTransformer(resolved.scenario, "in-sample");
  return { prepared, layout: chooseTransformerLayouts(prepared, [devices])[0]!.layout };
}
const slow = (share: string, slowdown: number): Changes => ({ "machine.slowDevices.share": share, "machine.slowDevices.slowdown": slowdown });

describe("a transformer on drawn fleets", () => {
  it("of equal devices is the step by events", () => {
    const { prepared, layout } = prepare({});
    const { step_s, draws_s } = simulateTransformerFleets(prepared, layout, { draws: 3 });
    const plain = simulateTransformerStep(prepared.architecture, layout, prepared.hardware, prepared.posterior.values);
    expect(step_s / plain.step_s).toBeCloseTo(1, 9);
    expect(new Set(draws_s.map((one) => one.toPrecision(9))).size).toBe(1);
  });

  it.each([
    ["1 % a fifth slower", slow("1 %", 1.2)],
    ["5 % a tenth slower", slow("5 %", 1.1)],
    ["one node a third slower", { "machine.slowNodes.count": 1, "machine.slowNodes.slowdown": 1.33 }],
    ["a quarter of another kind", { "machine.otherDevices.device": "v100-sxm2-32gb", "machine.otherDevices.share": 0.25 }],
  ] as ReadonlyArray<readonly [string, Changes]>)("%s: events and expectation agree on what it adds", (_, changes) => {
    for (const [plan, workload, devices, draws] of [["gpt3-175b-selective-2022", "gpt3-175b", 64, 24], ["megatron-1t-2021", "gpt-1t", 3072, 2]] as const) {
      const stack = workload === "gpt-1t" ? "megatron-2021" : "megatron-2022";
      const { prepared, layout } = prepare(changes, plan, workload, "selene", stack, devices);
      const equal = prepare({}, plan, workload, "selene", stack, devices);
      const [with_, without] = [simulateTransformerFleets(prepared, layout, { draws }), simulateTransformerFleets(equal.prepared, equal.layout, { draws: 1 })];
      const events = with_.step_s / without.step_s;
      const closed = with_.analytic_s / without.analytic_s;
      expect(closed, workload).toBeGreaterThan(1.01);
      expect(events / closed, `${workload}: events ${events}, closed ${closed}`).toBeGreaterThan(0.95);
      expect(events / closed, `${workload}: events ${events}, closed ${closed}`).toBeLessThan(1.05);
    }
  });
});
