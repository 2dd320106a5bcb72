/**
 * Tiramisu in its 2018 climate variant: dense blocks of few wide filters, halved by 1x1 convolutions, doubled by 3x3 transposed ones.
 * Source: github.com/azrael417/ClimDeepLearn, semanticsegm/tiramisu-tf/tiramisu_model.py; blocks, growth and filters from the run scripts
 * and from Kurth et al., "Exascale Deep Learning for Climate Analytics", SC18.
 * The program also builds a halving step after the deepest block whose output nothing reads. Its counters of FLOP and of trainable parameters
 * see it, but it is never run and has no gradient; unreadTransition says whether the list has it.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Maps that every unit of a dense block adds. */
  readonly growth: number;
  /** Units of the dense blocks on the way down; the way up mirrors all but the deepest. */
  readonly blocks: readonly number[];
  readonly kernel: number;
  readonly firstFilters: number;
  /** Share of activations dropped after every unit; 0 has no dropout layers. */
  readonly dropout: number;
  readonly batchNormalisation: boolean;
  readonly unreadTransition: boolean;
}
export type TiramisuOptions = Optional<Settings>;

export const publishedTiramisu: Settings = {
  channels: 16,
  height: 768,
  width: 1152,
  classes: 3,
  growth: 32,
  blocks: [2, 2, 2, 4, 5],
  kernel: 5,
  firstFilters: 64,
  dropout: 0.2,
  batchNormalisation: false,
  unreadTransition: true,
};

export function buildTiramisu(options: TiramisuOptions = {}): Layer[] {
  const settings = fillOptions(publishedTiramisu, options);
  const { blocks, kernel } = settings;
  const deepest = blocks.length - 1;
  const graph = createGraph(settings.channels, [settings.height, settings.width]);
  graph.enter("input");
  let tensor = addUnit(graph, settings, "input", graph.conv("input/conv", graph.sample, { channels: settings.firstFilters, kernel }));
  let added: readonly Tensor[] = [];
  const skips: Tensor[] = [];
  for (const [level, units] of blocks.entries()) {
    graph.enter(`down ${level + 1}`);
    ({ tensor, added } = addDenseBlock(graph, settings, `down${level + 1}`, tensor, units));
    skips.push(tensor);
    if (level === deepest && !settings.unreadTransition) continue;
    const path = `down${level + 1}/transition`;
    tensor = addUnit(graph, settings, path, graph.conv(`${path}/conv`, tensor, { channels: tensor.channels, kernel: 1, stride: 2 }));
  }
  for (let level = deepest - 1; level >= 0; level--) {
    const path = `up${level + 1}`;
    graph.enter(`up ${level + 1}`);
    const news = graph.concatenate(`${path}/new`, added);
    const doubled = graph.bias(`${path}/deconv-bias`, graph.transposedConv(`${path}/deconv`, news, { channels: news.channels, kernel: 3, stride: 2 }));
    const skip = skips[level];
    const joined = skip ? graph.concatenate(`${path}/skip`, [doubled, skip]) : doubled;
    ({ tensor, added } = addDenseBlock(graph, settings, path, joined, blocks[level] ?? 0));
  }
  graph.enter("output");
  tensor = graph.bias("output/bias", graph.conv("output/conv", tensor, { channels: settings.classes, kernel: 1 }));
  if (settings.dropout > 0) tensor = graph.dropout("output/dropout", tensor);
  graph.softmaxLoss("output/loss", tensor);
  return graph.list();
}

function addDenseBlock(graph: Graph, settings: Settings, path: string, from: Tensor, units: number): { tensor: Tensor; added: Tensor[] } {
  const added: Tensor[] = [];
  let tensor = from;
  for (let unit = 1; unit <= units; unit++) {
    const name = `${path}/unit${unit}`;
    const fresh = addUnit(graph, settings, name, graph.conv(`${name}/conv`, tensor, { channels: settings.growth, kernel: settings.kernel }));
    tensor = graph.concatenate(`${name}/concat`, [tensor, fresh]);
    added.push(fresh);
  }
  return { tensor, added };
}

/** What follows every convolution but the last. */
function addUnit(graph: Graph, settings: Settings, path: string, convolved: Tensor): Tensor {
  let tensor = graph.bias(`${path}/bias`, convolved);
  if (settings.batchNormalisation) tensor = graph.batchNorm(`${path}/norm`, tensor);
  tensor = graph.activation(`${path}/relu`, tensor);
  return settings.dropout > 0 ? graph.dropout(`${path}/dropout`, tensor) : tensor;
}
