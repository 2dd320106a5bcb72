/** The convolution that an operation of a program is one pass of. */
import type { ConvolutionShape } from "../compute/convolution-types.ts";
import type { Program } from "../program/types.ts";
import type { Layer } from "../workload/layer.ts";

export function layerOf(program: Program, index: number): Layer {
  const layer = program.layers[program.layer[index] ?? -1];
  if (!layer) throw new Error(`operation ${index} belongs to no layer`);
  return layer;
}

export function convolutionShape(program: Program, index: number): ConvolutionShape {
  const { kind, inChannels, outChannels, inSize, outSize, kernel, stride, dilation, groups } = layerOf(program, index);
  return { batch: program.samplesPerDevice, inChannels, outChannels, inSize, outSize, kernel, stride, dilation, groups, transposed: kind === "transposed-convolution" };
}
