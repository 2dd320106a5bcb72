/**
 * Dense layers with ReLU between them: many gradient bytes for little work, the case that a network decides.
 * The same as native/pytorch/networks/mlp.py, which is trained to check predictions; order of layers = order of its parameters.
 */
import { createGraph } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly inputs: number;
  /** Outputs of the layers before the last. */
  readonly hidden: readonly number[];
  readonly classes: number;
}
export type MlpOptions = Optional<Settings>;

const published: Settings = { inputs: 1024, hidden: [2048, 2048, 2048], classes: 1000 };

export function buildMlp(options: MlpOptions = {}): Layer[] {
  const { inputs, hidden, classes } = fillOptions(published, options);
  const graph = createGraph(inputs, [1]);
  graph.enter("hidden");
  let tensor = graph.sample;
  for (const [index, outputs] of hidden.entries()) {
    const path = `hidden${index + 1}`;
    tensor = graph.activation(`${path}/relu`, graph.bias(`${path}/bias`, graph.dense(`${path}/dense`, tensor, outputs)));
  }
  graph.enter("classifier");
  graph.softmaxLoss("classifier/loss", graph.bias("classifier/bias", graph.dense("classifier/dense", tensor, classes)));
  return graph.list();
}
