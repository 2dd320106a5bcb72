/**
 * ResNet-50 v1.5: the stride of a stage lies in the 3x3 convolution of its first unit, normalisation follows every convolution.
 * He et al. 2016, table 1; "v1.5" as in the MLPerf Training image classification reference.
 * Left out: label smoothing and the folding of normalisation into its neighbours, which belongs to the software stack.
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
}
export type Resnet50Options = Optional<Settings>;

const published: Settings = { channels: 3, height: 224, width: 224, classes: 1000 };

export function buildResnet50(options: Resnet50Options = {}): Layer[] {
  const { channels, height, width, classes } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  graph.enter("root");
  let tensor = graph.conv("root/conv", graph.sample, { channels: 64, kernel: 7, stride: 2 });
  tensor = graph.activation("root/relu", graph.batchNorm("root/norm", tensor));
  tensor = graph.maxPool("root/pool", tensor, { kernel: 3, stride: 2 });
  for (const [stage, { width: inner, units }] of resnet50Stages.entries()) {
    graph.enter(`stage ${stage + 1}`);
    for (let unit = 1; unit <= units; unit++) {
      tensor = addUnit(graph, `stage${stage + 1}/unit${unit}`, tensor, inner, stage > 0 && unit === 1 ? 2 : 1);
    }
  }
  graph.enter("classifier");
  tensor = graph.dense("classifier/dense", graph.meanPool("classifier/mean", tensor), classes);
  tensor = graph.bias("classifier/bias", tensor);
  graph.softmaxLoss("classifier/loss", tensor);
  return graph.list();
}

function addUnit(graph: Graph, path: string, from: Tensor, inner: number, stride: number): Tensor {
  const outer = inner * residualExpansion;
  const normalise = (name: string, input: Tensor, channels: number, kernel: number, step: number) =>
    graph.batchNorm(`${path}/${name}-norm`, graph.conv(`${path}/${name}`, input, { channels, kernel, stride: step }));
  const projects = from.channels !== outer || stride > 1;
  const shortcut = projects ? normalise("shortcut", from, outer, 1, stride) : from;
  let tensor = graph.activation(`${path}/relu1`, normalise("conv1", from, inner, 1, 1));
  tensor = graph.activation(`${path}/relu2`, normalise("conv2", tensor, inner, 3, stride));
  tensor = graph.add(`${path}/add`, [normalise("conv3", tensor, outer, 1, 1), shortcut]);
  return graph.activation(`${path}/relu3`, tensor);
}
