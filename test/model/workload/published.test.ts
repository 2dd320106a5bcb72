/**
 * Counts of the published networks. Sources: Kurth et al., SC18 (14.41 TF and 4.188 TF a sample, as its program counts); the layer tables of
 * ClimDeepLearn and mlcommons/hpc summed by hand and by a second program; ResNet-50's 25,557,032 and Inception V3's 23,834,568 parameters (without its auxiliary
 * classifier) as in torchvision; CosmicTagger's own count of its small preset.
 */
import { describe, expect, test } from "vitest";
import { countFlop, countTrainedFlop, flopOfPass } from "../../../model/workload/flop.ts";
import { families, type FamilyId } from "../../../model/workload/index.ts";
import { countGradientBytes, countMultiplierInputs, countParameters, countSampleBytes, listGradientTensors } from "../../../model/workload/totals.ts";

const tera = 1e12;
const gibi = 2 ** 30;

interface Row {
  readonly id: FamilyId;
  readonly parameters: number;
  readonly tensors: number;
  readonly threeForward_tf: number;
  readonly trained_tf: number;
  readonly inputs_m: number;
  readonly convolutions: number;
}

const rows: readonly Row[] = [
  { id: "deeplabv3plus", parameters: 43_669_251, tensors: 99, threeForward_tf: 13.02, trained_tf: 12.99, inputs_m: 1469, convolutions: 70 },
  { id: "tiramisu", parameters: 7_801_315, tensors: 72, threeForward_tf: 4.189, trained_tf: 4.144, inputs_m: 1256, convolutions: 36 },
  { id: "deepcam", parameters: 56_454_720, tensors: 301, threeForward_tf: 1.966, trained_tf: 1.964, inputs_m: 716, convolutions: 146 },
  { id: "resnet50", parameters: 25_557_032, tensors: 161, threeForward_tf: 0.02454, trained_tf: 0.0243, inputs_m: 10.7, convolutions: 54 },
  { id: "inception3", parameters: 23_834_568, tensors: 284, threeForward_tf: 0.03428, trained_tf: 0.03424, inputs_m: 14, convolutions: 95 },
  { id: "uresnet", parameters: 18_382_131, tensors: 358, threeForward_tf: 3.876, trained_tf: 3.87, inputs_m: 4075, convolutions: 90 },
  { id: "cosmoflow", parameters: 8_907_556, tensors: 16, threeForward_tf: 0.2066, trained_tf: 0.1921, inputs_m: 19.6, convolutions: 8 },
];

/** Agrees in the digits written. */
const digits = (value: number) => value.toString().replace(/^0\.0*|\./g, "").length;
const rounds = (value: number, to: number) => Number(value.toPrecision(digits(to)));

describe.each(rows)("$id", ({ id, parameters, tensors, threeForward_tf, trained_tf, inputs_m, convolutions }) => {
  const layers = families[id].build();

  test("parameters and gradient tensors", () => {
    expect(countParameters(layers)).toBe(parameters);
    expect(listGradientTensors(layers)).toHaveLength(tensors);
    expect(listGradientTensors(layers).reduce((sum, { elements }) => sum + elements, 0)).toBe(parameters);
    expect(countGradientBytes(layers, 4)).toBe(4 * parameters);
  });

  test("work of a training step", () => {
    expect(rounds(countFlop(layers, "algorithmic") / tera, threeForward_tf)).toBe(threeForward_tf);
    expect(rounds(countTrainedFlop(layers) / tera, trained_tf)).toBe(trained_tf);
  });

  test("inputs kept for weight gradients", () => {
    expect(rounds(countMultiplierInputs(layers) / 1e6, inputs_m)).toBe(inputs_m);
    expect(layers.filter((layer) => flopOfPass(layer, "forward") > 0)).toHaveLength(convolutions);
  });
});

test("the counter of 2018 sees dilated layers on padded input: 14.4104 TF, of which 13.02 are convolution", () => {
  const layers = families.deeplabv3plus.build();
  expect(rounds(countFlop(layers, "graph-s2b-2018") / tera, 14.4104)).toBe(14.4104);
  expect(rounds(countFlop(layers, "graph-s2b-2018") / 3e9, 4803.5)).toBe(4803.5);
  expect(countFlop(layers, "algorithmic") / countFlop(layers, "graph-s2b-2018")).toBeCloseTo(0.904, 3);
});

test("the counter of 2018 equals the algorithmic count where nothing is dilated", () => {
  const layers = families.tiramisu.build();
  expect(countFlop(layers, "graph-s2b-2018")).toBe(countFlop(layers, "algorithmic"));
});

