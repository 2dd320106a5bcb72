/**
 * Arithmetic on convolution shapes: operations, and the mirrored convolution of a transposed one.
 * Every tap of every output is counted, also those that fall on padding.
 */
import type { ConvolutionShape, Pass } from "./convolution-types.ts";

export function multiplySizes(sizes: readonly number[]): number {
  let product = 1;
  for (const size of sizes) product *= size;
  return product;
}

/** The convolution whose data gradient is this transposed convolution's forward pass. */
export function mirrorShape(shape: ConvolutionShape): ConvolutionShape {
  return {
    ...shape,
    inChannels: shape.outChannels,
    outChannels: shape.inChannels,
    inSize: shape.outSize,
    outSize: shape.inSize,
    transposed: !shape.transposed,
  };
}

/**
 * The plain convolution on phases that stands for a dilated one: every r-th row and column of the input, padded by r on each side to whole phases, is an image of its own
 * in a batch r^d as large, and the output loses what the filter overlaps.
 */
export function spaceToBatch(shape: ConvolutionShape): ConvolutionShape {
  const { dilation } = shape;
  const phase = shape.inSize.map((size) => Math.ceil((size + 2 * dilation) / dilation));
  return { ...shape, batch: shape.batch * dilation ** shape.inSize.length, inSize: phase, outSize: phase.map((size, axis) => Math.max(1, size - (shape.kernel[axis] ?? 1) + 1)), dilation: 1 };
}

export function mirrorPass(pass: Pass): Pass {
  return pass === "forward" ? "data-gradient" : pass === "data-gradient" ? "forward" : pass;
}

/** Operations of one pass, 2 per multiply-add. */
export function countConvolutionFlop(shape: ConvolutionShape): number {
  const positions = shape.batch * multiplySizes(shape.transposed ? shape.inSize : shape.outSize);
  return (2 * positions * multiplySizes(shape.kernel) * shape.inChannels * shape.outChannels) / shape.groups;
}
