/**
 * A U-Net (Ronneberger et al. 2015) with padded convolutions and batch normalisation: the climate segmentation networks in miniature.
 * The same as native/pytorch/networks/unet.py, which is trained to check predictions; order of layers = order of its parameters.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Channels at full resolution; each level below has twice as many. */
  readonly firstFilters: number;
  /** Times that the image is halved. */
  readonly depth: number;
}
export type UnetOptions = Optional<Settings>;

export const publishedUnet: Settings = { channels: 16, height: 64, width: 64, classes: 3, firstFilters: 32, depth: 3 };

export function buildUnet(options: UnetOptions = {}): Layer[] {
  const { channels, height, width, classes, firstFilters, depth } = fillOptions(publishedUnet, options);
  const graph = createGraph(channels, [height, width]);
  graph.enter("encoder");
  const skips: Tensor[] = [];
  let tensor = graph.sample;
  for (let level = 0; level < depth; level++) {
    tensor = addLevel(graph, `down${level + 1}`, tensor, firstFilters * 2 ** level);
    skips.push(tensor);
    tensor = graph.maxPool(`down${level + 1}/pool`, tensor, { kernel: 2, stride: 2 });
  }
  graph.enter("bottom");
  tensor = addLevel(graph, "bottom", tensor, firstFilters * 2 ** depth);
  graph.enter("decoder");
  for (const [level, skip] of [...skips.entries()].toReversed()) {
    const path = `up${level + 1}`;
    const wider = graph.bias(`${path}/deconv-bias`, graph.transposedConv(`${path}/deconv`, tensor, { channels: skip.channels, kernel: 2, stride: 2 }));
    tensor = addLevel(graph, path, graph.concatenate(`${path}/concat`, [wider, skip]), skip.channels);
  }
  tensor = graph.bias("head/bias", graph.conv("head/conv", tensor, { channels: classes, kernel: 1 }));
  graph.softmaxLoss("head/loss", tensor);
  return graph.list();
}

function addLevel(graph: Graph, path: string, from: Tensor, channels: number): Tensor {
  let tensor = from;
  for (const turn of [1, 2]) {
    tensor = graph.conv(`${path}/conv${turn}`, tensor, { channels, kernel: 3 });
    tensor = graph.activation(`${path}/relu${turn}`, graph.batchNorm(`${path}/norm${turn}`, tensor));
  }
  return tensor;
}
