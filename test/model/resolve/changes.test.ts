/** "What if": changed values reach the scenario, are exact and marked, and every slip is told with what was meant. */
import { describe, expect, it } from "vitest";
import { changedSource } from "../../../model/schema/fact.ts";
import { resolveScenario } from "../../../model/resolve/resolve.ts";
import type { Changes, Selection } from "../../../model/scenario.ts";
import { library, predictRun, runNames, scenarioOf } from "../../support/library.ts";

const name = "summit-deeplabv3plus-fp16-2018";
const documents = { machine: "summit", workload: "deeplabv3plus-climate-2018", plan: "climate-2018-summit-fp16", stack: "tensorflow-horovod-2018-hierarchical" };
const problemsOf = (selection: Selection) => resolveScenario(library, selection).problems;
const change = (changes: Changes) => problemsOf({ run: name, changes });

describe("a selection", () => {
  it("by run is the same as by its four documents, but for the run", () => {
    const one = scenarioOf(name);
    const other = resolveScenario(library, documents).scenario;
    expect(other).toEqual({ ...one, run: null });
    expect(one.device.id).toBe("v100-sxm2-16gb");
    expect(one.calibrations).toHaveLength(Object.keys(library.documents.calibration).length);
  });

  it("with unknown names is told all of them, with the nearest", () => {
    expect(problemsOf({ run: "summit-deeplab-fp16-2018" })).toEqual([expect.objectContaining({ code: "unknown-name", path: "run", hint: `did you mean "${name}"?` })]);
    expect(problemsOf({ ...documents, machine: "sumit", plan: "climate-2018-summit-fp61", stack: "nothing like it" })).toEqual([
      expect.objectContaining({ path: "machine", hint: `did you mean "summit"?` }),
      expect.objectContaining({ path: "plan", hint: expect.stringContaining("climate-2018-summit-fp16") }),
      expect.objectContaining({ path: "stack" }),
    ]);
  });

  it.each(["constructor", "__proto__", "toString", ""])("named %j finds nothing of the prototype", (odd) => {
    expect(problemsOf({ run: odd })).toHaveLength(1);
    expect(problemsOf({ ...documents, machine: odd })).toHaveLength(1);
  });
});

describe("a good change", () => {
  it("of a fact is exact, marked as assumed and named for its author", () => {
    const { injection } = scenarioOf(name, { "machine.node.injection": "46 GB/s" }).machine.node;
    expect(injection).toMatchObject({ value: 46e9, text: "46 GB/s", kind: "assumed", source: changedSource });
    const record = predictRun(name, { "machine.fabric.efficiency": "50 %" }, { devices: [6144] }).inputs.find(({ path }) => path === "machine.fabric.efficiency");
    expect(record).toMatchObject({ value: 0.5, kind: "assumed", source: changedSource, used: true });
    expect(record).not.toHaveProperty("low");
    expect(record).not.toHaveProperty("stepTimeLow_s");
  });

  const good: [path: string, value: string | number | boolean, read: (scenario: ReturnType<typeof scenarioOf>) => unknown, becomes: unknown][] = [
    ["plan.gradientLag", "0", ({ plan }) => plan.gradientLag, 0],
    ["plan.gradientLag", 0, ({ plan }) => plan.gradientLag, 0],
    ["plan.precision", "fp32", ({ plan }) => plan.precision, "fp32"],
    ["plan.staging.mode", "naive", ({ plan }) => plan.staging.mode, "naive"],
    ["stack.collective.overlap", "false", ({ stack }) => stack.collective.overlap, false],
    ["stack.collective.overlap", false, ({ stack }) => stack.collective.overlap, false],
    ["machine.nodes", 100, ({ machine }) => machine.nodes.value, 100],
    ["machine.nodes", "100", ({ machine }) => machine.nodes.value, 100],
    ["machine.fabric.efficiency", 0.5, ({ machine }) => machine.fabric.efficiency.value, 0.5],
    ["machine.fabric.efficiency", "50 %", ({ machine }) => machine.fabric.efficiency.value, 0.5],
    ["machine.node.device", "a100-sxm4-40gb", ({ device }) => device.id, "a100-sxm4-40gb"],
    ["workload.options.channels", "4", ({ workload }) => (workload.options as { channels?: number }).channels, 4],
    ["workload.dataset.samplesPerFile", "10", ({ workload }) => workload.dataset.samplesPerFile, 10],
    ["stack.traffic.activation.forward", 2.5, ({ stack }) => stack.traffic.activation.forward.value, 2.5],
  ];
  it.each(good)("%s = %j", (path, value, read, becomes) => {
    const scenario = scenarioOf(name, { [path]: value });
    expect(read(scenario)).toBe(becomes);
    expect(scenario.changes).toEqual({ [path]: value });
  });

  it("of a list is written with commas", () => {
    const scenario = scenarioOf("summit-tiramisu-fp16-2018", { "workload.options.blocks": "2, 2, 4" });
    expect(scenario.workload.options).toMatchObject({ blocks: [2, 2, 4] });
  });

  it("changes nothing else and leaves the library as it was", () => {
    const before = JSON.stringify(library);
    const plain = scenarioOf(name);
    const changed = scenarioOf(name, { "machine.node.injection": "46 GB/s", "plan.gradientLag": 0 });
    expect(JSON.stringify(library)).toBe(before);
    const { node, ...machine } = changed.machine;
    expect({ ...machine, node: { ...node, injection: plain.machine.node.injection } }).toEqual(plain.machine);
    expect(scenarioOf(name)).toEqual(plain);
  });

  it("and its reverse give the first prediction back", () => {
    const { injection } = scenarioOf(name).machine.node;
    const there = predictRun(name, { "machine.node.injection": injection.text }, { devices: [6144] });
    const stepTime = predictRun(name, {}, { devices: [6144] }).points[0]?.stepTime_s.value;
    expect(there.points[0]?.stepTime_s.value).toBe(stepTime);
  });
});

