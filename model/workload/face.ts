/**
 * Networks for faces of 112 x 112 pixels with one class a person. iresnet: residual units with normalisation first and a stride in their second convolution, no pooling, and
 * an embedding from all positions (Deng et al. 2019, ArcFace, arXiv:1801.07698, sections 3.1 and 3.2). mobilefacenet: depth-wise bottlenecks and a global depth-wise
 * convolution (Chen et al. 2018, arXiv:1804.07573, table 1). PReLU has a number for each channel and runs in a kernel of its own, as a scale does. Left out: norms of
 * features and classes, the margin.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly embedding: number;
  readonly backbone: "iresnet18" | "iresnet34" | "iresnet50" | "iresnet100" | "mobilefacenet";
}
export type FaceOptions = Optional<Settings>;

const published: Settings = { channels: 3, height: 112, width: 112, classes: 85_742, embedding: 512, backbone: "iresnet100" };

const unitsOf: Readonly<Record<Exclude<Settings["backbone"], "mobilefacenet">, readonly number[]>> = { iresnet18: [2, 2, 2, 2], iresnet34: [3, 4, 6, 3], iresnet50: [3, 4, 14, 3], iresnet100: [3, 13, 30, 3] };

/** Channels of the bottleneck's inside and of its output, stride of the first of so many. */
const bottlenecks = [
  { inner: 128, outer: 64, stride: 2, count: 1 },
  { inner: 128, outer: 64, stride: 1, count: 4 },
  { inner: 256, outer: 128, stride: 2, count: 1 },
  { inner: 256, outer: 128, stride: 1, count: 6 },
  { inner: 512, outer: 128, stride: 2, count: 1 },
  { inner: 256, outer: 128, stride: 1, count: 2 },
] as const;

export function buildFace(options: FaceOptions = {}): Layer[] {
  const { channels, height, width, classes, embedding, backbone } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  const features = backbone === "mobilefacenet" ? addMobilefacenet(graph) : addIresnet(graph, unitsOf[backbone]);
  graph.enter("embedding");
  const vector = graph.batchNorm("embedding/norm", graph.bias("embedding/bias", graph.dense("embedding/dense", features, embedding)));
  graph.enter("classifier");
  graph.softmaxLoss("classifier/loss", graph.dense("classifier/dense", vector, classes));
  return graph.list();
}

function addIresnet(graph: Graph, stages: readonly number[]): Tensor {
  graph.enter("root");
  let tensor = graph.scale("root/prelu", graph.batchNorm("root/norm", graph.conv("root/conv", graph.sample, { channels: 64, kernel: 3 })), true);
  for (const [stage, units] of stages.entries()) {
    graph.enter(`stage ${stage + 1}`);
    for (let unit = 1; unit <= units; unit++) tensor = addUnit(graph, `stage${stage + 1}/unit${unit}`, tensor, 64 * 2 ** stage, unit === 1 ? 2 : 1);
  }
  graph.enter("embedding");
  return graph.dropout("embedding/dropout", graph.batchNorm("embedding/input-norm", tensor));
}

function addUnit(graph: Graph, path: string, from: Tensor, channels: number, stride: number): Tensor {
  const beside = stride > 1 || from.channels !== channels ? graph.batchNorm(`${path}/shortcut-norm`, graph.conv(`${path}/shortcut`, from, { channels, kernel: 1, stride })) : from;
  const first = graph.conv(`${path}/conv1`, graph.batchNorm(`${path}/norm1`, from), { channels, kernel: 3 });
  const second = graph.conv(`${path}/conv2`, graph.scale(`${path}/prelu`, graph.batchNorm(`${path}/norm2`, first), true), { channels, kernel: 3, stride });
  return graph.add(`${path}/add`, [graph.batchNorm(`${path}/norm3`, second), beside]);
}

function addMobilefacenet(graph: Graph): Tensor {
  graph.enter("root");
  let tensor = activate(graph, "root/conv", graph.conv("root/conv", graph.sample, { channels: 64, kernel: 3, stride: 2 }));
  tensor = activate(graph, "root/depthwise", graph.depthwise("root/depthwise", tensor, { kernel: 3 }));
  for (const [group, { inner, outer, stride, count }] of bottlenecks.entries()) {
    graph.enter(`bottlenecks ${group + 1}`);
    for (let unit = 1; unit <= count; unit++) tensor = addBottleneck(graph, `bottleneck${group + 1}/unit${unit}`, tensor, inner, outer, stride);
  }
  graph.enter("embedding");
  const wide = activate(graph, "embedding/conv", graph.conv("embedding/conv", tensor, { channels: 512, kernel: 1 }));
  return graph.batchNorm("embedding/global-norm", graph.depthwise("embedding/global", wide, { kernel: wide.size[0] ?? 1, padding: "valid" }));
}

function addBottleneck(graph: Graph, path: string, from: Tensor, inner: number, outer: number, stride: number): Tensor {
  const wide = activate(graph, `${path}/expand`, graph.conv(`${path}/expand`, from, { channels: inner, kernel: 1 }));
  const mixed = activate(graph, `${path}/depthwise`, graph.depthwise(`${path}/depthwise`, wide, { kernel: 3, stride }));
  const narrow = graph.batchNorm(`${path}/project-norm`, graph.conv(`${path}/project`, mixed, { channels: outer, kernel: 1 }));
  return stride === 1 ? graph.add(`${path}/add`, [narrow, from]) : narrow;
}

const activate = (graph: Graph, path: string, from: Tensor): Tensor => graph.scale(`${path}-prelu`, graph.batchNorm(`${path}-norm`, from), true);
