/** Series of the vision and science catalogue that are transformers: words become a model's numbers, several frameworks in one series, one run twice. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "../../../../calibrate/readers/catalogue/read-catalogue.ts";
import { readCatalogueRules, readFitDocuments } from "../../../../cli/host/catalogue.ts";

const scenarios = fileURLToPath(new URL("../../../../scenarios", import.meta.url));
const { rules, launches } = readCatalogueRules(`${scenarios}/catalogues/transformer-runs.json`);
const { architectureOf, documents } = readFitDocuments(scenarios);

const series = {
  id: "dlperf-2020-bert-made-up", title: "a report of frameworks", year: 2020, source: { url: "https://github.com/Oneflow-Inc/DLPerf", verified: "in-source" }, machine: "OneFlow test cluster, 4 nodes x 8 V100-SXM2-16GB",
  workload: { model: "BERT base (pre-training)" }, setup: { precision: "AMP (FP16 tensor cores)", local_batch: "64" },
};
const point = { accelerators: 8, nodes: 1, metric: "train_throughput", value: 3200, unit: "sentences/s", framework: "NGC PyTorch" };
const read = (points: readonly object[], over: object = {}) => readCatalogue([{ ...series, ...over, points }], rules!, launches, architectureOf);
const rulesOf = (points: readonly object[], over: object = {}) => read(points, over).skipped.map(({ rule }) => rule);

describe("a series that describes its network by words", () => {
  it("becomes a case of a transformer: replicas, one pass, sequences of the workload", () => {
    const [one] = read([point]).cases;
    expect(one?.measured.step_s).toBeCloseTo((8 * 64) / 3200, 12);
    expect(one).toMatchObject({ model: "bert-base", machine: "dlperf-v100", device: "v100-sxm2-16gb", stack: "pytorch-apex-bert-2020", flags: [] });
    expect(one?.layout).toMatchObject({ devices: 8, data: 8, tensor: 1, pipeline: 1, microBatch: 64, microBatches: 1, globalBatch: 512, sequence: 128, recipe: "fp16", sharding: "none", attentionKernel: "unfused" });
    expect(one?.layout.overlap.gradients).toBe(false);
    expect(one?.assumed.map(({ rule }) => rule)).toEqual(["network-by-rule"]);
    expect([one?.architecture.predictedTokens, one?.architecture.attention.causal]).toEqual([20, false]);
  });

  it("tells frameworks and precisions of one series apart, and the batch of a point from that of its series", () => {
    const stacks = (frameworks: readonly string[], precision: string) => read(frameworks.map((framework) => ({ ...point, framework })), { setup: { ...series.setup, precision } }).cases.map(({ stack }) => stack);
    expect(stacks(["OneFlow", "OneFlow W/O clip", "NGC TensorFlow 1.x", "NGC TensorFlow 1.x w/XLA", "MXNet W/O clip"], "AMP (FP16)")).toEqual(["oneflow-bert-2020", "oneflow-bert-2020-no-clip", "tensorflow-ngc-amp-bert-2020", "tensorflow-ngc-xla-bert-2020", "mxnet-gluonnlp-2020"]);
    expect(stacks(["NGC TensorFlow 1.x", "MXNet W/O clip"], "FP32")).toEqual(["tensorflow-ngc-bert-2020", "mxnet-gluonnlp-2020"]);
    expect(read([{ ...point, local_batch: "96" }]).cases[0]?.layout.microBatch).toBe(96);
  });

  it("counts a figure once that stands in two of them", () => {
    const both = readCatalogue([{ ...series, points: [point] }, { ...series, id: "again", points: [{ ...point, local_batch: "64" }, { ...point, local_batch: "96" }] }], rules!, launches, architectureOf);
    expect([both.cases.length, both.skipped.map(({ id, rule }) => `${id} ${rule}`)]).toEqual([2, ["again#1 same-run"]]);
  });

  it("is skipped by a rule where it is no transformer, states no batch, or has no rate of samples", () => {
    expect(rulesOf([point], { workload: { model: "ResNet-50" } })).toEqual(["no-transformer"]);
    expect(rulesOf([point], { setup: { precision: "FP32" } })).toEqual(["incomplete"]);
    expect(rulesOf([{ ...point, metric: "time_to_train", unit: "min" }])).toEqual(["no-step-time"]);
    expect(readCatalogue([{ ...series, points: [point] }], rules!, launches).skipped.map(({ rule }) => rule)).toEqual(["unknown-network"]);
  });

  it("is flagged where a framework's host sets the pace", () => {
    const flags = (accelerators: number) => read([{ ...point, framework: "PaddlePaddle", accelerators }]).cases[0]?.flags.map(({ rule }) => rule);
    expect([flags(1), flags(8)]).toEqual([[], ["host-bound-framework"]]);
  });
});

it("rules of prose name workloads that are there", () => {
  expect(rules!.prose.filter(({ workload }) => architectureOf(workload) === undefined)).toEqual([]);
  expect(Object.keys(documents.stacks)).toContain("mxnet-gluonnlp-2020");
});
