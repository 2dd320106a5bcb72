/**
 * A network as an explicit list of layers, in the order of its forward pass: what an importer of model files writes. What is left out is as in most layers: one tap, stride, dilation and group of 1, no
 * parameters, a gradient of the input.
 */
import { z } from "zod";
import { whole } from "./common.ts";

export const layerKinds = ["convolution", "transposed-convolution", "dense", "batched-product", "bias", "batch-normalisation", "layer-normalisation", "activation", "gelu", "softmax", "scale", "add", "concatenate", "dropout", "max-pool", "mean-pool", "resize", "copy", "embedding", "softmax-loss"] as const;

const extents = z.array(whole(1, 1e9)).min(1).max(4);

const layer = z
  .strictObject({
    name: z.string().min(1).meta({ description: "Path in the network; each name once" }),
    part: z.string().min(1).optional().meta({ description: "The part of the network it belongs to" }),
    kind: z.enum(layerKinds),
    inChannels: whole(1, 1e9),
    outChannels: whole(1, 1e9),
    inSize: extents.meta({ description: "Positions of the input without channels, such as [224, 224]; [1] where there are none" }),
    outSize: extents,
    kernel: z.array(whole(1, 65_536)).min(1).max(4).optional(),
    stride: whole(1, 65_536).optional(),
    dilation: whole(1, 65_536).optional(),
    groups: whole(1, 1e9).optional(),
    parameters: z.array(whole(1, 1e13)).max(8).optional().meta({ description: "Elements of each trainable tensor" }),
    differentiatesInput: z.boolean().optional().meta({ description: "false: no gradient of the input is needed, as the layer reads the raw sample" }),
  })
  .check(({ value, issues }) => {
    const wrong = (path: string, got: unknown, expected: string): void => void issues.push({ code: "custom", input: got, path: [path], message: expected, params: { problem: { code: "wrong-value", got: JSON.stringify(got), expected } } });
    const { kernel, groups = 1, inChannels, outChannels, outSize } = value;
    if (kernel && kernel.length !== outSize.length) wrong("kernel", kernel, `taps along each of the ${outSize.length} axes of outSize`);
    if (inChannels % groups !== 0 || outChannels % groups !== 0) wrong("groups", groups, `a divisor of ${inChannels} and ${outChannels} channels`);
  });

export const layerListOptions = z
  .strictObject({ layers: z.array(layer).min(1).max(20_000) })
  .check(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [index, { name }] of value.layers.entries()) {
      if (seen.has(name)) issues.push({ code: "custom", input: name, path: ["layers", index, "name"], message: "each name once", params: { problem: { code: "given-twice", got: JSON.stringify(name), expected: "each name once" } } });
      seen.add(name);
    }
  });
