/** Predictions from a table of measured operations: the sum of its times, what it lacks, ranks that share cores, sums of gradients on the core that computes. */
import { describe, expect, it } from "vitest";
import { outputsAt } from "../../../model/predict/outputs.ts";
import { predict } from "../../../model/predict/predict.ts";
import { findClassifier } from "../../../model/plan/classifier.ts";
import { prepare } from "../../../model/predict/prepare.ts";
import { InputError } from "../../../model/problems.ts";
import { Kind, passNames } from "../../../model/program/types.ts";
import { countParameters } from "../../../model/workload/totals.ts";
import { flopOfPass, multiplies } from "../../../model/workload/flop.ts";
import { bounds, ownHostLibrary, ownHostScenario, slowdown, surfaces } from "../../support/own-host.ts";

const workloads = ["small-resnet-32", "unet-64", "gpt-256", "mlp-2048"];
const single = (workload: string, changes = {}) => outputsAt(prepare(ownHostScenario(workload, changes), "cold"), 1).terms;
const step = (workload: string, devices: number, changes = {}, library = ownHostLibrary()) => outputsAt(prepare(ownHostScenario(workload, changes, library), "cold"), devices).terms;

describe.each(workloads)("%s on a host whose operations take twice their bound", (workload) => {
  const prepared = prepare(ownHostScenario(workload), "cold");
  const { layers, program, local } = prepared;

  it("takes at least twice the arithmetic at peak, and the products exactly that where arithmetic binds", () => {
    const flop = layers.reduce((sum, layer) => sum + (["forward", "data-gradient", "weight-gradient"] as const).reduce((inner, pass) => inner + flopOfPass(layer, pass), 0), 0);
    expect(local.sums.kernel).toBeGreaterThanOrEqual((slowdown * flop * 8) / bounds.flop_per_s * (1 - 1e-9));
    for (let index = 0; index < program.count; index++) {
      if (program.kind[index] !== Kind.convolution || passNames[program.pass[index] ?? 0] !== "forward") continue;
      const arithmetic = (slowdown * (program.flop[index] ?? 0)) / bounds.flop_per_s;
      expect(local.time_s[index]).toBeGreaterThanOrEqual(arithmetic * (1 - 1e-9));
    }
  });

  it("updates every tensor", () => {
    expect(local.sums.optimizer).toBeCloseTo((slowdown * 2 * 4 * countParameters(layers)) / bounds.bytes_per_s, 9);
  });

  it("leaves a classifier that devices divide out of the update of the rest", () => {
    const base = ownHostScenario(workload);
    const split = prepare({ ...base, plan: { ...base.plan, classifier: { split: true, sampled: 1 } } }, "cold");
    const classifier = layers[findClassifier(layers)]?.parameters[0] ?? 0;
    expect(split.local.sums.optimizer).toBeCloseTo((slowdown * 2 * 4 * (countParameters(layers) - classifier)) / bounds.bytes_per_s, 9);
  });

  it("takes twice as long where two ranks share a core", () => {
    expect(single(workload, { "machine.node.timeSharing": 2 }).step_s / single(workload).step_s).toBeCloseTo(2, 9);
  });

  it("does the passes of accumulation one after another, with one update", () => {
    const [one, four] = [prepare(ownHostScenario(workload), "cold"), prepare(ownHostScenario(workload, { "plan.accumulation": 4 }), "cold")];
    expect(four.local.sums.kernel / one.local.sums.kernel).toBeCloseTo(4, 9);
    expect(four.local.sums.optimizer).toBeCloseTo(one.local.sums.optimizer, 12);
    const added = (slowdown * 2 * 4 * 3 * countParameters(layers)) / bounds.bytes_per_s;
    expect(four.local.sums.memory - 4 * one.local.sums.memory).toBeCloseTo(added, 9);
  });

  it("has terms that add up, also where collectives and compute share the core", () => {
    const shared = ownHostLibrary(surfaces, { sharedCore: { communication: "300 MB/s", processing: "500 MB/s" } });
    for (const library of [ownHostLibrary(), shared]) {
      const point = predict(ownHostScenario(workload, {}, library), { devices: [2] }).points[0];
      expect(point?.terms.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(point?.stepTime_s.value ?? 0, 9);
    }
    expect(step(workload, 2, {}, shared).step_s).toBeGreaterThan(step(workload, 2).step_s);
  });
});

describe("gradients summed one by one", () => {
  const changes = { "plan.fusion": "1 B", "stack.collective.bucketing": "fit", "stack.collective.overlap": false, "stack.collective.copies": false };
  const sharedCore = { communication: "300 MB/s", processing: "500 MB/s" };
  const waits = ownHostLibrary(surfaces, { sharedCore: { ...sharedCore, blockingCall: "1 s" } });
  const at = (library: typeof waits, more = {}) => step("small-resnet-32", 2, { ...changes, ...more }, library).step_s;

  it("each take the call's time where the wire is faster, and only where each is waited for", () => {
    const tensors = prepare(ownHostScenario("small-resnet-32"), "cold").layers.reduce((sum, layer) => sum + layer.parameters.length, 0);
    expect(at(waits) - at(ownHostLibrary(surfaces, { sharedCore: { ...sharedCore, blockingCall: "0 s" } }))).toBeGreaterThan(0.9 * tensors);
    expect(at(waits, { "stack.collective.overlap": true })).toBeCloseTo(at(ownHostLibrary(surfaces, { sharedCore }), { "stack.collective.overlap": true }), 9);
  });
});

describe("a table that lacks an operation", () => {
  const without = (gone: string) => ownHostLibrary(surfaces.filter(({ operation }) => operation !== gone));
  it("reads a transposed convolution and a dense layer from their kin", () => {
    expect(step("unet-64", 1, {}, without("transposed-convolution")).step_s).toBeGreaterThan(0);
    expect(step("mlp-2048", 1, {}, without("linear")).step_s / single("mlp-2048").step_s).toBeCloseTo(1, 6);
  });

  it("falls back to the traffic table for point-wise work", () => {
    expect(step("unet-64", 1, {}, without("activation")).step_s).not.toBeCloseTo(single("unet-64").step_s, 4);
  });

  it("is a problem that names the layer where nothing else does that arithmetic", () => {
    const predictIt = () => step("gpt-256", 1, {}, without("batched-product"));
    expect(predictIt).toThrow(InputError);
    try {
      predictIt();
    } catch (error) {
      expect((error as InputError).problems[0]).toMatchObject({ code: "missing-operation", path: "workload: layer block1/attention/scores" });
    }
  });
});

it("blocking sums of single gradients are never faster than buckets beside the backward pass", () => {
  const perTensor = { "plan.fusion": "1 B", "stack.collective.bucketing": "fit", "stack.collective.overlap": false, "stack.collective.copies": false };
  for (const workload of workloads) expect(step(workload, 2, perTensor).added_s.communication).toBeGreaterThan(step(workload, 2).added_s.communication);
});

it("every layer that multiplies has a pass in the program for each of its gradients", () => {
  const { layers, program } = prepare(ownHostScenario("gpt-256"), "cold");
  const products = layers.filter(multiplies);
  const rows = Array.from({ length: program.count }, (_, index) => index).filter((index) => program.kind[index] === Kind.convolution);
  expect(rows).toHaveLength(products.reduce((sum, layer) => sum + (layer.differentiatesInput ? 3 : 2), 0));
});
