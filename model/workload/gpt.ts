/**
 * A decoder-only transformer with normalisation before each part (Radford et al. 2019), learned positions, an own output matrix and no dropout.
 * Attention is unfused: scores, scale with mask, softmax, mix; heads are laid out by copies. One sample is one sequence.
 * Left out: adding up the gradients of a tensor that several layers read (the input of query, key and value: some thousandths of a step).
 * The same as native/pytorch/networks/gpt.py, which is trained to check predictions; order of layers = order of its parameters.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  /** Channels of the residual stream. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Length of a sequence. */
  readonly tokens: number;
  readonly vocabulary: number;
}
export type GptOptions = Optional<Settings>;

export const publishedGpt: Settings = { width: 256, layers: 4, heads: 4, tokens: 128, vocabulary: 2048 };

/** Width of the inner layer of a feed-forward part over that of the stream. */
const expansion = 4;

export function buildGpt(options: GptOptions = {}): Layer[] {
  const { width, layers, heads, tokens, vocabulary } = fillOptions(publishedGpt, options);
  const graph = createGraph(1, [tokens]);
  graph.enter("embedding");
  let tensor = graph.embedding("embedding/tokens", graph.sample, { vocabulary, channels: width });
  tensor = graph.positions("embedding/positions", tensor);
  for (let block = 1; block <= layers; block++) {
    graph.enter(`block ${block}`);
    tensor = addAttention(graph, `block${block}/attention`, tensor, heads);
    tensor = addFeedForward(graph, `block${block}/feed-forward`, tensor);
  }
  graph.enter("head");
  graph.softmaxLoss("head/loss", graph.linear("head/linear", graph.layerNorm("head/norm", tensor), vocabulary));
  return graph.list();
}

function addAttention(graph: Graph, path: string, from: Tensor, heads: number): Tensor {
  const normalised = graph.layerNorm(`${path}/norm`, from);
  const project = (name: string) => graph.copy(`${path}/${name}-heads`, addLinear(graph, `${path}/${name}`, normalised, from.channels));
  const [query, key, value] = [project("query"), project("key"), project("value")];
  const scores = graph.scale(`${path}/scale-mask`, graph.scores(`${path}/scores`, query, key, heads));
  const mixed = graph.mix(`${path}/mix`, graph.softmax(`${path}/softmax`, scores), value, heads);
  const joined = graph.copy(`${path}/join`, mixed);
  return graph.add(`${path}/add`, [addLinear(graph, `${path}/output`, joined, from.channels), from]);
}

function addFeedForward(graph: Graph, path: string, from: Tensor): Tensor {
  const inner = addLinear(graph, `${path}/inner`, graph.layerNorm(`${path}/norm`, from), expansion * from.channels);
  return graph.add(`${path}/add`, [addLinear(graph, `${path}/outer`, graph.gelu(`${path}/gelu`, inner), from.channels), from]);
}

function addLinear(graph: Graph, path: string, from: Tensor, channels: number): Tensor {
  return graph.bias(`${path}-bias`, graph.linear(path, from, channels));
}
