/** Models: layers, parameters and work of ONNX graphs against sums by hand and published counts; configs of transformers as documents. */
import { describe, expect, it } from "vitest";
import type { Imported } from "../../../calibrate/readers/index.ts";
import { huggingFace } from "../../../calibrate/readers/models/hugging-face.ts";
import { onnx } from "../../../calibrate/readers/models/onnx.ts";
import { predict } from "../../../model/predict/predict.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import type { LayerWorkload } from "../../../model/schema/workload.ts";
import { buildLayers } from "../../../model/workload/build-layers.ts";
import { flopOfPass } from "../../../model/workload/flop.ts";
import type { Layer } from "../../../model/workload/layer.ts";
import { countParameters } from "../../../model/workload/totals.ts";
import { scenarioOf } from "../../support/library.ts";
import { fixtureFolder, load, readFileWith, realFolder, realLogsStand } from "../../support/log-files.ts";

const fixture = (name: string): Imported => readFileWith(onnx, load(fixtureFolder, `onnx/${name}.onnx`));
const workloadOf = ({ documents }: Imported): LayerWorkload => {
  const { document, problems } = parseDocument("workload", documents[0]?.document, "workload");
  expect(problems).toEqual([]);
  if (!document || document.family === "transformer") throw new Error("no list of layers");
  return document;
};
const layersOf = (read: Imported): Layer[] => buildLayers(workloadOf(read));
const workOf = ({ rows }: Imported) => Object.fromEntries(rows.map(({ case: { name }, values }) => [name, values["forward_flop"]]));

describe("ONNX", () => {
  it("counts each operation of a graph for one sample, its batch being open", () => {
    const read = fixture("open-batch");
    // 15 x 15 positions of 8 filters of 27 taps and a bias; 8 x 8 after a pool that pads; depth-wise 9 taps; 80 weights and 10 biases.
    expect(workOf(read)).toEqual({ conv: 1800 * 55, norm: 3600, relu: 1800, pool: 512 * 4, depthwise: 512 * 18, mean: 512, flatten: 0, classifier: 170, softmax: 30 });
    expect(read.facts).toMatchObject({ opset: 13, producer: "fixture 1", parameters: 402, input: "1x3x30x30" });
    expect(layersOf(read).map(({ kind, parameters }) => [kind, ...parameters])).toEqual([
      ["convolution", 216], ["bias", 8], ["batch-normalisation", 8, 8], ["activation"], ["max-pool"], ["convolution", 72], ["mean-pool"], ["dense", 80], ["bias", 10], ["softmax-loss"],
    ]);
    expect(layersOf(read).map(({ differentiatesInput }) => differentiatesInput).indexOf(true)).toBe(1);
  });

  it("reads weights made by ConstantOfShape and attributes of old opsets; a scale and offset behind a normalisation are its own", () => {
    const read = fixture("weights-of-shape");
    expect(countParameters(layersOf(read))).toBe(72 + 8 + 8 + 640 + 5);
    expect(layersOf(read).map(({ kind }) => kind)).toEqual(["convolution", "batch-normalisation", "mean-pool", "scale", "convolution", "copy", "add", "concatenate", "mean-pool", "dropout", "dense", "bias"]);
    expect(layersOf(read)[4]).toMatchObject({ groups: 2, parameters: [8], inChannels: 4, outChannels: 4 });
    expect(workOf(read)).toMatchObject({ n0: 64 * 4 * 36, n1: 512, n3: 256, n6: 2 * 256 * 5, n7: 64 * 4 * 4, n11: 256, n13: 128 * 4, n16: 5 * 257 });
  });

  it("reads products of sequences and shapes that the graph computes, per sample of two", () => {
    const layers = layersOf(fixture("sequence"));
    expect(layers.find(({ name }) => name === "query")).toMatchObject({ kind: "dense", inChannels: 16, outChannels: 16, outSize: [6] });
    expect(layers.find(({ name }) => name === "scores")).toMatchObject({ kind: "batched-product", groups: 4, inChannels: 16, outChannels: 24, outSize: [6] });
    expect(layers.reduce((sum, layer) => sum + flopOfPass(layer, "forward"), 0)).toBe(2 * (6 * 256 + 2 * 4 * 36 * 4));
    expect(countParameters(layers)).toBe(1600 + 256 + 16 + 32);
  });

  it("tells what it cannot read and makes no document of it", () => {
    expect(fixture("open-size")).toMatchObject({ documents: [], problems: [{ got: "x of ? x 3 x ? x ?" }] });
    expect(fixture("unknown-operation")).toMatchObject({ documents: [], problems: [{ line: 2, expected: "an operation whose shape is known" }] });
    expect(fixture("cut-off").problems[0]?.expected).toMatch(/cut off/);
  });
});

