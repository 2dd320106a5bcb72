/** Reading of catalogues of layer networks: units, epochs of whole steps, precedence of settings, exclusions that are counted, and nothing silently ignored. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readLayerHost } from "../../../../cli/host/layer-catalogue.ts";

const host = readLayerHost(fileURLToPath(new URL("../../../../scenarios", import.meta.url)));
const series = (over: Record<string, unknown>, points: ReadonlyArray<Record<string, unknown>>) => [
  { id: "s", title: "t", year: 2021, source: { verified: "in-source" }, machine: "Selene", workload: { model: "ResNet-50 v1.5, ImageNet" }, setup: { framework: "MXNet NGC", precision: "FP16 mixed" }, ...over, points },
];
const point = { accelerators: 64, nodes: 8, round: "training_v1.1", local_batch_per_accelerator: 51, metric: "train_throughput", value: 166_600, unit: "samples/s", how: "stated" };

describe("a point", () => {
  it("gives the time of a step: throughput of all or of one device, and seconds", () => {
    const step = (over: Record<string, unknown>) => host.read(series({}, [{ ...point, ...over }])).cases[0]?.measured.step_s;
    expect(step({})).toBeCloseTo((64 * 51) / 166_600, 12);
    expect(step({ value: 2603.125, unit: "samples/s/accelerator" })).toBeCloseTo(51 / 2603.125, 12);
    expect(step({ value: 19.6, unit: "ms/step" })).toBeCloseTo(0.0196, 12);
  });

  it("averaged over an epoch has whole steps", () => {
    const [one] = host.read(series({}, [{ ...point, how: "derived: samples per epoch (1281167) / epoch_wall" }])).cases;
    expect(one?.stepsPerEpoch).toBe(Math.floor(1_281_167 / 3264));
    expect((one?.measured.step_s ?? 0) * (one?.stepsPerEpoch ?? 0)).toBeCloseTo(1_281_167 / 166_600, 9);
  });

  it("converts published rates by the count of their source", () => {
    const climate = { machine: "Summit", year: 2018, workload: { model: "DeepLabv3+ variant: ResNet-v2-50" }, setup: { framework: "TensorFlow + Horovod" } };
    const [one] = host.read(series(climate, [{ accelerators: 27_360, metric: "sustained_performance_fp32", value: 325.8, unit: "PFLOP/s", how: "stated" }])).cases;
    // 14.41 TF a sample as the program of 2018 counts, 11.908 TF/s a GPU.
    expect(one?.measured.step_s).toBeCloseTo(14.4104 / 11.908, 3);
    expect([one?.plan.precision, one?.layout.samplesPerDevice]).toEqual(["fp32", 1]);
  });

  it("of one device, derived from a rate with evaluation, has the share of evaluation taken off", () => {
    const tpu = { machine: "Google TPU v4", setup: { framework: "TensorFlow/XLA" } };
    const [one] = host.read(series(tpu, [{ ...point, metric: "train_throughput_incl_eval" }, { ...point, metric: "train_throughput_per_accelerator", value: 2603.125, unit: "samples/s/accelerator", how: "derived: previous / accelerators" }])).cases;
    expect(one?.measured.step_s).toBeCloseTo(51 / 2603.125 / 1.003, 12);
    expect(one?.assumed.map(({ rule }) => rule)).toContain("evaluation-share");
  });

  it("that cannot be a case is skipped by a rule", () => {
    const rules = (over: Record<string, unknown>, one: Record<string, unknown> = point) => host.read(series(over, [one])).skipped.map(({ rule }) => rule);
    expect(rules({ source: { verified: "unverified-memory" } })).toEqual(["unverified-source"]);
    expect(rules({ workload: { model: "a network of graphs" } })).toEqual(["unknown-network"]);
    expect(rules({ machine: "a cluster" })).toEqual(["unknown-machine"]);
    expect(rules({ setup: { framework: "handmade" } })).toEqual(["unknown-framework"]);
    expect(rules({}, { ...point, metric: "scaling_efficiency", unit: "%" })).toEqual(["ratio-of-two-runs"]);
    expect(rules({}, { ...point, local_batch_per_accelerator: undefined })).toEqual(["incomplete"]);
  });

  it("is flagged by exclusions, each with its evidence", () => {
    const [one] = host.read(series({ machine: "NVIDIA SaturnV (DGX-1V)" }, [{ ...point, accelerators: 640, round: "training_v0.5" }])).cases;
    expect(one?.flags.map(({ rule }) => rule)).toEqual(["slow-round"]);
    expect(one?.flags[0]?.what.length).toBeGreaterThan(20);
  });
});

describe("what gives no case", () => {
  const ruleOf = (metric: string, unit: string, model = "ResNet-50") => host.read(series({ workload: { model } }, [{ ...point, metric, unit }])).skipped[0]?.rule;

  it.each([
    ["time_to_train", "min", "time-to-a-target"],
    ["resnet50_m40_time", "days", "time-to-a-target"],
    ["epoch_wall_incl_eval", "s", "epoch-with-evaluation"],
    ["train_throughput_incl_eval", "samples/s", "epoch-with-evaluation"],
    ["eval_time_per_evaluation", "s", "evaluation-alone"],
    ["staging_time", "s", "staging-alone"],
    ["models_trained_per_minute_whole_system", "models/min", "rate-of-many-trainings"],
    ["epochs_run_median", "epochs", "count-of-epochs"],
    ["allreduce_time_1GiB", "us", "collective-alone"],
    ["total_time_with_plugin", "s", "time-of-a-script"],
    ["input_bandwidth_needed_per_gpu", "MB/s", "rate-of-input"],
    ["cosmoflow_flop_per_sample", "GiFLOP", "work-of-a-sample"],
    ["cosmoflow_gpu_busy_fraction", "%", "share-or-scale"],
    ["sustained_performance", "EFLOP/s", "count-of-flop-not-stated"],
    ["loss", "nats", "no-step-time"],
  ])("%s in %s: %s", (metric, unit, rule) => expect(ruleOf(metric, unit)).toBe(rule));

  it.each([
    ["BERT base (pre-training)", "unknown-network"],
    ["OpenCatalyst OC20 (DimeNet++ S2EF)", "graphs-of-unknown-size"],
    ["OpenFold", "proteins-of-unknown-work"],
    ["SSD-ResNet34 300x300", "detection-without-throughput"],
    ["Mask R-CNN ResNet-50-FPN", "detection-without-throughput"],
    ["vision transformer, up to 113 B parameters", "vision-transformer-not-stated"],
  ])("%s: %s", (model, rule) => expect(ruleOf("train_throughput", "samples/s", model)).toBe(rule));

  it("tells what every rule says", () => {
    const { rules } = host;
    const named = [...rules!.metrics, ...rules!.networks].flatMap(({ skip }) => skip ?? []);
    expect(named.filter((rule) => rules!.meanings[rule] === undefined)).toEqual([]);
    expect(["unverified-source", "incomplete", "unknown-network", "unknown-machine", "unknown-framework", "no-step-time", "same-run"].filter((rule) => rules!.meanings[rule] === undefined)).toEqual([]);
  });
});

describe("a face network", () => {
  const face = (section: string, over: Record<string, unknown> = {}, model = "InsightFace (R100 / R50 / MobileFaceNet)") =>
    host.read(series({ machine: "OneFlow test cluster", workload: { model }, setup: { framework: "OneFlow" } }, [{ ...point, section, local_batch: "64", ...over }])).cases[0];

  it("has the network, the classes and their division that the section names", () => {
    expect(face("Face Emore & R100 & FP32 / Data Parallelism / batch_size = 64")).toMatchObject({ model: "iresnet100-emore", plan: { classifier: "whole", sampledClasses: 1, precision: "fp32" } });
    expect(face("Glint360k & R100 & FP32 / Model Parallelism / batch_size = 64")).toMatchObject({ model: "iresnet100-glint360k", plan: { classifier: "split", sampledClasses: 1 } });
    expect(face("Face Emore & R100 & FP32 / Partial FC, sample_ratio=0.1 / batch_size=64")).toMatchObject({ plan: { classifier: "split", sampledClasses: 0.1 } });
    expect(face("Face Emore & Y1 & FP32 / Data Parallelism / batch_size = 256")?.model).toBe("mobilefacenet-emore");
  });

  it("of Partial FC is told apart by batch and value, where sections have one name", () => {
    const partial = (over: Record<string, unknown>) => face("Insightface(resnet100) FP32 / batch size = 64 & sample ratio = 0.1", { local_batch_per_accelerator: undefined, ...over }, "InsightFace PartialFC");
    expect([partial({ local_batch: "104" })?.model, partial({ local_batch: "96" })?.model, partial({ value: 194.01 })?.model]).toEqual(["iresnet100-emore", "iresnet100-glint360k", "iresnet100-glint360k"]);
    expect(partial({})?.plan).toMatchObject({ classifier: "split", sampledClasses: 0.1 });
  });
});

describe("a catalogue", () => {
  it("loses no row: cases and skipped ones add up", () => {
    const { cases, skipped, points } = host.read(series({}, [point, { ...point, unit: "samples/s/accelerator" }, { ...point, metric: "time_to_train", unit: "min" }]));
    expect([cases.length, skipped.map(({ rule }) => rule), points]).toEqual([1, ["same-run", "time-to-a-target"], 3]);
  });

  it("that is none tells what it is", () => {
    expect(host.read({ no: "series" }).problems[0]?.expected).toContain("array of series");
  });
});
