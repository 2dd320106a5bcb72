/**
 * CosmoFlow as in MLPerf HPC: 3-D convolutions with doubling channels, each followed by a pool that halves every edge, then three dense layers.
 * Source: github.com/mlcommons/hpc, cosmoflow/models/cosmoflow.py and configs/cosmo.yaml.
 * Left out: the mean squared error over four numbers.
 */
import { createGraph } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  /** Edge of the cubic input. */
  readonly size: number;
  readonly firstFilters: number;
  readonly kernel: number;
  readonly convolutions: number;
  /** Outputs of the dense layers before the last. */
  readonly dense: readonly number[];
  readonly targets: number;
  /** Share of activations dropped after a dense layer; 0 has no dropout layers. */
  readonly dropout: number;
}
export type CosmoflowOptions = Optional<Settings>;

export const publishedCosmoflow: Settings = { channels: 4, size: 128, firstFilters: 32, kernel: 3, convolutions: 5, dense: [128, 64], targets: 4, dropout: 0.5 };

export function buildCosmoflow(options: CosmoflowOptions = {}): Layer[] {
  const { channels, size, firstFilters, kernel, convolutions, dense, targets, dropout } = fillOptions(publishedCosmoflow, options);
  const graph = createGraph(channels, [size, size, size]);
  graph.enter("convolutions");
  let tensor = graph.sample;
  for (let index = 0; index < convolutions; index++) {
    const path = `conv${index + 1}`;
    tensor = graph.conv(`${path}/conv`, tensor, { channels: firstFilters * 2 ** index, kernel });
    tensor = graph.activation(`${path}/relu`, graph.bias(`${path}/bias`, tensor));
    tensor = graph.maxPool(`${path}/pool`, tensor, { kernel: 2, stride: 2, padding: "valid" });
  }
  graph.enter("dense");
  for (const [index, outputs] of dense.entries()) {
    const path = `dense${index + 1}`;
    tensor = graph.bias(`${path}/bias`, graph.dense(`${path}/dense`, tensor, outputs));
    tensor = graph.activation(`${path}/relu`, tensor);
    if (dropout > 0) tensor = graph.dropout(`${path}/dropout`, tensor);
  }
  tensor = graph.bias("output/bias", graph.dense("output/dense", tensor, targets));
  graph.scale("output/scale", graph.activation("output/tanh", tensor));
  return graph.list();
}