test("Tiramisu without the step that nothing reads: the published 4.188 TF, and 70 gradients that exist", () => {
  const layers = families.tiramisu.build({ unreadTransition: false });
  expect(rounds(countFlop(layers, "graph-s2b-2018") / tera, 4.188)).toBe(4.188);
  expect(listGradientTensors(layers)).toHaveLength(70);
  expect(countParameters(families.tiramisu.build()) - countParameters(layers)).toBe(544 * 545);
});

test("executed work before tiles are filled up: 27.0, 2114 and 206 GiFLOP", () => {
  const executed = (id: FamilyId) => countFlop(families[id].build(), "profiler-executed") / gibi;
  expect(executed("resnet50")).toBeCloseTo(27.0, 1);
  expect(executed("deepcam")).toBeCloseTo(2114, 0);
  expect(executed("cosmoflow")).toBeCloseTo(205.9, 1);
  // Profilers read 31, 2887 and 247: the reconstruction is a lower bound.
  expect(executed("resnet50")).toBeLessThan(31);
  expect(executed("deepcam")).toBeLessThan(2887);
  expect(executed("cosmoflow")).toBeLessThan(247);
});

test("DeepLabv3+ works at full resolution and keeps its parameters in the encoder", () => {
  const layers = families.deeplabv3plus.build();
  const of = (...parts: string[]) => layers.filter(({ part }) => parts.includes(part));
  const work = (...parts: string[]) => countTrainedFlop(of(...parts)) / tera;
  expect(countParameters(of("encoder")) / 1e6).toBeCloseTo(23.5, 1);
  expect(countParameters(of("aspp")) / 1e6).toBeCloseTo(15.5, 1);
  expect(countParameters(of("decoder", "upsampling", "full-resolution")) / 1e6).toBeCloseTo(4.62, 2);
  expect(work("encoder")).toBeCloseTo(2.03, 2);
  expect(work("aspp")).toBeCloseTo(1.24, 2);
  expect(work("full-resolution") / work("full-resolution", "upsampling", "decoder", "aspp", "encoder")).toBeCloseTo(0.64, 2);
});

test("the encoder's gradients come last", () => {
  const layers = families.deeplabv3plus.build();
  const tensors = listGradientTensors(layers);
  expect(layers[tensors[0]?.layer ?? -1]?.name).toBe("full-resolution/logits-bias");
  expect(layers[tensors.at(-1)?.layer ?? -1]?.name).toBe("root/conv");
  const lateElements = tensors.filter(({ layer }) => ["encoder", "aspp"].includes(layers[layer]?.part ?? "")).reduce((sum, { elements }) => sum + elements, 0);
  expect(lateElements / countParameters(layers)).toBeCloseTo(0.89, 2);
});

test("16 channels against 3 change work and input bytes", () => {
  for (const id of ["deeplabv3plus", "tiramisu", "deepcam"] as const) {
    const wide = families[id].build({ channels: 16 });
    const narrow = families[id].build({ channels: 3 });
    expect(countSampleBytes(wide, 4)).toBe(16 * 768 * 1152 * 4);
    expect(countSampleBytes(narrow, 4)).toBe(3 * 768 * 1152 * 4);
    expect(countFlop(narrow, "algorithmic")).toBeLessThan(countFlop(wide, "algorithmic"));
    expect(countParameters(narrow)).toBeLessThan(countParameters(wide));
    expect(listGradientTensors(narrow)).toHaveLength(listGradientTensors(wide).length);
  }
});

test("batch normalisation replaces the halving and adds two tensors each", () => {
  const off = families.deeplabv3plus.build();
  const on = families.deeplabv3plus.build({ batchNormalisation: true });
  const halvings = off.filter(({ kind }) => kind === "scale").length;
  expect(on.filter(({ kind }) => kind === "batch-normalisation")).toHaveLength(halvings);
  expect(on.some(({ kind }) => kind === "scale")).toBe(false);
  expect(listGradientTensors(on)).toHaveLength(99 + 2 * halvings);
  expect(countFlop(on, "algorithmic")).toBe(countFlop(off, "algorithmic"));
});

test("the small presets of the U-ResNet have the repository's own count of parameters, and fewer operations", () => {
  const { build } = families.uresnet;
  const small = build({ filters: 8, residual: false, join: "add", finalBlocks: 0 });
  expect(countParameters(small)).toBe(8_510_547);
  expect(listGradientTensors(small)).toHaveLength(178);
  const narrow = build({ depth: 7, bottleneck: 96, deepBlocks: 2, finalBlocks: 2, residual: false, join: "add" });
  expect(countParameters(narrow) / 1e6).toBeCloseTo(1.93, 2);
  expect(countFlop(small, "algorithmic") / 3e9).toBeCloseTo(127, 0);
  expect(countFlop(narrow, "algorithmic") / 3e9).toBeCloseTo(532, 0);
});
