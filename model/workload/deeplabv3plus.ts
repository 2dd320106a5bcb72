/**
 * DeepLabv3+ in its 2018 climate variant: ResNet-50 v2 encoder of output stride 8, atrous pyramid, full-resolution decoder.
 * Source: github.com/azrael417/ClimDeepLearn, semanticsegm/deeplab-tf/deeplab_model.py, and the resnet_v2_50 of TensorFlow 1.x slim that it calls;
 * Kurth et al., "Exascale Deep Learning for Climate Analytics", SC18.
 * The large runs had batch normalisation off: the program then replaces it, with the activation inside it, by x 0.5.
 * Left out: the encoder's last normalisation (nothing reads it) and the casts to FP32 around a resize.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";
import { residualExpansion, resnet50Stages } from "./residual.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly batchNormalisation: boolean;
  /** deconv1x also joins the raw image at full resolution, deconv stops before that, bilinear interpolates from a quarter of it. */
  readonly decoder: "deconv1x" | "deconv" | "bilinear";
}
export type Deeplabv3plusOptions = Optional<Settings>;

const published: Settings = { channels: 16, height: 768, width: 1152, classes: 3, batchNormalisation: false, decoder: "deconv1x" };

/** A convolution as slim builds it (no bias, normalised, then ReLU), and the normalisation that stands before a residual unit. */
interface Slim {
  conv(path: string, from: Tensor, channels: number, kernel: number, stride?: number, dilation?: number): Tensor;
  preactivate(path: string, from: Tensor): Tensor;
}

const outputStride = 8;
const asppDilations = [12, 24, 36];
const pyramidChannels = 256;

export function buildDeeplabv3plus(options: Deeplabv3plusOptions = {}): Layer[] {
  const { channels, height, width, classes, batchNormalisation, decoder } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  const slim = createSlim(graph, batchNormalisation);
  const { low, encoded } = addEncoder(graph, slim);
  const pyramid = addPyramid(graph, slim, encoded);

  graph.enter("decoder");
  const skip = slim.conv("decoder/low", low, 48, 1);
  const upper = decoder === "bilinear" ? graph.resize("decoder/upsample1", pyramid, skip.size) : addDeconvolution(graph, "decoder/deconv1", pyramid);
  let tensor = graph.concatenate("decoder/concat", [upper, skip]);
  tensor = slim.conv("decoder/conv1", tensor, 256, 3);
  tensor = slim.conv("decoder/conv2", tensor, 256, 3);
  if (decoder !== "bilinear") {
    graph.enter("upsampling");
    tensor = addDeconvolution(graph, "upsampling/deconv2", tensor);
    tensor = addDeconvolution(graph, "upsampling/deconv3", tensor);
  }
  graph.enter("full-resolution");
  if (decoder === "deconv1x") {
    let image = addBiased(graph, "full-resolution/image1", graph.sample, 64, 3);
    image = addBiased(graph, "full-resolution/image2", image, 128, 3);
    tensor = graph.concatenate("full-resolution/concat", [tensor, image]);
    tensor = addBiased(graph, "full-resolution/conv1", tensor, 256, 3);
    tensor = addBiased(graph, "full-resolution/conv2", tensor, 256, 3);
  }
  tensor = addBiased(graph, "full-resolution/logits", tensor, classes, 1);
  if (decoder === "bilinear") tensor = graph.resize("full-resolution/upsample2", tensor, [height, width]);
  graph.softmaxLoss("full-resolution/loss", tensor);
  return graph.list();
}

function createSlim(graph: Graph, batchNormalisation: boolean): Slim {
  const normalise = (path: string, from: Tensor) => (batchNormalisation ? graph.batchNorm(`${path}-norm`, from) : graph.scale(`${path}-scale`, from));
  return {
    conv(path, from, channels, kernel, stride = 1, dilation = 1) {
      return graph.activation(`${path}-relu`, normalise(path, graph.conv(path, from, { channels, kernel, stride, dilation })));
    },
    preactivate(path, from) {
      const normalised = normalise(path, from);
      return batchNormalisation ? graph.activation(`${path}-relu`, normalised) : normalised;
    },
  };
}

/** slim puts the stride of a block in its last unit; once the output stride is reached a stride doubles the dilation of what follows instead. */
function addEncoder(graph: Graph, slim: Slim): { low: Tensor; encoded: Tensor } {
  graph.enter("encoder");
  let tensor = addBiased(graph, "root/conv", graph.sample, 64, 7, 2);
  tensor = graph.maxPool("root/pool", tensor, { kernel: 3, stride: 2 });
  let low = tensor;
  let reached = 4;
  let dilation = 1;
  for (const [block, { width, units }] of resnet50Stages.entries()) {
    for (let unit = 1; unit <= units; unit++) {
      const strides = unit === units && block < resnet50Stages.length - 1;
      const stride = strides && reached < outputStride ? 2 : 1;
      const { inner, output } = addUnit(graph, slim, `block${block + 1}/unit${unit}`, tensor, width, stride, dilation);
      if (block === 0) low = inner;
      tensor = output;
      if (strides && stride === 1) dilation *= 2;
      reached *= stride;
    }
  }
  return { low, encoded: tensor };
}

function addUnit(graph: Graph, slim: Slim, path: string, from: Tensor, width: number, stride: number, dilation: number): { inner: Tensor; output: Tensor } {
  const outer = width * residualExpansion;
  const before = slim.preactivate(`${path}/preact`, from);
  const subsample = () => (stride === 1 ? from : graph.maxPool(`${path}/subsample`, from, { kernel: 1, stride }));
  const shortcut = from.channels === outer ? subsample() : addBiased(graph, `${path}/shortcut`, before, outer, 1, stride);
  const inner = slim.conv(`${path}/conv1`, before, width, 1);
  const middle = slim.conv(`${path}/conv2`, inner, width, 3, stride, dilation);
  const output = graph.add(`${path}/add`, [addBiased(graph, `${path}/conv3`, middle, outer, 1), shortcut]);
  return { inner, output };
}

function addPyramid(graph: Graph, slim: Slim, from: Tensor): Tensor {
  graph.enter("aspp");
  const branches = [slim.conv("aspp/conv1", from, pyramidChannels, 1)];
  for (const [index, dilation] of asppDilations.entries()) branches.push(slim.conv(`aspp/conv${index + 2}`, from, pyramidChannels, 3, 1, dilation));
  const image = slim.conv("aspp/image-conv", graph.meanPool("aspp/image-mean", from), pyramidChannels, 1);
  branches.push(graph.resize("aspp/image-resize", image, from.size));
  return slim.conv("aspp/conv5", graph.concatenate("aspp/concat", branches), pyramidChannels, 1);
}

function addBiased(graph: Graph, path: string, from: Tensor, channels: number, kernel: number, stride = 1): Tensor {
  return graph.bias(`${path}-bias`, graph.conv(path, from, { channels, kernel, stride }));
}

function addDeconvolution(graph: Graph, path: string, from: Tensor): Tensor {
  return graph.bias(`${path}-bias`, graph.transposedConv(path, from, { channels: 256, kernel: 3, stride: 2 }));
}
