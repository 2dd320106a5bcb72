/**
 * CANDLE's Uno: towers of dense layers for gene expression, drug descriptors and drug fingerprints, those of drugs used for both drugs of a pair, joined with two doses by more dense layers
 * to one number. Source: github.com/ECP-CANDLE/Benchmarks, Pilot1/Uno: its README prints every layer, 21,275,001 parameters.
 * The inputs of a sample lie behind one another as channels; what a tower reads of them is its own. Left out: the mean squared error.
 */
import { createGraph, type Graph, type Tensor } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly genes: number;
  readonly descriptors: number;
  readonly fingerprints: number;
  readonly drugs: number;
  /** Outputs of the layers of a tower. */
  readonly tower: readonly number[];
  /** Outputs of the layers after the join, before the last. */
  readonly dense: readonly number[];
}
export type UnoOptions = Optional<Settings>;

const published: Settings = { genes: 942, descriptors: 5270, fingerprints: 2048, drugs: 2, tower: [1000, 1000, 1000], dense: [1000, 1000, 1000] };

export function buildUno(options: UnoOptions = {}): Layer[] {
  const { genes, descriptors, fingerprints, drugs, tower, dense } = fillOptions(published, options);
  const graph = createGraph(genes + drugs * (descriptors + fingerprints + 1), [1]);
  // A drug's towers serve every drug of the sample: as many positions of one layer share its weights.
  const towerOf = (name: string, channels: number, uses: number): Tensor => {
    graph.enter(name);
    const from: Tensor = { channels, size: [uses], needsGradient: false };
    const out = stack(graph, name, from, tower);
    return { ...out, channels: out.channels * uses, size: [1] };
  };
  const parts = [towerOf("genes", genes, 1), towerOf("descriptors", descriptors, drugs), towerOf("fingerprints", fingerprints, drugs)];
  graph.enter("joined");
  const joined = graph.concatenate("joined/concat", [...parts, { channels: drugs, size: [1], needsGradient: false }]);
  const last = stack(graph, "joined", joined, dense);
  graph.bias("output/bias", graph.linear("output/dense", last, 1));
  return graph.list();
}

function stack(graph: Graph, path: string, from: Tensor, outputs: readonly number[]): Tensor {
  let tensor = from;
  for (const [index, channels] of outputs.entries()) {
    const name = `${path}/dense${index + 1}`;
    tensor = graph.activation(`${name}/relu`, graph.bias(`${name}/bias`, graph.linear(name, tensor, channels)));
  }
  return tensor;
}