/** Published counts: parameters and multiply-adds of one 224 x 224 picture. */
const published = [
  { file: "light_vgg19", parameters: 143_667_240, multiplyAdds: 19.63e9, source: "pytorch.org/vision/stable/models: VGG19_Weights, 143667240 parameters, 19.63 GFLOPS" },
  { file: "light_resnet50", parameters: 25_557_032, multiplyAdds: 4.09e9, source: "pytorch.org/vision/stable/models: ResNet50_Weights, 25557032 parameters, 4.09 GFLOPS" },
  { file: "light_densenet121", parameters: 7_978_856, multiplyAdds: 2.83e9, source: "pytorch.org/vision/stable/models: DenseNet121_Weights, 7978856 parameters, 2.83 GFLOPS" },
  { file: "light_squeezenet", parameters: 1_235_496, multiplyAdds: 0.35e9, source: "pytorch.org/vision/stable/models: SqueezeNet1_1_Weights, 1235496 parameters, 0.35 GFLOPS" },
] as const;

describe.skipIf(!realLogsStand)("models of the ONNX project (skipped where ../shared/data/logs does not stand)", () => {
  const real = (file: string): Imported => readFileWith(onnx, load(realFolder, `onnx/${file}.onnx`));
  const multiplyAdds = (read: Imported): number => layersOf(read).reduce((sum, layer) => sum + flopOfPass(layer, "forward"), 0) / 2;

  it.each(published)("$file has the published parameters and work", ({ file, parameters, multiplyAdds: wanted }) => {
    const read = real(file);
    expect(read.problems).toEqual([]);
    expect(countParameters(layersOf(read))).toBe(parameters);
    expect(Math.abs(multiplyAdds(read) / wanted - 1)).toBeLessThan(0.02);
    // What the rows say beyond products is small beside them.
    expect(Math.abs(Number(read.facts["forward_flop"]) / (2 * wanted) - 1)).toBeLessThan(0.02);
  });

  it("AlexNet with its two halves, on the file's 224 x 224: 54 x 54 positions first, where the paper's 55 x 55 come from 227", () => {
    const read = real("light_bvlc_alexnet");
    // Krizhevsky et al. 2012, figure 2: 60 million parameters; layers by hand.
    const hand = 54 ** 2 * 96 * 363 + 26 ** 2 * 256 * (25 * 48) + 12 ** 2 * (384 * 9 * 256 + 384 * 9 * 192 + 256 * 9 * 192) + 9216 * 4096 + 4096 ** 2 + 4096 * 1000;
    expect(multiplyAdds(read)).toBe(hand);
    expect(countParameters(layersOf(read))).toBe(60_965_224);
  });

  it("ShuffleNet with four groups: the size of its weights as published, 5.3 MiB (onnx/models, vision/classification/shufflenet)", () => {
    const layers = layersOf(real("light_shufflenet"));
    expect((countParameters(layers) * 4) / 2 ** 20).toBeCloseTo(5.3, 1);
    expect(layers.filter(({ kind, groups }) => kind === "convolution" && groups === 4).length).toBe(32);
  });

  it("is predicted like any other network: ResNet-50 as our own of the same name within its unfused biases", () => {
    const scenario = scenarioOf("summit-deeplabv3plus-fp16-2018");
    const workload = workloadOf(real("light_resnet50"));
    const prediction = predict({ ...scenario, run: null, workload }, { devices: [1, 6, 96] });
    const own = predict({ ...scenario, run: null, workload: { ...workload, family: "resnet50", options: {} } }, { devices: [1, 6, 96] });
    for (const [index, point] of prediction.points.entries()) expect(point.stepTime_s.value / (own.points[index]?.stepTime_s.value ?? 0)).toBeCloseTo(1, 1);
  });
});

describe("config.json", () => {
  const read = (name: string): Imported => readFileWith(huggingFace, load(fixtureFolder, `hf-config/${name}.json`));

  it("gives a workload document that parses", () => {
    const { documents, problems, facts } = read("llama");
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ modelType: "llama", architecture: "LlamaForCausalLM", transformers: "4.43.0" });
    expect(parseDocument("workload", documents[0]?.document, "w").document).toMatchObject({ family: "transformer", id: "llama" });
  });

  it("tells wrong values by the line of their key", () => {
    expect(read("unknown-type").problems).toMatchObject([{ line: 7, got: expect.stringContaining("lama") as string }]);
    const { problems, documents } = read("wrong-sizes");
    expect(documents).toEqual([]);
    expect(problems.map(({ line }) => line)).toContain(4);
  });
});
