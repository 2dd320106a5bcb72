/**
 * Inception V3: blocks of parallel branches whose filters are factored into 1x7 and 7x1 or 1x3 and 3x1, normalisation after every convolution.
 * Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016, table 1 and figures 5 to 7, with the widths of the released network.
 * Left out: the auxiliary classifier, which benchmark programs switch off. Mean pools inside blocks count as max pools, which read and write as much.
 */
import { createGraph, type ConvolutionLayerOptions, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}
export type Inception3Options = Optional<Settings>;

const published: Settings = { channels: 3, height: 299, width: 299, classes: 1000 };

/** A filter of a branch: channels, kernel, and the stride and padding of those that shrink the image. */
type Filter = readonly [channels: number, kernel: number | readonly number[], shrinks?: "shrinks"];

const row = [1, 7] as const;
const column = [7, 1] as const;

export function buildInception3(options: Inception3Options = {}): Layer[] {
  const { channels, height, width, classes } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  graph.enter("root");
  let tensor = addConvolution(graph, "root/conv1", graph.sample, { channels: 32, kernel: 3, stride: 2, padding: "valid" });
  tensor = addConvolution(graph, "root/conv2", tensor, { channels: 32, kernel: 3, padding: "valid" });
  tensor = addConvolution(graph, "root/conv3", tensor, { channels: 64, kernel: 3 });
  tensor = graph.maxPool("root/pool1", tensor, { kernel: 3, stride: 2, padding: "valid" });
  tensor = addConvolution(graph, "root/conv4", tensor, { channels: 80, kernel: 1 });
  tensor = addConvolution(graph, "root/conv5", tensor, { channels: 192, kernel: 3, padding: "valid" });
  tensor = graph.maxPool("root/pool2", tensor, { kernel: 3, stride: 2, padding: "valid" });
  graph.enter("35 x 35");
  for (const [index, pooled] of [32, 64, 64].entries()) {
    tensor = addBlock(graph, `a${index + 1}`, tensor, [[[64, 1]], [[48, 1], [64, 5]], [[64, 1], [96, 3], [96, 3]]], pooled);
  }
  tensor = addReduction(graph, "b", tensor, [[[384, 3, "shrinks"]], [[64, 1], [96, 3], [96, 3, "shrinks"]]]);
  graph.enter("17 x 17");
  for (const [index, inner] of [128, 160, 160, 192].entries()) {
    const once: Filter[] = [[inner, 1], [inner, row], [192, column]];
    const twice: Filter[] = [[inner, 1], [inner, column], [inner, row], [inner, column], [192, row]];
    tensor = addBlock(graph, `c${index + 1}`, tensor, [[[192, 1]], once, twice], 192);
  }
  tensor = addReduction(graph, "d", tensor, [[[192, 1], [320, 3, "shrinks"]], [[192, 1], [192, row], [192, column], [192, 3, "shrinks"]]]);
  graph.enter("8 x 8");
  for (const index of [1, 2]) tensor = addWideBlock(graph, `e${index}`, tensor);
  graph.enter("classifier");
  tensor = graph.dropout("classifier/dropout", graph.meanPool("classifier/mean", tensor));
  tensor = graph.bias("classifier/bias", graph.dense("classifier/dense", tensor, classes));
  graph.softmaxLoss("classifier/loss", tensor);
  return graph.list();
}

function addConvolution(graph: Graph, path: string, from: Tensor, options: ConvolutionLayerOptions): Tensor {
  return graph.activation(`${path}/relu`, graph.batchNorm(`${path}/norm`, graph.conv(path, from, options)));
}

function addBranch(graph: Graph, path: string, from: Tensor, filters: readonly Filter[]): Tensor {
  return filters.reduce((tensor, [channels, kernel, shrinks], index) => addConvolution(graph, `${path}/conv${index + 1}`, tensor, { channels, kernel, ...(shrinks ? { stride: 2, padding: "valid" } : {}) }), from);
}

/** `pooled`: channels of the branch that pools first. */
function addBlock(graph: Graph, path: string, from: Tensor, branches: readonly (readonly Filter[])[], pooled: number): Tensor {
  const made = branches.map((filters, index) => addBranch(graph, `${path}/branch${index + 1}`, from, filters));
  return graph.concatenate(`${path}/concat`, [...made, addPooled(graph, path, from, pooled)]);
}

const addPooled = (graph: Graph, path: string, from: Tensor, channels: number): Tensor => addConvolution(graph, `${path}/pooled`, graph.maxPool(`${path}/pool`, from, { kernel: 3 }), { channels, kernel: 1 });

function addReduction(graph: Graph, path: string, from: Tensor, branches: readonly (readonly Filter[])[]): Tensor {
  const made = branches.map((filters, index) => addBranch(graph, `${path}/branch${index + 1}`, from, filters));
  return graph.concatenate(`${path}/concat`, [...made, graph.maxPool(`${path}/pool`, from, { kernel: 3, stride: 2, padding: "valid" })]);
}

/** Two of its branches end in a row and a column beside each other. */
function addWideBlock(graph: Graph, path: string, from: Tensor): Tensor {
  const split = (name: string, tensor: Tensor): Tensor[] => [
    addConvolution(graph, `${path}/${name}/row`, tensor, { channels: 384, kernel: [1, 3] }),
    addConvolution(graph, `${path}/${name}/column`, tensor, { channels: 384, kernel: [3, 1] }),
  ];
  const first = addBranch(graph, `${path}/branch1`, from, [[320, 1]]);
  const second = split("branch2", addBranch(graph, `${path}/branch2`, from, [[384, 1]]));
  const third = split("branch3", addBranch(graph, `${path}/branch3`, from, [[448, 1], [384, 3]]));
  return graph.concatenate(`${path}/concat`, [first, ...second, ...third, addPooled(graph, path, from, 192)]);
}
