/**
 * AlexNet in one column: Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks", as torchvision has it. MagmaDNN 1.2 gives the fourth
 * convolution 384 filters, leaves out biases of convolutions and of the last layer, drops before the dense layers once, and pools by means (examples/alexnet.cpp).
 */
import { createGraph } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Of the five convolutions. */
  readonly filters: readonly number[];
  readonly biases: "all" | "hidden-dense";
}
export type AlexnetOptions = Optional<Settings>;

const published: Settings = { channels: 3, height: 224, width: 224, classes: 1000, filters: [64, 192, 384, 256, 256], biases: "all" };

const kernels = [11, 5, 3, 3, 3];
const pooled = new Set([0, 1, 4]);

export function buildAlexnet(options: AlexnetOptions = {}): Layer[] {
  const { channels, height, width, classes, filters, biases } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  let tensor = graph.sample;
  graph.enter("convolutions");
  for (const [index, kernel] of kernels.entries()) {
    const name = `conv${index + 1}`;
    tensor = graph.conv(name, tensor, { channels: filters[index] ?? filters.at(-1) ?? channels, kernel, ...(index === 0 ? { stride: 4, padding: 2 } : {}) });
    if (biases === "all") tensor = graph.bias(`${name}/bias`, tensor);
    tensor = graph.activation(`${name}/relu`, tensor);
    if (pooled.has(index)) tensor = graph.maxPool(`${name}/pool`, tensor, { kernel: 3, stride: 2, padding: "valid" });
  }
  graph.enter("classifier");
  for (const [index, wide] of [4096, 4096].entries()) {
    const name = `dense${index + 1}`;
    if (index === 0 || biases === "all") tensor = graph.dropout(`${name}/dropout`, tensor);
    tensor = graph.activation(`${name}/relu`, graph.bias(`${name}/bias`, graph.dense(name, tensor, wide)));
  }
  tensor = graph.dense("dense3", tensor, classes);
  if (biases === "all") tensor = graph.bias("dense3/bias", tensor);
  graph.softmaxLoss("loss", tensor);
  return graph.list();
}
