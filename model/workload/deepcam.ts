/**
 * DeepCAM as in MLPerf HPC: DeepLabv3+ with an Xception encoder of output stride 16 and a decoder of transposed convolutions.
 * Source: github.com/mlcommons/hpc, deepcam/src/deepCam/architecture/deeplab_xception.py. sep = depth-wise 3x3, then 1x1, without bias.
 * Left out: reductions of batch statistics over a group of devices, which belong to the plan.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}
export type DeepcamOptions = Optional<Settings>;

const published: Settings = { channels: 16, height: 768, width: 1152, classes: 3 };

interface BlockShape {
  /** Output channels of the normalised separable convolutions, in order. */
  readonly seps: readonly number[];
  /** A further one at the end without normalisation: its stride, or none. */
  readonly lastStride?: 1 | 2;
  readonly endsWithRelu: boolean;
}

const encoderChannels = 2048;
const asppDilations = [6, 12, 18];
const decoderChannels = 256;

export function buildDeepcam(options: DeepcamOptions = {}): Layer[] {
  const { channels, height, width, classes } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  graph.enter("entry");
  let tensor = addConvolution(graph, "entry/conv1", graph.sample, 32, 3, 2);
  tensor = addConvolution(graph, "entry/conv2", tensor, 64, 3);
  const low = addBlock(graph, "entry/block1", tensor, { seps: [128, 128], lastStride: 2, endsWithRelu: false });
  tensor = graph.activation("entry/relu", low);
  tensor = addBlock(graph, "entry/block2", tensor, { seps: [256, 256], lastStride: 2, endsWithRelu: true });
  tensor = addBlock(graph, "entry/block3", tensor, { seps: [728, 728], lastStride: 2, endsWithRelu: true });
  graph.enter("middle");
  for (let block = 1; block <= 16; block++) tensor = addBlock(graph, `middle/block${block}`, tensor, { seps: [728, 728, 728], endsWithRelu: true });
  graph.enter("exit");
  tensor = addBlock(graph, "exit/block", tensor, { seps: [728, 1024], lastStride: 1, endsWithRelu: false });
  for (const [index, outputs] of [1536, 1536, encoderChannels].entries()) tensor = addNormalisedSep(graph, `exit/sep${index + 1}`, tensor, outputs, 2);
  tensor = addPyramid(graph, tensor);
  graph.enter("decoder");
  const skip = addConvolution(graph, "decoder/low", low, 48, 1);
  tensor = addDeconvolution(graph, "decoder/deconv1", tensor);
  tensor = addDeconvolution(graph, "decoder/deconv2", tensor);
  tensor = graph.concatenate("decoder/concat", [tensor, skip]);
  tensor = addConvolution(graph, "decoder/conv1", tensor, decoderChannels, 3);
  tensor = addConvolution(graph, "decoder/conv2", tensor, decoderChannels, 3);
  tensor = graph.bias("decoder/conv3-bias", graph.conv("decoder/conv3", tensor, { channels: decoderChannels, kernel: 1 }));
  tensor = addDeconvolution(graph, "decoder/deconv3", tensor);
  tensor = graph.transposedConv("decoder/deconv4", tensor, { channels: classes, kernel: 3, stride: 2 });
  graph.softmaxLoss("decoder/loss", tensor);
  return graph.list();
}

function addPyramid(graph: Graph, from: Tensor): Tensor {
  graph.enter("aspp");
  const branches = [addConvolution(graph, "aspp/conv1", from, decoderChannels, 1)];
  for (const [index, dilation] of asppDilations.entries()) branches.push(addConvolution(graph, `aspp/conv${index + 2}`, from, decoderChannels, 3, 1, dilation));
  let image = graph.conv("aspp/image-conv", graph.meanPool("aspp/image-mean", from), { channels: decoderChannels, kernel: 1 });
  image = graph.bias("aspp/image-offset", graph.scale("aspp/image-scale", image, true));
  image = graph.resize("aspp/image-tile", graph.activation("aspp/image-relu", image), from.size);
  return addConvolution(graph, "aspp/conv5", graph.concatenate("aspp/concat", [...branches, image]), decoderChannels, 1);
}

function addBlock(graph: Graph, path: string, from: Tensor, { seps, lastStride, endsWithRelu }: BlockShape): Tensor {
  let tensor = from;
  for (const [index, channels] of seps.entries()) {
    const name = `${path}/sep${index + 1}`;
    tensor = graph.batchNorm(`${name}/norm`, addSep(graph, name, tensor, channels));
    if (index < seps.length - 1) tensor = graph.activation(`${name}/relu`, tensor);
  }
  if (lastStride) tensor = addSep(graph, `${path}/last`, tensor, tensor.channels, lastStride);
  const projects = tensor.channels !== from.channels || lastStride === 2;
  const skip = projects
    ? graph.batchNorm(`${path}/skip-norm`, graph.conv(`${path}/skip`, from, { channels: tensor.channels, kernel: 1, stride: lastStride ?? 1 }))
    : from;
  tensor = graph.add(`${path}/add`, [tensor, skip]);
  return endsWithRelu ? graph.activation(`${path}/relu`, tensor) : tensor;
}

function addSep(graph: Graph, path: string, from: Tensor, channels: number, stride = 1, dilation = 1): Tensor {
  return graph.conv(`${path}/pointwise`, graph.depthwise(`${path}/depthwise`, from, { kernel: 3, stride, dilation }), { channels, kernel: 1 });
}

function addNormalisedSep(graph: Graph, path: string, from: Tensor, channels: number, dilation: number): Tensor {
  return graph.activation(`${path}/relu`, graph.batchNorm(`${path}/norm`, addSep(graph, path, from, channels, 1, dilation)));
}

function addConvolution(graph: Graph, path: string, from: Tensor, channels: number, kernel: number, stride = 1, dilation = 1): Tensor {
  return graph.activation(`${path}-relu`, graph.batchNorm(`${path}-norm`, graph.conv(path, from, { channels, kernel, stride, dilation })));
}

function addDeconvolution(graph: Graph, path: string, from: Tensor): Tensor {
  return graph.activation(`${path}-relu`, graph.batchNorm(`${path}-norm`, graph.transposedConv(path, from, { channels: decoderChannels, kernel: 3, stride: 2 })));
}
