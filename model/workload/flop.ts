/**
 * Floating-point operations of a training step per sample, in the conventions that published rates use. Convolutions, dense layers and products of two activations only.
 * The same network and step have several counts: a rate means nothing without its convention, and rates convert by the ratio of two counts.
 * 2 operations per multiply-add; taps that fall on padding count, as every convention here does.
 */
import type { FlopConvention } from "../schema/plan.ts";
import type { Layer } from "./layer.ts";

export type FlopPass = "forward" | "data-gradient" | "weight-gradient";

export interface ConventionDescription {
  readonly title: string;
  readonly description: string;
  readonly source: string;
}

export const conventionDescriptions: Readonly<Record<FlopConvention, ConventionDescription>> = {
  algorithmic: {
    title: "Algorithmic",
    description:
      "Three times the multiply-adds of the forward pass, two operations each: the convolutions as defined, whatever the library runs. Includes the input gradient of the first layers, which no program computes (0.3 % of DeepLabv3+, 7 % of CosmoFlow).",
    source: "Definition of a convolution; three passes as the counter of the 2018 program takes them (ClimDeepLearn, semanticsegm/utils/graph_flops.py)",
  },
  "graph-s2b-2018": {
    title: "Graph counter of 2018",
    description:
      "Three times the forward pass as counted from tensor shapes: input positions over stride, so strided layers count the padding added before them and dilated layers the padded input of their space-to-batch copy (ASPP dilation 36: 2.8 times); transposed convolutions on their input; 11 per output element of a resize. 10.6 % above the algorithmic count for DeepLabv3+, equal to it for Tiramisu.",
    source: "github.com/azrael417/ClimDeepLearn, semanticsegm/utils/graph_flops.py, on graphs of TensorFlow 1.x slim",
  },
  "profiler-executed": {
    title: "Executed, as a profiler counts",
    description:
      "Work that tensor cores run: channels filled up to a multiple of 8, the data gradient of strided layers and the forward pass of transposed ones on the full grid, no gradient of the raw input. Reconstructed from shapes: 27.0, 2114 and 205.9 GiFLOP a sample for ResNet-50, DeepCAM and CosmoFlow, where profilers read 31, 2887 and 247; the rest is tiles filled up at image borders, which depends on the kernel chosen.",
    source: "Reconstruction; profiler readings of MLPerf Training and MLPerf HPC networks published as 31, 2887 and 247 GiFLOP a sample",
  },
};

/** Operations of one pass over one sample, as the layer is defined. A product of two activations has a gradient of each: they stand for data and weights. */
export function flopOfPass(layer: Layer, pass: FlopPass): number {
  if (!multiplies(layer)) return 0;
  if (pass === "data-gradient" && !layer.differentiatesInput) return 0;
  return flopOver(layer, multiply(layer.kind === "transposed-convolution" ? layer.inSize : layer.outSize), layer.inChannels, layer.outChannels);
}

/** Operations of the passes that a training step needs: unlike the algorithmic convention, without the gradient of the raw input. */
export function countTrainedFlop(layers: readonly Layer[]): number {
  return sum(layers, (layer) => flopOfPass(layer, "forward") + flopOfPass(layer, "data-gradient") + flopOfPass(layer, "weight-gradient"));
}

/** Operations of one training step per sample. */
export function countFlop(layers: readonly Layer[], convention: FlopConvention): number {
  switch (convention) {
    case "algorithmic":
      return 3 * sum(layers, (layer) => flopOfPass(layer, "forward"));
    case "graph-s2b-2018":
      return 3 * sum(layers, countInGraph);
    case "profiler-executed":
      return sum(layers, countExecuted);
  }
}

const resizeFlopPerElement = 11;

function countInGraph(layer: Layer): number {
  if (layer.kind === "resize") return resizeFlopPerElement * layer.outChannels * multiply(layer.outSize);
  if (!multiplies(layer)) return 0;
  if (layer.kind === "transposed-convolution") return flopOfPass(layer, "forward");
  const positions = layer.inSize.map((extent, axis) => countGraphExtent(layer, extent, layer.kernel[axis] ?? 1));
  return flopOver(layer, multiply(positions), layer.inChannels, layer.outChannels);
}

/** slim pads a strided convolution by hand to keep it centred; space-to-batch fills a dilated input up to whole phases. */
function countGraphExtent({ stride, dilation }: Layer, extent: number, kernel: number): number {
  if (dilation > 1 && kernel > 1) return dilation * Math.ceil((extent + (kernel - 1) * dilation) / dilation);
  return stride > 1 ? (extent + kernel - 1) / stride : extent;
}

const channelMultiple = 8;

/** Depth-wise layers do not run on tensor cores and are counted as defined; a batched product is filled up matrix by matrix. */
function countExecuted(layer: Layer): number {
  if (!multiplies(layer)) return 0;
  const transposed = layer.kind === "transposed-convolution";
  const depthwise = layer.groups > 1 && layer.kind !== "batched-product";
  const matrices = layer.kind === "batched-product" ? layer.groups : 1;
  const fill = (channels: number) => (depthwise ? channels : matrices * channelMultiple * Math.ceil(channels / matrices / channelMultiple));
  const one = flopOver(layer, multiply(transposed ? layer.inSize : layer.outSize), fill(layer.inChannels), fill(layer.outChannels));
  const fullGrid = depthwise ? 1 : layer.stride ** layer.inSize.length;
  const forward = transposed ? fullGrid : 1;
  const dataGradient = layer.differentiatesInput ? (transposed ? 1 : fullGrid) : 0;
  return one * (forward + dataGradient + 1);
}

function flopOver(layer: Layer, positions: number, inChannels: number, outChannels: number): number {
  return (2 * positions * multiply(layer.kernel) * inChannels * outChannels) / layer.groups;
}

export function multiplies(layer: Layer): boolean {
  return layer.kind === "convolution" || layer.kind === "transposed-convolution" || layer.kind === "dense" || layer.kind === "batched-product";
}

function multiply(sizes: readonly number[]): number {
  return sizes.reduce((product, extent) => product * extent, 1);
}

function sum(layers: readonly Layer[], of: (layer: Layer) => number): number {
  return layers.reduce((total, layer) => total + of(layer), 0);
}
