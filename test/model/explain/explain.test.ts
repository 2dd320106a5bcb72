/** What a step is made of, and the knobs of a page: both from the same scenario as the prediction. */
import { describe, expect, it } from "vitest";
import { explain } from "../../../model/explain/explain.ts";
import { knobs } from "../../../model/explain/knobs.ts";
import { prepare } from "../../../model/predict/prepare.ts";
import { countTrainedFlop } from "../../../model/workload/flop.ts";
import { predictRun, runNames, scenarioOf } from "../../support/library.ts";

describe.each(runNames)("the step of %s", (run) => {
  const scenario = scenarioOf(run);
  const devices = scenario.run?.scales.at(-1) ?? 1;
  const explanation = explain(scenario, { devices });
  const { operations } = explanation;
  const sum = (holds: (one: (typeof operations)[number]) => boolean) => operations.filter(holds).reduce((total, { time_s }) => total + time_s, 0);

  it("is plain data, slowest first, every row with a name and a limit", () => {
    expect(structuredClone(explanation)).toEqual(explanation);
    expect(operations.map(({ time_s }) => time_s)).toEqual(operations.map(({ time_s }) => time_s).toSorted((a, b) => b - a));
    for (const one of operations) {
      expect([one.operation, one.kind, one.lane, one.limit]).not.toContain("");
      expect([one.time_s, one.start_s, one.flop, one.bytes, one.rate_flop_per_s].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    }
  });

  it("has the work and the times that the prediction has", () => {
    const { layers } = prepare(scenario, "leave-one-series-out");
    expect(operations.reduce((total, { flop }) => total + flop, 0) / (countTrainedFlop(layers) * scenario.plan.samplesPerDevice)).toBeCloseTo(1, 12);
    const terms = Object.fromEntries(predictRun(run, {}, { devices: [devices] }).points[0]?.terms.map(({ id, time_s, overlapped_s }) => [id, time_s + overlapped_s]) ?? []);
    expect(sum(({ kind }) => kind === "allReduce")).toBeCloseTo(terms["communication"] ?? -1, 9);
    expect(sum(({ kind }) => kind === "negotiate" || kind === "answer")).toBeCloseTo(terms["control-plane"] ?? -1, 9);
    expect(sum(({ lane }) => lane === "compute")).toBeCloseTo(["ideal-compute", "kernel-inefficiency", "memory-bound", "optimizer", "launch", "normalisation-exchange"].reduce((total, id) => total + (terms[id] ?? 0), 0), 9);
  });

  it("runs no faster than its datasheet peak on average", () => {
    const peak = scenario.device.peaks[scenario.plan.precision]?.value ?? 0;
    const convolutions = operations.filter(({ kind }) => kind === "convolution");
    const flop = convolutions.reduce((total, one) => total + one.flop, 0);
    expect(flop / sum(({ kind }) => kind === "convolution")).toBeLessThan(peak);
  });

  it("gives an equation with its source for every term that the model computes", () => {
    expect(explanation.equations.map(({ term }) => term)).toEqual(expect.arrayContaining(["ideal-compute", "kernel-inefficiency", "memory-bound", "communication", "control-plane", "input", "stragglers"]));
    for (const { equation, source } of explanation.equations) expect(equation !== "" && source !== "").toBe(true);
  });
});

it("explain takes the largest scale where none is asked for, and refuses what predict refuses", () => {
  expect(explain(scenarioOf("selene-deepcam-2022")).devices).toBe(2048);
  expect(() => explain(scenarioOf("selene-deepcam-2022"), { devices: 0.5 })).toThrow(/whole number/);
});

it("a machine that has everything shows every knob", () => {
  expect(knobs(scenarioOf("summit-deeplabv3plus-fp16-2018")).map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "plan.samplesPerDevice", "plan.precision", "plan.gradientLag", "plan.fusion", "plan.optimizer", "plan.staging.mode",
      "machine.node.injection", "machine.fabric.efficiency", "machine.node.deviceLink.bandwidth", "machine.node.localStorage.read", "machine.fileSystem.read", "machine.deviceSpread.sigma",
      "stack.collective.algorithm", "stack.collective.leaders", "stack.controlPlane.kind", "stack.controlPlane.radix", "stack.kernels.winograd", "stack.kernels.dilation",
      "device.memory.bandwidth", "workload.options.channels",
    ]),
  );
});

describe.each(runNames)("the knobs of %s", (run) => {
  const scenario = scenarioOf(run);
  const list = knobs(scenario);

  it("have each a path of its own, a label, help and a value inside the control", () => {
    expect(new Set(list.map(({ path }) => path)).size).toBe(list.length);
    expect(list.length).toBeGreaterThanOrEqual(16);
    for (const { path, label, help, control, value, text } of list) {
      expect([label, help, text], path).not.toContain("");
      if (control.type === "choice") expect(control.options, path).toContain(value);
      else expect(control.min <= Number(value) && Number(value) <= control.max, path).toBe(true);
    }
  });

  it("show a changed value", () => {
    const changed = knobs(scenarioOf(run, { "machine.node.injection": "33 GB/s", "plan.gradientLag": 1 }));
    expect(changed.find(({ path }) => path === "machine.node.injection")).toMatchObject({ value: 33e9, text: "33 GB/s", kind: "assumed" });
    expect(changed.find(({ path }) => path === "plan.gradientLag")).toMatchObject({ value: 1 });
  });
});
