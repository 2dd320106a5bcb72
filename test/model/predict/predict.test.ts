/** What holds of every prediction, whatever the run: plain data, the same each time, finite, consistent with itself. */
import { describe, expect, it } from "vitest";
import { predictSafely } from "../../../model/predict/predict-safely.ts";
import { InputError } from "../../../model/problems.ts";
import { termIds, type Estimate, type Prediction } from "../../../model/prediction.ts";
import { library, predictRun, runNames, scenarioOf } from "../../support/library.ts";
import { leaves, lostLeaves } from "../../support/plain-data.ts";

const estimates = ({ points }: Prediction): Estimate[] =>
  points.flatMap((point) => [point.stepTime_s, point.throughput_samples_per_s, point.rate_flop_per_s, point.peakRate_flop_per_s, point.efficiency, ...(point.stagingTime_s ? [point.stagingTime_s] : [])]);

describe.each(runNames)("the prediction of %s", (run) => {
  const prediction = predictRun(run);
  const scenario = scenarioOf(run);

  it("is plain data: a structured clone and JSON both give it back", () => {
    expect(structuredClone(prediction)).toEqual(prediction);
    expect(JSON.parse(JSON.stringify(prediction))).toEqual(prediction);
  });

  it("holds no number that is not finite, and no text that is empty where a reader looks", () => {
    expect(lostLeaves(prediction)).toEqual([]);
    for (const { label, text, path } of prediction.inputs) expect(label !== "" && text !== "", path).toBe(true);
    for (const { terms } of prediction.points) for (const { binds, label } of terms) expect(binds !== "" && label !== "").toBe(true);
    expect(leaves(prediction).filter(([, leaf]) => typeof leaf === "string" && /NaN|Infinity|undefined|\[object/.test(leaf))).toEqual([]);
  });

  it("is the same the second time", () => {
    expect(predictRun(run)).toEqual(prediction);
  });

  it("has the scales of the run, whole nodes and the batch of all devices", () => {
    expect(prediction.points.map(({ devices }) => devices)).toEqual(scenario.run?.scales);
    for (const { devices, nodes, samplesPerStep } of prediction.points) {
      expect(nodes).toBe(devices <= 1 ? 1 : Math.ceil(devices / scenario.machine.node.devices.value));
      expect(samplesPerStep).toBe(devices * scenario.plan.samplesPerDevice);
    }
  });

  it("has intervals around every value, the narrow inside the wide", () => {
    for (const { low95, low80, value, high80, high95 } of estimates(prediction)) {
      expect(low95 <= low80 && low80 <= value && value <= high80 && high80 <= high95).toBe(true);
      expect(low95).toBeGreaterThan(0);
    }
  });

  it("says the same in every output: rate, throughput and efficiency follow from the step", () => {
    const flop = prediction.totals.flopPerSample[prediction.convention];
    const single = prediction.points[0]?.devices === 1 ? prediction.points[0].stepTime_s.value : undefined;
    for (const point of prediction.points) {
      const step = point.stepTime_s.value;
      expect(point.throughput_samples_per_s.value * step / point.samplesPerStep).toBeCloseTo(1, 12);
      expect(point.rate_flop_per_s.value * step / (flop * point.samplesPerStep)).toBeCloseTo(1, 12);
      expect(point.peakRate_flop_per_s.value).toBeGreaterThanOrEqual(point.rate_flop_per_s.value * (1 - 1e-12));
      if (single !== undefined) expect(point.efficiency.value).toBeCloseTo(single / step, 12);
      const { device, node, machine } = point.inputNeed_bytes_per_s;
      expect(machine / (device * point.devices)).toBeCloseTo(1, 12);
      expect(device).toBeCloseTo((prediction.totals.inputPerSample_bytes * point.throughput_samples_per_s.value) / point.devices, 3);
      expect(node).toBeGreaterThanOrEqual(device);
    }
  });

  it("has terms in the order of the waterfall that add up to the step, each inside its interval", () => {
    for (const { terms, stepTime_s } of prediction.points) {
      expect(terms.map(({ id }) => id)).toEqual([...termIds]);
      expect(Math.abs(terms.reduce((sum, { time_s }) => sum + time_s, 0) / stepTime_s.value - 1)).toBeLessThan(1e-9);
      for (const { time_s, low95_s, high95_s, overlapped_s } of terms) {
        expect(low95_s).toBeGreaterThanOrEqual(0);
        expect(low95_s - 1e-12).toBeLessThanOrEqual(time_s);
        expect(high95_s).toBeGreaterThanOrEqual(time_s);
        expect(overlapped_s).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it("never has more than full efficiency, and more devices of a machine never do less together", () => {
    let before = 0;
    for (const { efficiency, throughput_samples_per_s } of prediction.points) {
      expect(efficiency.high95).toBeLessThanOrEqual(1);
      expect(efficiency.value).toBeLessThanOrEqual(1 + 1e-12);
      expect(throughput_samples_per_s.value).toBeGreaterThan(before);
      before = throughput_samples_per_s.value;
    }
  });

  it("counts the assumptions it rests on, and each has its interval and its effect", () => {
    expect(prediction.assumed).toBe(prediction.inputs.filter(({ kind, used }) => kind === "assumed" && used).length);
    for (const { kind, path, low, high, stepTimeLow_s, stepTimeHigh_s } of prediction.inputs) {
      if (kind === "assumed" || low !== undefined) expect([low, high].every((value) => typeof value === "number"), path).toBe(true);
      // These bound or widen a prediction; no step belongs to their ends.
      const moves = low !== undefined && path !== "machine.nodes" && path !== "device.kernelsLike.spread";
      expect([stepTimeLow_s, stepTimeHigh_s].map((value) => typeof value), path).toEqual(moves ? ["number", "number"] : ["undefined", "undefined"]);
    }
    for (const { source, kind, path } of prediction.inputs) if (kind !== "calibrated") expect(Object.hasOwn(library.sources, source), path).toBe(true);
  });

  it("shows the chain to every fitted value, with weights that sum to one", () => {
    for (const { parts, value, low95, high95 } of prediction.calibration) {
      expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(low95 <= value && value <= high95).toBe(true);
      for (const { weight, leftOut } of parts) expect(weight === 0).toBe(leftOut !== undefined || weight === 0);
    }
  });

  it("does not change the scenario it is made from", () => {
    const before = JSON.stringify(scenario);
    predictRun(run, {}, { devices: [1] });
    expect(JSON.stringify(scenarioOf(run))).toBe(before);
  });
});

describe("numbers of devices", () => {
  const run = "summit-deeplabv3plus-fp32-2018";
  const told = (devices: number[]) => predictSafely(library, { run }, { devices }).problems;
  const whole = "a whole number of devices, 1 or more";

  it.each([
    ["none", [], { expected: "at least one number of devices" }],
    ["zero", [0], { got: "0", expected: whole }],
    ["less than none", [-6], { got: "-6", expected: whole }],
    ["a part", [1.5], { got: "1.5", expected: whole }],
    ["NaN", [Number.NaN], { got: "NaN", expected: whole }],
    ["infinitely many", [Number.POSITIVE_INFINITY], { got: "Infinity", expected: whole }],
    ["more than there are", [27_649], { code: "too-many-devices", got: "27649 devices", hint: "at most 27648" }],
  ] as const)("%s", (_what, devices, problem) => {
    expect(told([...devices])).toEqual([expect.objectContaining({ path: "devices", ...problem })]);
  });

  it("more than a thousand are refused, and every bad one among the rest is told", () => {
    expect(told(Array.from({ length: 1001 }, (_, index) => index + 1))).toEqual([expect.objectContaining({ got: `"1001 numbers"` })]);
    expect(told([6, 0, 1.5, 30_000])).toHaveLength(3);
  });

  it("are sorted and taken once", () => {
    expect(predictRun(run, {}, { devices: [24, 6, 24, 1] }).points.map(({ devices }) => devices)).toEqual([1, 6, 24]);
  });

  it("predict throws them as one error", () => {
    expect(() => predictRun(run, {}, { devices: [0] })).toThrow(InputError);
  });

  it("that nobody asked for are one, a node and whole nodes up to the machine", () => {
    const { prediction } = predictSafely(library, { machine: "summit", workload: "deeplabv3plus-climate-2018", plan: "climate-2018-summit-fp16", stack: "tensorflow-horovod-2018" });
    expect(prediction?.points.map(({ devices }) => devices)).toEqual([1, 6, 24, 96, 384, 1536, 6144, 24_576, 27_648]);
  });

  it("beyond a machine that was made smaller are left out", () => {
    expect(predictRun(run, { "machine.nodes": "4" }).points.map(({ devices }) => devices)).toEqual([1, 6, 24]);
    expect(predictRun(run, { "machine.nodes": "4" }, { devices: [24] }).scenario.changes).toEqual({ "machine.nodes": "4" });
  });
});

describe("predictSafely", () => {
  it("answers a device without kernel table with what there is", () => {
    const { problems } = predictSafely(library, { run: "piz-daint-tiramisu-2018", changes: { "plan.precision": "fp16" } });
    expect(problems).toEqual([expect.objectContaining({ code: "missing-calibration", got: expect.stringContaining("p100-pcie-16gb"), expected: expect.stringContaining("v100-sxm2-16gb fp16") })]);
  });

  it("answers a size that the network cannot halve with the nearest that it can", () => {
    const { problems } = predictSafely(library, { run: "piz-daint-tiramisu-2018", changes: { "workload.options.height": 770 } });
    expect(problems).toEqual([expect.objectContaining({ path: expect.stringContaining("options.height"), hint: "768 is the nearest" })]);
  });
});
