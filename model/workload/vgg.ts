/**
 * VGG, Simonyan and Zisserman 2015, table 1: stages of 3 x 3 convolutions, each followed by a pool that halves the image; configuration D (VGG-16) unless said.
 * MagmaDNN 1.2 trains it on CIFAR-10 with one dense layer of 512 before the classes, no biases, and pools of stride 1 (examples/vgg16.cpp), so that 27 x 27 are left of 32 x 32.
 */
import { createGraph } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Convolutions of each stage. */
  readonly units: readonly number[];
  /** Outputs of the dense layers before the last. */
  readonly dense: readonly number[];
  readonly biases: "all" | "none";
  /** Of the pools: 1 takes one pixel off instead of halving. */
  readonly poolStride: 1 | 2;
}
export type VggOptions = Optional<Settings>;

const published: Settings = { channels: 3, height: 224, width: 224, classes: 1000, units: [2, 2, 3, 3, 3], dense: [4096, 4096], biases: "all", poolStride: 2 };

const widths = [64, 128, 256, 512, 512];

export function buildVgg(options: VggOptions = {}): Layer[] {
  const { channels, height, width, classes, units, dense, biases, poolStride } = fillOptions(published, options);
  const graph = createGraph(channels, [height, width]);
  const withBias = (name: string, from: ReturnType<typeof graph.bias>) => (biases === "all" ? graph.bias(`${name}/bias`, from) : from);
  let tensor = graph.sample;
  for (const [stage, count] of units.entries()) {
    graph.enter(`stage ${stage + 1}`);
    for (let unit = 1; unit <= count; unit++) {
      const name = `stage${stage + 1}/conv${unit}`;
      tensor = graph.activation(`${name}/relu`, withBias(name, graph.conv(name, tensor, { channels: widths[stage] ?? 512, kernel: 3 })));
    }
    tensor = graph.maxPool(`stage${stage + 1}/pool`, tensor, { kernel: 2, stride: poolStride, padding: "valid" });
  }
  graph.enter("classifier");
  for (const [index, wide] of dense.entries()) {
    const name = `dense${index + 1}`;
    tensor = graph.dropout(`${name}/dropout`, graph.activation(`${name}/relu`, withBias(name, graph.dense(name, tensor, wide))));
  }
  tensor = withBias("classes", graph.dense("classes", tensor, classes));
  graph.softmaxLoss("loss", tensor);
  return graph.list();
}
