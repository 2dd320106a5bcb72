/**
 * CosmicTagger's U-ResNet: three planes of a detector go down and up with shared weights and meet at the bottom, where one network sees all of them.
 * Source: github.com/coreyjadams/CosmicTagger, src/networks; its own count of the small preset is 8,510,547 parameters. Every convolution has a bias and a normalisation.
 * The planes lie below one another as one image, which shares weights as they do; borders between them are not cut.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly planes: number;
  /** Of one plane. */
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Channels at full resolution; level k below has k + 1 times as many. */
  readonly filters: number;
  /** Times that a plane is halved. */
  readonly depth: number;
  readonly bottleneck: number;
  readonly deepBlocks: number;
  readonly finalBlocks: number;
  /** A block is two convolutions around a sum, or one convolution. */
  readonly residual: boolean;
  /** How the way up meets the way down. */
  readonly join: "concatenate" | "add";
}
export type UresnetOptions = Optional<Settings>;

export const publishedUresnet: Settings = { planes: 3, height: 1280, width: 2048, classes: 3, filters: 16, depth: 6, bottleneck: 256, deepBlocks: 5, finalBlocks: 5, residual: true, join: "concatenate" };

const blocksPerLevel = 2;

export function buildUresnet(options: UresnetOptions = {}): Layer[] {
  const settings = fillOptions(publishedUresnet, options);
  const { planes, height, width, classes, filters, depth, bottleneck, deepBlocks, finalBlocks, residual, join } = settings;
  const graph = createGraph(1, [planes * height, width]);
  const blocks = (path: string, from: Tensor, count: number, kernel: number): Tensor => {
    let tensor = from;
    for (let index = 1; index <= count; index++) tensor = addBlock(graph, `${path}/block${index}`, tensor, kernel, residual);
    return tensor;
  };
  graph.enter("down");
  let tensor = addConvolution(graph, "initial", graph.sample, filters, 5);
  const skips: Tensor[] = [];
  for (let level = 1; level <= depth; level++) {
    tensor = blocks(`down${level}`, tensor, blocksPerLevel, 3);
    skips.push(tensor);
    tensor = addConvolution(graph, `down${level}/wider`, graph.maxPool(`down${level}/pool`, tensor, { kernel: 2, stride: 2 }), filters * (level + 1), 1);
  }
  graph.enter("bottom");
  const own = tensor;
  const joined: Tensor = { ...tensor, channels: planes * tensor.channels, size: [(tensor.size[0] ?? 0) / planes, ...tensor.size.slice(1)] };
  tensor = blocks("bottom", addConvolution(graph, "bottom/in", joined, bottleneck, 1), deepBlocks, 5);
  tensor = { ...addConvolution(graph, "bottom/out", tensor, joined.channels, 1), channels: own.channels, size: own.size };
  graph.enter("up");
  for (const [index, skip] of [...skips.entries()].toReversed()) {
    const path = `up${index + 1}`;
    tensor = addConvolution(graph, `${path}/narrower`, graph.resize(`${path}/resize`, tensor, skip.size), skip.channels, 1);
    tensor = join === "add" ? graph.add(`${path}/sum`, [tensor, skip]) : addConvolution(graph, `${path}/merge`, graph.concatenate(`${path}/concat`, [tensor, skip]), skip.channels, 1);
    tensor = blocks(path, tensor, blocksPerLevel, 3);
  }
  graph.enter("head");
  tensor = blocks("final", tensor, finalBlocks, 3);
  tensor = graph.bias("head/bias", graph.conv("head/conv", tensor, { channels: classes, kernel: 1 }));
  graph.softmaxLoss("head/loss", tensor);
  return graph.list();
}

function addConvolution(graph: Graph, path: string, from: Tensor, channels: number, kernel: number): Tensor {
  return graph.activation(`${path}/relu`, graph.batchNorm(`${path}/norm`, graph.bias(`${path}/bias`, graph.conv(`${path}/conv`, from, { channels, kernel }))));
}

function addBlock(graph: Graph, path: string, from: Tensor, kernel: number, residual: boolean): Tensor {
  const first = addConvolution(graph, residual ? `${path}/first` : path, from, from.channels, kernel);
  return residual ? graph.add(`${path}/add`, [addConvolution(graph, `${path}/second`, first, from.channels, kernel), from]) : first;
}
