/** Random convolutions for property tests: padded to the "same" size, sizes whole multiples of the stride, two or three dimensions. */
import * as fc from "fast-check";
import type { ComputeDevice, ConvolutionConstants, ConvolutionOptions, ConvolutionShape, Pass } from "../../../model/compute/convolution.ts";

export const passes: readonly Pass[] = ["forward", "data-gradient", "weight-gradient"];

export const device: ComputeDevice = {
  peak_flop_per_s: 15.7e12,
  memory_bytes_per_s: 900e9,
  multiprocessors: 80,
  l2_bytes: 6 * 2 ** 20,
  memory_bytes: 16e9,
};

/** Round numbers near the fitted ones, every ceiling at most 1. */
export const constants: ConvolutionConstants = {
  ceilingForward: 0.9,
  ceilingDataGradient: 0.85,
  ceilingWeightGradient: 0.9,
  kRamp: 10,
  tileTraffic: 0.4,
  launch_s: 20e-6,
  memoryEfficiency: 0.82,
  stridedDataGradient: 1.1,
  stridedDataGradientDepth: 200,
  stridedDataGradientPasses: 0.8,
  smallWeightGradient: 0.2,
  pointwiseWeightGradient: 0.4,
  winogradCeiling: 0.75,
  winogradTransform: 0.5,
  winogradLaunches: 0.3,
  unalignedPeakFactor: 0.3,
  layoutCopy: 0.2,
};

export const fp32: ConvolutionOptions = { tensorCores: false, bytesPerElement: 4, layoutCopies: false, winograd: "off", depthwiseTraffic: 4 };
export const fp16: ConvolutionOptions = { tensorCores: true, bytesPerElement: 2, layoutCopies: true, winograd: "off", depthwiseTraffic: 4 };

export const anyShape: fc.Arbitrary<ConvolutionShape> = fc
  .record({
    batch: fc.integer({ min: 1, max: 64 }),
    inChannels: fc.integer({ min: 1, max: 600 }),
    outChannels: fc.integer({ min: 1, max: 600 }),
    cells: fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 3 }),
    taps: fc.constantFrom(1, 3, 5, 7),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.constantFrom(1, 2, 12),
    groups: fc.constantFrom("one", "two", "depth-wise"),
    transposed: fc.boolean(),
  })
  .map(({ cells, taps, stride, groups, transposed, ...rest }): ConvolutionShape => {
    const large = cells.map((cell) => cell * stride);
    const channels = groups === "depth-wise" ? { inChannels: rest.inChannels, outChannels: rest.inChannels, groups: rest.inChannels } : { groups: 1 };
    const even = groups === "two" ? { inChannels: 2 * rest.inChannels, outChannels: 2 * rest.outChannels, groups: 2 } : channels;
    return {
      ...rest,
      ...even,
      inSize: transposed ? cells : large,
      outSize: transposed ? large : cells,
      kernel: cells.map(() => taps),
      stride,
      transposed,
    };
  });

export const image: ConvolutionShape = {
  batch: 8,
  inChannels: 256,
  outChannels: 128,
  inSize: [56, 56],
  outSize: [56, 56],
  kernel: [3, 3],
  stride: 1,
  dilation: 1,
  groups: 1,
  transposed: false,
};
