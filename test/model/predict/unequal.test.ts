/** What slow devices, slow nodes and devices of another kind do to predictions of networks of layers and of transformers: each moves the step, and the events engine agrees. */
import { describe, expect, it } from "vitest";
import { predict, predictTransformer, resolveScenario, resolveTransformer, simulate } from "../../../model/index.ts";
import { explain } from "../../../model/index.ts";
import type { Changes, Scenario, TransformerScenario } from "../../../model/scenario.ts";
import { library } from "../../support/library.ts";

const flagship = "summit-deeplabv3plus-fp16-2018";

function layers(changes: Changes = {}): Scenario {
  const resolved = resolveScenario(library, { run: flagship, changes });
  if (!resolved.scenario) throw new Error(JSON.stringify(resolved.problems));
  return resolved.scenario;
}

function transformer(changes: Changes = {}): TransformerScenario {
  const resolved = resolveTransformer(library, { machine: "selene", workload: "gpt-1t", plan: "megatron-1t-2021", stack: "megatron-2021", changes });
  if (!resolved.scenario) throw new Error(JSON.stringify(resolved.problems));
  return resolved.scenario;
}

const slow = (share: string, slowdown: number): Changes => ({ "machine.slowDevices.share": share, "machine.slowDevices.slowdown": slowdown });
const slowNode = (count: number, slowdown: number): Changes => ({ "machine.slowNodes.count": count, "machine.slowNodes.slowdown": slowdown });
const other = (device: string, share: string): Changes => ({ "machine.otherDevices.device": device, "machine.otherDevices.share": share });

const stepOf = (changes: Changes, devices = 27_360) => predict(layers(changes), { devices: [devices] }).points[0]!.stepTime_s.value;
const wait = (changes: Changes, devices = 27_360) => predict(layers(changes), { devices: [devices] }).points[0]!.terms.find(({ id }) => id === "stragglers")!;
const transformerStep = (changes: Changes) => predictTransformer(transformer(changes), { devices: [3072] }).points[0]!;

describe("unequal devices under a network of layers", () => {
  it("one per cent of GPUs a third slower cost the whole machine nearly all of it, and a single GPU nearly nothing", () => {
    const changes = slow("1 %", 1.3);
    expect(stepOf(changes) / stepOf({})).toBeGreaterThan(1.12);
    expect(stepOf(changes, 1) / stepOf({}, 1)).toBeCloseTo(1.003, 3);
    expect(wait(changes).binds).toContain("1 % of devices take 1.3 times as long");
  });

  it("each part moves the step", () => {
    const base = stepOf({}, 1536);
    for (const changes of [slow("0.1 %", 1.2), slowNode(1, 1.2), { "machine.slowNodes.share": "1 %", "machine.slowNodes.slowdown": 1.2 }, other("v100-sxm2-16gb", "0.5")]) {
      const same = "machine.otherDevices.device" in changes;
      if (same) expect(stepOf(changes, 1536)).toBeCloseTo(base, 9);
      else expect(stepOf(changes, 1536), JSON.stringify(changes)).toBeGreaterThan(base * 1.005);
    }
    // A lag of one step averages jitter away; without it every step waits for the unluckiest.
    const withoutLag = { "plan.gradientLag": 0 };
    expect(stepOf({ ...withoutLag, "machine.deviceSpread.jitter": "2 %" }, 1536)).toBeGreaterThan(stepOf(withoutLag, 1536) * 1.005);
    expect(stepOf({ "machine.deviceSpread.jitter": "2 %" }, 1536)).toBeGreaterThan(base);
    const mixed = { ...other("p100-pcie-16gb", "0.25"), "plan.precision": "fp32" };
    const equal = stepOf(mixed, 1536);
    const balanced = stepOf({ ...mixed, "machine.otherDevices.balance": "proportional" }, 1536);
    expect(equal).toBeGreaterThan(stepOf({ "plan.precision": "fp32" }, 1536) * 1.2);
    expect(balanced).toBeLessThan(equal);
    expect(balanced).toBeGreaterThan(stepOf({ "plan.precision": "fp32" }, 1536));
  });

  it("events draw what the expectation holds: the steps differ by less than 2 %", () => {
    for (const changes of [slow("1 %", 1.2), slow("0.2 %", 1.2), slowNode(1, 1.2), { "machine.deviceSpread.jitter": "2 %" }]) {
      const { causes, analytic_s } = simulate(layers(changes), { devices: 192, draws: 40 });
      const drawn = causes.filter(({ id }) => id === "devices" || id === "jitter").reduce((sum, { time_s }) => sum + time_s, 0);
      expect(Math.abs(drawn / analytic_s), JSON.stringify(changes)).toBeLessThan(0.02);
    }
  });

  it("explain tells the formula and the numbers", () => {
    expect(explain(layers(slow("1 %", 1.3))).equations.find(({ term }) => term === "stragglers")?.equation).toContain("max(M(n), s M(K))");
  });

  it("half a description is a problem that names the rest, a device that is not there one that names its neighbours", () => {
    const half = resolveScenario(library, { run: flagship, changes: { "machine.slowDevices.share": "1 %" } });
    expect(half.problems).toEqual([expect.objectContaining({ path: expect.stringContaining("slowDevices.slowdown"), got: "nothing" })]);
    expect(resolveScenario(library, { run: flagship, changes: { ...slowNode(1, 1.2), "machine.slowNodes.share": 0.1 } }).problems).toEqual([expect.objectContaining({ got: "both count and share" })]);
    const unknown = resolveScenario(library, { run: flagship, changes: other("v100-sxm2-16gbb", "0.5") });
    expect(unknown.problems).toEqual([expect.objectContaining({ path: "machine.otherDevices.device", hint: expect.stringContaining("v100-sxm2-16gb") })]);
  });
});

describe("unequal devices under a transformer", () => {
  it("the pace of its compute is that of the slowest, its exchanges are not slower", () => {
    const base = transformerStep({});
    const slowed = transformerStep(slow("1 %", 1.3));
    const ratio = slowed.stepTime_s.value / base.stepTime_s.value;
    expect(ratio).toBeGreaterThan(1.1);
    expect(ratio).toBeLessThan(1.3);
    const term = slowed.terms.find(({ id }) => id === "jitter")!;
    expect(term.binds).toContain("1 % of devices take 1.3 times as long");
    expect(slowed.terms.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(slowed.stepTime_s.value, 6);
    expect(transformerStep(slowNode(1, 1.3)).stepTime_s.value / base.stepTime_s.value).toBeGreaterThan(1.1);
    expect(transformerStep(other("v100-sxm2-32gb", "0.25")).stepTime_s.value / base.stepTime_s.value).toBeGreaterThan(1.2);
  });

  it("without them nothing changes", () => {
    expect(transformerStep(slow("0 %", 1.3)).stepTime_s.value).toBeCloseTo(transformerStep({}).stepTime_s.value, 9);
  });
});
