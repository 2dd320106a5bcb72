/**
 * Priors of the convolution constants: the same for every device and precision, so that they carry no answer.
 * Ceilings and bandwidth are shares of a datasheet figure and cannot pass 1 by much; the others are known to a factor of two or three.
 */
import type { ConvolutionConstants, ConvolutionOptions } from "../../model/compute/convolution.ts";

export interface ConstantPrior {
  readonly name: keyof ConvolutionConstants;
  readonly mean: number;
  /** Standard deviation of the natural logarithm. */
  readonly sd: number;
  /** What a table must exercise to say anything on this constant. */
  readonly needs?: "winograd" | "tensor-cores" | "layout-copies";
}

export const constantPriors: readonly ConstantPrior[] = [
  { name: "ceilingForward", mean: 0.85, sd: 0.1 },
  { name: "ceilingDataGradient", mean: 0.85, sd: 0.1 },
  { name: "ceilingWeightGradient", mean: 0.85, sd: 0.1 },
  { name: "kRamp", mean: 20, sd: 0.7 },
  { name: "tileTraffic", mean: 0.5, sd: 1 },
  { name: "launch_s", mean: 15e-6, sd: 0.8 },
  { name: "memoryEfficiency", mean: 0.82, sd: 0.06 },
  { name: "stridedDataGradient", mean: 1.3, sd: 0.3 },
  { name: "stridedDataGradientDepth", mean: 200, sd: 1 },
  { name: "stridedDataGradientPasses", mean: 1, sd: 0.7 },
  { name: "smallWeightGradient", mean: 0.3, sd: 1 },
  { name: "pointwiseWeightGradient", mean: 0.3, sd: 1 },
  { name: "winogradCeiling", mean: 0.8, sd: 0.3, needs: "winograd" },
  { name: "winogradTransform", mean: 1, sd: 0.5, needs: "winograd" },
  { name: "winogradLaunches", mean: 1, sd: 0.7, needs: "winograd" },
  { name: "unalignedPeakFactor", mean: 0.3, sd: 0.5, needs: "tensor-cores" },
  { name: "layoutCopy", mean: 0.5, sd: 0.5, needs: "layout-copies" },
];

export function isInformed(prior: ConstantPrior, options: ConvolutionOptions): boolean {
  if (prior.needs === "winograd") return options.winograd !== "off" && !options.tensorCores;
  if (prior.needs === "tensor-cores") return options.tensorCores;
  if (prior.needs === "layout-copies") return options.tensorCores && options.layoutCopies;
  return true;
}
