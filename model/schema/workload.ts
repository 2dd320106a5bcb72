/**
 * A workload document: a network family with its sizes. Layers, FLOP and bytes are computed from it, never written in it. Networks that are lists of layers name the
 * data set they read; transformers are a family of their own (transformer.ts).
 */
import { z } from "zod";
import { fact } from "./fact.ts";
import { dataFormats, head, whole } from "./common.ts";
import { layerListOptions } from "./layer-list.ts";
import { transformerWorkloadSchema, type TransformerWorkload } from "./transformer.ts";

const channels = whole(1, 4096);
const size = whole(8, 65_536);
const image = { channels, height: size, width: size };

const families = {
  deeplabv3plus: z.strictObject({ ...image, classes: whole(1, 10_000), batchNormalisation: z.boolean() }).partial(),
  tiramisu: z.strictObject({ ...image, classes: whole(1, 10_000), growth: whole(1, 1024), blocks: z.array(whole(1, 64)).min(2).max(8), kernel: whole(1, 15), firstFilters: whole(1, 4096) }).partial(),
  deepcam: z.strictObject({ ...image, classes: whole(1, 10_000) }).partial(),
  resnet50: z.strictObject({ ...image, classes: whole(1, 1_000_000) }).partial(),
  inception3: z.strictObject({ channels, height: whole(107, 65_536), width: whole(107, 65_536), classes: whole(1, 1_000_000) }).partial(),
  resnet: z.strictObject({ ...image, classes: whole(1, 1_000_000), depth: z.union([z.literal(18), z.literal(34), z.literal(50), z.literal(101), z.literal(152)]) }).partial(),
  lenet5: z.strictObject({ ...image, classes: whole(1, 1_000_000), filters: z.array(whole(1, 4096)).length(2), firstPadding: z.enum(["same", "valid"]), biases: z.enum(["all", "hidden-dense"]) }).partial(),
  alexnet: z.strictObject({ ...image, classes: whole(1, 1_000_000), filters: z.array(whole(1, 4096)).length(5), biases: z.enum(["all", "hidden-dense"]) }).partial(),
  vgg: z.strictObject({ ...image, classes: whole(1, 1_000_000), units: z.array(whole(1, 8)).length(5), dense: z.array(whole(1, 65_536)).max(4), biases: z.enum(["all", "none"]), poolStride: z.union([z.literal(1), z.literal(2)]) }).partial(),
  cosmoflow: z.strictObject({ channels, size: whole(32, 4096) }).partial(),
  "small-resnet": z.strictObject({ ...image, classes: whole(1, 10_000), filters: z.array(whole(1, 4096)).min(1).max(6), units: whole(1, 16) }).partial(),
  unet: z.strictObject({ ...image, classes: whole(1, 10_000), firstFilters: whole(1, 1024), depth: whole(1, 6) }).partial(),
  uresnet: z
    .strictObject({ planes: whole(1, 16), height: size, width: size, classes: whole(1, 10_000), filters: whole(1, 1024), depth: whole(1, 8), bottleneck: whole(1, 4096), deepBlocks: whole(0, 64), finalBlocks: whole(0, 64), residual: z.boolean(), join: z.enum(["concatenate", "add"]) })
    .partial(),
  face: z.strictObject({ ...image, classes: whole(1, 100_000_000), embedding: whole(1, 65_536), backbone: z.enum(["iresnet18", "iresnet34", "iresnet50", "iresnet100", "mobilefacenet"]) }).partial(),
  ffn: z.strictObject({ channels, size: whole(3, 1024), filters: whole(1, 4096), depth: whole(1, 256) }).partial(),
  uno: z.strictObject({ genes: whole(1, 1e6), descriptors: whole(1, 1e6), fingerprints: whole(1, 1e6), drugs: whole(1, 16), tower: z.array(whole(1, 1e6)).min(1).max(64), dense: z.array(whole(1, 1e6)).min(1).max(64) }).partial(),
  gpt: z.strictObject({ width: whole(1, 65_536), layers: whole(1, 1024), heads: whole(1, 1024), tokens: whole(1, 1e6), vocabulary: whole(2, 1e7) }).partial(),
  mlp: z.strictObject({ inputs: whole(1, 1e7), hidden: z.array(whole(1, 1e6)).min(1).max(64), classes: whole(1, 1e7) }).partial(),
  layers: layerListOptions,
};
export type Family = keyof typeof families;

const body = {
  ...head,
  inputElementBytes: whole(1, 8).meta({ description: "Bytes of one input element as the data set stores it" }),
  labelBytes: whole(0, 1e9).meta({ description: "Bytes of the label of one sample as the data set stores it" }),
  dataset: z.strictObject({
    samples: fact("count", { min: 1 }),
    samplesPerFile: whole(1).optional(),
    format: z.enum(dataFormats).optional().meta({ description: "How samples lie in files; a stack may decode one format faster than another" }),
    decode: fact("time", { min: 0 }).optional().meta({ description: "Time of one core to decode and augment a sample; left out: by the stack's rate" }),
    sizeSpread: fact("fraction", { min: 0, max: 10 }).optional().meta({ description: "Relative standard deviation of the stored bytes of samples; left out: all alike" }),
    storedSample: fact("data").optional().meta({ description: "Bytes of one sample in its file, where it is compressed; what the network reads, with its label, where left out" }),
  }),
};

const variant = <F extends Family>(family: F) => z.strictObject({ ...body, family: z.literal(family), options: families[family] });

export const workloadSchema = z.discriminatedUnion("family", [variant("deeplabv3plus"), variant("tiramisu"), variant("deepcam"), variant("resnet50"), variant("resnet"), variant("lenet5"), variant("alexnet"), variant("vgg"), variant("inception3"), variant("cosmoflow"), variant("small-resnet"), variant("unet"), variant("uresnet"), variant("face"), variant("ffn"), variant("uno"), variant("gpt"), variant("mlp"), variant("layers"), transformerWorkloadSchema]);
export type Workload = z.output<typeof workloadSchema>;
/** A network that is a list of layers. */
export type LayerWorkload = Exclude<Workload, TransformerWorkload>;
