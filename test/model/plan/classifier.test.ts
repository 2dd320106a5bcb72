/** A classifier that devices divide, or of which a step trains a share: its operations, what they cost by hand, and that terms still add up. */
import { describe, expect, it } from "vitest";
import { makeScenario } from "../../../calibrate/fit/layers/runs.ts";
import { readLayerHost } from "../../../cli/host/layer-catalogue.ts";
import { costLocal, networkAt } from "../../../model/cost/index.ts";
import { stepTerms, stepTime } from "../../../model/engine/terms.ts";
import { collectiveTime } from "../../../model/network/library/index.ts";
import { optimizerBytes } from "../../../model/plan/optimizer.ts";
import { findClassifier, layersOfStep } from "../../../model/plan/classifier.ts";
import { layerPriors } from "../../../model/predict/layers/priors.ts";
import { layerResources, rescaleLocal } from "../../../model/predict/layers/timed.ts";
import { prepare, type Prepared } from "../../../model/predict/prepare.ts";
import { unusedChoices } from "../../../model/predict/unused.ts";
import { Kind } from "../../../model/program/types.ts";
import type { LayerWorkload } from "../../../model/schema/workload.ts";
import { buildFace } from "../../../model/workload/face.ts";
import { countParameters } from "../../../model/workload/totals.ts";
import { scenariosFolder } from "../../support/library.ts";

const host = readLayerHost(scenariosFolder);
const series = { id: "s", title: "t", year: 2021, source: { verified: "in-source" }, machine: "OneFlow test cluster", workload: { model: "InsightFace" }, setup: { framework: "OneFlow" } };
const casesOf = (section: string) => host.read([{ ...series, points: [{ accelerators: 16, nodes: 2, local_batch: "64", metric: "train_throughput", value: 3500, unit: "images/s", section }] }]).cases;
const preparedOf = (section: string): Prepared => prepare(makeScenario(casesOf(section)[0]!, host.documents).scenario!, "cold");

const whole = preparedOf("Face Emore & R100 & FP32 / Data Parallelism");
const split = preparedOf("Face Emore & R100 & FP32 / Model Parallelism");
const sampled = preparedOf("Face Emore & R100 & FP32 / Partial FC, sample_ratio=0.1");
const classifier = 512 * 85_742;

const rowsOf = ({ program }: Prepared, kind: number): number[] => Array.from({ length: program.count }, (_, index) => index).filter((index) => program.kind[index] === kind);
const sumOf = (prepared: Prepared, kind: number): number => rowsOf(prepared, kind).reduce((sum, index) => sum + prepared.program.bytes[index]!, 0);

describe("a divided classifier", () => {
  it("is not summed over ranks, and each device updates its part", () => {
    const all = countParameters(whole.layers);
    expect(sumOf(whole, Kind.allReduce)).toBe(4 * all);
    expect(sumOf(split, Kind.allReduce)).toBe(4 * (all - classifier));
    expect(sumOf(split, Kind.dividedUpdate)).toBe(classifier * optimizerBytes("sgd-momentum", 0));
    expect(rowsOf(whole, Kind.classExchange)).toEqual([]);
  });

  it("exchanges features, two numbers a sample, and gradients of features", () => {
    const rows = rowsOf(split, Kind.classExchange);
    expect(rows.map((index) => [split.program.bytes[index], split.program.number[index]])).toEqual([[64 * 512 * 4, 0], [64 * 4, 2], [64 * 512 * 4, 0]]);
  });

  it("costs what its collectives cost, and the n-th part of the update", () => {
    const { resources, local, program } = split;
    const { devicesPerNode } = networkAt(resources, 16);
    const gather_s = collectiveTime(resources.collectives, "all-gather", 16 * 64 * 512 * 4, 16, devicesPerNode);
    const sum_s = collectiveTime(resources.collectives, "all-reduce", 16 * 64 * 4, 16, devicesPerNode);
    const update_s = sumOf(split, Kind.dividedUpdate) / resources.memory_bytes_per_s;
    expect(gather_s).toBeGreaterThan(0);
    const { added_s, step_s } = stepTerms(program, resources, 16, local);
    expect(added_s.optimizer).toBeCloseTo(local.sums.optimizer + update_s / 16, 9);
    expect(added_s.communication).toBeGreaterThan(2 * gather_s + 2 * sum_s - 1e-9);
    expect(Object.values(added_s).reduce((sum, term) => sum + term, 0)).toBeCloseTo(step_s, 9);
    expect(stepTime(program, resources, 16, local)).toBeCloseTo(step_s, 12);
  });

  it("costs the same as a whole one on one device, and less on many where its gradients are too many to hide", () => {
    const step = ({ program, resources, local }: Prepared, devices: number) => stepTime(program, resources, devices, local);
    expect(step(split, 1)).toBeCloseTo(step(whole, 1), 9);
    const [large, divided] = [preparedOf("Glint360k & R100 & FP32 / Data Parallelism"), preparedOf("Glint360k & R100 & FP32 / Model Parallelism")];
    expect(step(divided, 16)).toBeLessThan(0.98 * step(large, 16));
  });

  it("is rescaled as it is costed anew", () => {
    const values = layerPriors(split).map(({ value, name }) => (name === "memoryShare" ? 0.7 * value : value));
    const resources = layerResources(split, values);
    const anew = costLocal(split.program, resources, split.kernels.model);
    const scaled = rescaleLocal(split, split, resources);
    for (const index of rowsOf(split, Kind.dividedUpdate)) expect(scaled.time_s[index]! / anew.time_s[index]!).toBeCloseTo(1, 9);
  });
});

describe("a sampled classifier", () => {
  it("has a tenth of the classes in products, loss and update", () => {
    expect(sampled.layers.at(-2)).toMatchObject({ outChannels: 8574, parameters: [512 * 8574] });
    expect(sampled.layers.at(-1)).toMatchObject({ inChannels: 8574, outChannels: 8574 });
    expect(sumOf(sampled, Kind.dividedUpdate) / sumOf(split, Kind.dividedUpdate)).toBeCloseTo(8574 / 85_742, 9);
  });

  it("leaves the layers before it as they are", () => {
    const layers = buildFace({});
    expect(layersOfStep(layers, { classifier: { split: false, sampled: 0.5 } }).slice(0, -2)).toEqual(layers.slice(0, -2));
    expect(layersOfStep(layers, {})).toBe(layers);
    expect(findClassifier(layers)).toBe(layers.length - 2);
  });
});

it("a network without a dense layer before its loss says that the choice is unused", () => {
  const workload = host.documents.workloads["deepcam-mlperf-hpc"] as LayerWorkload;
  const { scenario } = split;
  const unused = unusedChoices(prepare({ ...scenario, workload }, "cold"));
  expect(unused.map(({ path }) => path)).toContain("plan.classifier");
  expect(unusedChoices(split).map(({ path }) => path)).not.toContain("plan.classifier");
});
