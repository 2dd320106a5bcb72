/**
 * A small residual network for 32 x 32 images: basic units of two 3x3 convolutions (He et al. 2016, section 4.2), wider than there, with projections as shortcuts.
 * The same as native/pytorch/networks/small_resnet.py, which is trained to check predictions; order of layers = order of its parameters.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Channels of each stage; each after the first halves the image. */
  readonly filters: readonly number[];
  /** Units of a stage. */
  readonly units: number;
}
export type SmallResnetOptions = Optional<Settings>;

const published: Settings = { channels: 3, height: 32, width: 32, classes: 10, filters: [64, 128, 256], units: 2 };

export function buildSmallResnet(options: SmallResnetOptions = {}): Layer[] {
  const { channels, height, width, classes, filters, units } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  graph.enter("stem");
  let tensor = graph.activation("stem/relu", normalise(graph, "stem/conv", graph.sample, filters[0] ?? channels, 3, 1));
  for (const [stage, wide] of filters.entries()) {
    graph.enter(`stage ${stage + 1}`);
    for (let unit = 1; unit <= units; unit++) tensor = addUnit(graph, `stage${stage + 1}/unit${unit}`, tensor, wide, stage > 0 && unit === 1 ? 2 : 1);
  }
  graph.enter("classifier");
  tensor = graph.bias("classifier/bias", graph.dense("classifier/dense", graph.meanPool("classifier/mean", tensor), classes));
  graph.softmaxLoss("classifier/loss", tensor);
  return graph.list();
}

function addUnit(graph: Graph, path: string, from: Tensor, channels: number, stride: number): Tensor {
  const first = graph.activation(`${path}/relu1`, normalise(graph, `${path}/conv1`, from, channels, 3, stride));
  const second = normalise(graph, `${path}/conv2`, first, channels, 3, 1);
  const projects = stride > 1 || from.channels !== channels;
  const shortcut = projects ? normalise(graph, `${path}/shortcut`, from, channels, 1, stride) : from;
  return graph.activation(`${path}/relu2`, graph.add(`${path}/add`, [second, shortcut]));
}

function normalise(graph: Graph, path: string, from: Tensor, channels: number, kernel: number, stride: number): Tensor {
  return graph.batchNorm(`${path}-norm`, graph.conv(path, from, { channels, kernel, stride }));
}
