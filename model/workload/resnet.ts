/**
 * Residual networks for ImageNet, He et al. 2016, table 1: depth 18 and 34 of basic units (two 3 x 3 convolutions), 50, 101 and 152 of bottlenecks with the stride in
 * their 3 x 3 convolution (as "v1.5"); a projection where the shape changes. Depth 50 has the layers of resnet50.ts.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";
import { residualExpansion } from "./residual.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly depth: 18 | 34 | 50 | 101 | 152;
}
export type ResnetOptions = Optional<Settings>;

const published: Settings = { channels: 3, height: 224, width: 224, classes: 1000, depth: 18 };

const unitsOf: Readonly<Record<Settings["depth"], readonly number[]>> = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3] };

export function buildResnet(options: ResnetOptions = {}): Layer[] {
  const { channels, height, width, classes, depth } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  graph.enter("root");
  let tensor = graph.conv("root/conv", graph.sample, { channels: 64, kernel: 7, stride: 2 });
  tensor = graph.activation("root/relu", graph.batchNorm("root/norm", tensor));
  tensor = graph.maxPool("root/pool", tensor, { kernel: 3, stride: 2 });
  const add = depth >= 50 ? addBottleneck : addBasic;
  for (const [stage, units] of unitsOf[depth].entries()) {
    graph.enter(`stage ${stage + 1}`);
    for (let unit = 1; unit <= units; unit++) tensor = add(graph, `stage${stage + 1}/unit${unit}`, tensor, 64 * 2 ** stage, stage > 0 && unit === 1 ? 2 : 1);
  }
  graph.enter("classifier");
  tensor = graph.bias("classifier/bias", graph.dense("classifier/dense", graph.meanPool("classifier/mean", tensor), classes));
  graph.softmaxLoss("classifier/loss", tensor);
  return graph.list();
}

function normalise(graph: Graph, path: string, from: Tensor, channels: number, kernel: number, stride: number): Tensor {
  return graph.batchNorm(`${path}-norm`, graph.conv(path, from, { channels, kernel, stride }));
}

function shortcut(graph: Graph, path: string, from: Tensor, channels: number, stride: number): Tensor {
  return from.channels !== channels || stride > 1 ? normalise(graph, `${path}/shortcut`, from, channels, 1, stride) : from;
}

function addBasic(graph: Graph, path: string, from: Tensor, channels: number, stride: number): Tensor {
  const beside = shortcut(graph, path, from, channels, stride);
  const first = graph.activation(`${path}/relu1`, normalise(graph, `${path}/conv1`, from, channels, 3, stride));
  return graph.activation(`${path}/relu2`, graph.add(`${path}/add`, [normalise(graph, `${path}/conv2`, first, channels, 3, 1), beside]));
}

function addBottleneck(graph: Graph, path: string, from: Tensor, inner: number, stride: number): Tensor {
  const outer = inner * residualExpansion;
  const beside = shortcut(graph, path, from, outer, stride);
  let tensor = graph.activation(`${path}/relu1`, normalise(graph, `${path}/conv1`, from, inner, 1, 1));
  tensor = graph.activation(`${path}/relu2`, normalise(graph, `${path}/conv2`, tensor, inner, 3, stride));
  return graph.activation(`${path}/relu3`, graph.add(`${path}/add`, [normalise(graph, `${path}/conv3`, tensor, outer, 1, 1), beside]));
}
