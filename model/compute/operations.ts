/**
 * Sizes of an operation as a measured table sees it: the features that its time depends on, its work, and a simple bound (the slower of arithmetic at the
 * peak and compulsory traffic). Tables hold time over this bound, which varies far less than time does. One place for the table and for the prediction,
 * so that both mean the same. Left out: which operation ran before (the table is timed as training finds it) and padding taps (counted, as everywhere here).
 */
import { countConvolutionFlop, multiplySizes } from "./convolution-shape.ts";
import type { ConvolutionShape } from "./convolution-types.ts";

export type OperationPass = "forward" | "backward" | "data-gradient" | "weight-gradient" | "update";

export interface OperationSizes {
  readonly operation: string;
  /** In the order of featureNames(operation); all above zero. */
  readonly features: readonly number[];
  /** 2 per multiply-add; 0 for point-wise work. */
  readonly flop: number;
  /** Read and written at least once, in elements. */
  readonly elements: number;
}

export interface BoundRates {
  readonly flop_per_s: number;
  readonly bytes_per_s: number;
}

const convolutionFeatures = ["positions", "inner", "outChannels", "taps", "stride"] as const;
const features: Readonly<Record<string, readonly string[]>> = {
  convolution: convolutionFeatures,
  "transposed-convolution": convolutionFeatures,
  linear: ["rows", "inner", "columns"],
  "batched-product": ["matrices", "rows", "inner", "columns"],
};

export const featureNames = (operation: string): readonly string[] => features[operation] ?? ["elements"];

/** A full or transposed convolution; a grouped one has no table. */
export function sizeConvolution(shape: ConvolutionShape): OperationSizes {
  const { batch, inChannels, outChannels, inSize, outSize, kernel, stride, transposed } = shape;
  const taps = multiplySizes(kernel);
  return {
    operation: transposed ? "transposed-convolution" : "convolution",
    features: [batch * multiplySizes(transposed ? inSize : outSize), inChannels * taps, outChannels, taps, stride],
    flop: countConvolutionFlop(shape),
    elements: batch * (inChannels * multiplySizes(inSize) + outChannels * multiplySizes(outSize)) + inChannels * outChannels * taps,
  };
}

/** rows x inner times inner x columns; `linear` shares the second factor over the batch, as a dense layer does. */
export function sizeLinear(rows: number, inner: number, columns: number): OperationSizes {
  return { operation: "linear", features: [rows, inner, columns], flop: 2 * rows * inner * columns, elements: rows * inner + inner * columns + rows * columns };
}

/** Independent products of two activations; `backward` is two products of the same work. */
export function sizeBatchedProduct(matrices: number, rows: number, inner: number, columns: number): OperationSizes {
  return {
    operation: "batched-product",
    features: [matrices, rows, inner, columns],
    flop: 2 * matrices * rows * inner * columns,
    elements: matrices * (rows * inner + inner * columns + rows * columns),
  };
}

/** Point-wise work, an optimizer's update of one tensor, a copy: read once and written once. */
export function sizePointwise(operation: string, elements: number): OperationSizes {
  return { operation, features: [elements], flop: 0, elements: 2 * elements };
}

export function boundTime(sizes: OperationSizes, rates: BoundRates, bytesPerElement: number): number {
  return Math.max(sizes.flop / rates.flop_per_s, (sizes.elements * bytesPerElement) / rates.bytes_per_s);
}
