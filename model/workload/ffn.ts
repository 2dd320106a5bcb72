/**
 * Flood-filling network of connectomics: image and current mask of one field of view go through 3-D convolutions of one width with residual sums, and out comes a correction of the mask.
 * Source: github.com/google/ffn, ffn/training/models/convstack_3d.py; depth 12 and fields of 33 voxels are those of its README. Parameters by hand:
 * (27 x 2 + 1) f + (2 depth - 1) (27 f + 1) f + f + 1 with f filters. Left out: that a training example moves its field of view several times.
 */
import { createGraph } from "./graph.ts";
import type { Layer } from "./layer.ts";
import { fillOptions, type Optional } from "./options.ts";

interface Settings {
  /** Image and mask. */
  readonly channels: number;
  /** Edge of the cubic field of view. */
  readonly size: number;
  readonly filters: number;
  /** Modules of two convolutions, the first without a sum. */
  readonly depth: number;
}
export type FfnOptions = Optional<Settings>;

const published: Settings = { channels: 2, size: 33, filters: 32, depth: 12 };

export function buildFfn(options: FfnOptions = {}): Layer[] {
  const { channels, size, filters, depth } = fillOptions(published, options);
  const graph = createGraph(channels, [size, size, size]);
  let tensor = graph.sample;
  for (let module = 0; module < depth; module++) {
    const path = `module${module}`;
    graph.enter(path);
    const from = tensor;
    const start = module === 0 ? from : graph.activation(`${path}/relu`, from);
    const first = graph.activation(`${path}/a/relu`, graph.bias(`${path}/a/bias`, graph.conv(`${path}/a/conv`, start, { channels: filters, kernel: 3 })));
    tensor = graph.bias(`${path}/b/bias`, graph.conv(`${path}/b/conv`, first, { channels: filters, kernel: 3 }));
    if (module > 0) tensor = graph.add(`${path}/sum`, [tensor, from]);
  }
  graph.enter("mask");
  tensor = graph.bias("mask/bias", graph.conv("mask/conv", graph.activation("mask/relu", tensor), { channels: 1, kernel: 1 }));
  graph.softmaxLoss("mask/loss", tensor);
  return graph.list();
}