describe("a bad change", () => {
  const bad: [path: string, value: string | number | boolean, problem: { code: string; path: string; expected?: unknown; hint?: unknown }][] = [
    ["plan.fusoin", "1 MiB", { code: "unknown-key", path: "change plan.fusoin", hint: `did you mean "fusion"?` }],
    ["machine.node.injectoin", "1 GB/s", { code: "unknown-key", path: "change machine.node.injectoin", hint: `did you mean "injection"?` }],
    ["plna.fusion", "1 MiB", { code: "unknown-name", path: "change plna.fusion", hint: `did you mean "plan"?` }],
    ["run.points", 1, { code: "unknown-name", path: "change run.points" }],
    ["plan", 1, { code: "unknown-key", path: "change plan" }],
    ["", 1, { code: "unknown-name", path: "change " }],
    ["plan.__proto__.x", 1, { code: "unknown-key", path: "change plan.__proto__.x" }],
    ["plan.staging", "naive", { code: "wrong-value", path: "change plan.staging", expected: expect.stringContaining("plan.staging.mode") }],
    ["machine.node", "x", { code: "wrong-value", path: "change machine.node", expected: expect.stringContaining("machine.node.device") }],
    ["machine.node.injection", "25 GB", { code: "wrong-unit", path: "machines/summit: node.injection.value", hint: `"GB" is an amount of data` }],
    ["machine.node.injection", "200 Gbps", { code: "wrong-unit", path: "machines/summit: node.injection.value", hint: "write Gbit/s" }],
    ["machine.node.injection", 25, { code: "missing-unit", path: "machines/summit: node.injection.value" }],
    ["machine.node.injection", true, { code: "wrong-value", path: "machines/summit: node.injection.value" }],
    ["machine.node.injection", "-1 GB/s", { code: "out-of-range", path: "machines/summit: node.injection.value" }],
    ["machine.fabric.efficiency", "150 %", { code: "out-of-range", path: "machines/summit: fabric.efficiency.value" }],
    ["machine.node.device", "v100", { code: "unknown-name", path: "machine.node.device", hint: `did you mean "v100-sxm2-16gb"?` }],
    ["plan.gradientLag", "two", { code: "wrong-value", path: "plans/climate-2018-summit-fp16: gradientLag" }],
    ["plan.gradientLag", 70, { code: "wrong-value", path: "plans/climate-2018-summit-fp16: gradientLag", expected: expect.stringContaining("64") }],
    ["plan.samplesPerDevice", Number.NaN, { code: "wrong-value", path: "plans/climate-2018-summit-fp16: samplesPerDevice" }],
    ["plan.precision", "half", { code: "unknown-name", path: "plans/climate-2018-summit-fp16: precision" }],
    ["stack.collective.algorithm", "rign", { code: "unknown-name", path: "stacks/tensorflow-horovod-2018-hierarchical: collective.algorithm", hint: `did you mean "ring"?` }],
  ];
  it.each(bad)("%s = %j", (path, value, problem) => {
    expect(change({ [path]: value })).toEqual([expect.objectContaining(problem)]);
  });

  it("stands beside every other one", () => {
    const paths = change({ "plan.fusoin": "1 MiB", "machine.node.injection": "25 GB", "plan.gradientLag": 70, "stack.collective.algorithm": "rign" }).map(({ path }) => path);
    expect(paths).toEqual(["change plan.fusoin", "machines/summit: node.injection.value", "plans/climate-2018-summit-fp16: gradientLag", "stacks/tensorflow-horovod-2018-hierarchical: collective.algorithm"]);
  });
});

it("every run resolves without a change", () => {
  for (const run of runNames) expect(problemsOf({ run })).toEqual([]);
});
