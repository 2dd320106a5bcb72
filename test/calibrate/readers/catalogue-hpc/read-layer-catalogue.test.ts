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

describe("a catalogue", () => {
  it("loses no row: cases and skipped ones add up", () => {
    const { cases, skipped, points } = host.read(series({}, [point, { ...point, unit: "samples/s/accelerator" }, { ...point, metric: "time_to_train", unit: "min" }]));
    expect([cases.length, skipped.map(({ rule }) => rule), points]).toEqual([1, ["same-run", "no-step-time"], 3]);
  });

  it("that is none tells what it is", () => {
    expect(host.read({ no: "series" }).problems[0]?.expected).toContain("array of series");
  });
});
