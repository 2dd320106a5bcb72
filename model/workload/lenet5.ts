/**
 * LeNet-5, LeCun et al. 1998, figure 2, as frameworks build it today: two convolutions with a mean over 2 x 2 after each, three dense layers; the second convolution sees
 * all channels of the first. MagmaDNN 1.2 has 32 filters in both, no padding, and biases in the first two dense layers alone (examples/lenet5.cpp).
 * Left out: means over 2 x 2 count as pools of the traffic table, whose window they share.
 */
import { createGraph } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Of the two convolutions. */
  readonly filters: readonly number[];
  readonly firstPadding: "same" | "valid";
  readonly biases: "all" | "hidden-dense";
}
export type Lenet5Options = Optional<Settings>;

const published: Settings = { channels: 1, height: 28, width: 28, classes: 10, filters: [6, 16], firstPadding: "same", biases: "all" };

export function buildLenet5(options: Lenet5Options = {}): Layer[] {
  const { channels, height, width, classes, filters, firstPadding, biases } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  let tensor = graph.sample;
  graph.enter("convolutions");
  for (const [index, wide] of filters.entries()) {
    const name = `conv${index + 1}`;
    tensor = graph.conv(name, tensor, { channels: wide, kernel: 5, padding: index === 0 ? firstPadding : "valid" });
    if (biases === "all") tensor = graph.bias(`${name}/bias`, tensor);
    tensor = graph.maxPool(`${name}/pool`, graph.activation(`${name}/tanh`, tensor), { kernel: 2, stride: 2 });
  }
  graph.enter("classifier");
  for (const [index, wide] of [120, 84].entries()) {
    const name = `dense${index + 1}`;
    tensor = graph.activation(`${name}/tanh`, graph.bias(`${name}/bias`, graph.dense(name, tensor, wide)));
  }
  tensor = graph.dense("dense3", tensor, classes);
  if (biases === "all") tensor = graph.bias("dense3/bias", tensor);
  graph.softmaxLoss("loss", tensor);
  return graph.list();
}
