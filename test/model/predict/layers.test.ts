/** Parameters of layer networks as fits move them: local costs rescaled equal those costed anew, values take the place of facts, and each parameter that has a range moves a step of some case. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeScenario } from "../../../calibrate/fit/layers/runs.ts";
import { readLayerHost } from "../../../cli/host/layer-catalogue.ts";
import { costLocal } from "../../../model/cost/index.ts";
import { layerParameterNames, layerPriors } from "../../../model/predict/layers/priors.ts";
import { layerResources, makeLayerTimer, rescaleLocal } from "../../../model/predict/layers/timed.ts";
import { prepare } from "../../../model/predict/prepare.ts";

const host = readLayerHost(fileURLToPath(new URL("../../../scenarios", import.meta.url)));
const point = { accelerators: 128, nodes: 32, round: "hpc_v1.0", local_batch_per_accelerator: 1, metric: "train_throughput", value: 1700, unit: "samples/s", how: "train_samples (121266)" };
const read = (over: Record<string, unknown>, one: Record<string, unknown> = {}) =>
  host.read([{ id: "s", title: "t", year: 2021, source: { verified: "in-source" }, setup: {}, ...over, points: [{ ...point, ...one }] }]).cases[0]!;
const cases = [
  read({ machine: "JUWELS Booster", workload: { model: "DeepCAM" } }),
  read({ machine: "Piz Daint", workload: { model: "DeepCAM" }, setup: { accelerator: "P100", framework: "PyTorch 1.9" } }),
  read({ machine: "Selene", workload: { model: "ResNet-50" }, setup: { framework: "MXNet NGC", precision: "FP16" } }, { round: "training_v1.1", local_batch_per_accelerator: 400 }),
  read({ machine: "OneFlow test cluster", workload: { model: "ResNet-50" }, setup: { framework: "OneFlow" } }, { section: "FP16", accelerators: 32, nodes: 4, local_batch_per_accelerator: 256 }),
  read({ machine: "ABCI", workload: { model: "CosmoFlow" }, setup: { framework: "TensorFlow + Horovod" } }, { round: "hpc_v0.7" }),
];
const prepared = cases.map((one) => prepare(makeScenario(one, host.documents).scenario!, "cold"));

describe("local costs at other values", () => {
  it("are those costed anew", () => {
    fc.assert(fc.property(fc.nat(cases.length - 1), fc.array(fc.double({ min: 0.3, max: 3, noNaN: true }), { minLength: layerParameterNames.length, maxLength: layerParameterNames.length }), (at, factors) => {
      const base = prepared[at]!;
      const values = layerPriors(base).map(({ value }, index) => value * factors[index]!);
      const resources = layerResources(base, values);
      const anew = costLocal(base.program, resources, base.kernels.model);
      const scaled = rescaleLocal(base, base, resources);
      anew.folded.time_s.forEach((time, index) => expect(scaled.folded.time_s[index]! / time || 1).toBeCloseTo(1, 9));
    }), { numRuns: 20 });
  });
});

describe("every parameter with a range", () => {
  it("moves a step of some case, and none of its levels names a run, a network or a scale", () => {
    const moved = new Set<string>();
    prepared.forEach((base, at) => {
      const priors = layerPriors(base);
      const timer = makeLayerTimer(base, cases[at]!.layout.devices, cases[at]!.stepsPerEpoch);
      const values = priors.map(({ value }) => value);
      const before = timer(values);
      expect(before).toBeGreaterThan(0);
      priors.forEach(({ name, value, levels }, index) => {
        for (const { key } of levels) expect(key).toMatch(/^\w+( (device|stack|family|machine|link|fabric|library) \S+)?( (fp16|fp32|hdf5|tfrecord-gzip|unnamed))?$/);
        // Readers that nothing waits for show only where they are slow.
        for (const factor of [1.5, 0.02]) if (timer(values.map((one, other) => (other === index ? value * factor : one))) !== before) moved.add(name);
      });
    });
    expect([...moved].toSorted()).toEqual([...layerParameterNames].toSorted());
  });
});
