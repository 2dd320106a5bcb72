/**
 * Convolution constants as a calibration document stores them: one entry per constant under the constant's name, quantities as strings with units.
 * `launch` holds launch_s, the one constant with a dimension.
 */
import { parseQuantity } from "../units.ts";
import type { ConvolutionConstants } from "./convolution-types.ts";

type Stored = Readonly<Record<string, { readonly value: number | string }>>;

/** Document key of each constant. */
export const constantKeys: { readonly [Name in keyof ConvolutionConstants]: string } = {
  ceilingForward: "ceilingForward",
  ceilingDataGradient: "ceilingDataGradient",
  ceilingWeightGradient: "ceilingWeightGradient",
  kRamp: "kRamp",
  tileTraffic: "tileTraffic",
  launch_s: "launch",
  memoryEfficiency: "memoryEfficiency",
  stridedDataGradient: "stridedDataGradient",
  stridedDataGradientDepth: "stridedDataGradientDepth",
  stridedDataGradientPasses: "stridedDataGradientPasses",
  smallWeightGradient: "smallWeightGradient",
  pointwiseWeightGradient: "pointwiseWeightGradient",
  winogradCeiling: "winogradCeiling",
  winogradTransform: "winogradTransform",
  winogradLaunches: "winogradLaunches",
  unalignedPeakFactor: "unalignedPeakFactor",
  layoutCopy: "layoutCopy",
};

/** The constants, and the keys that are missing or not positive numbers; the constants are whole only where that list is empty. */
export function readConvolutionConstants(parameters: Stored): { constants: ConvolutionConstants; missing: string[] } {
  const missing: string[] = [];
  const read = (name: keyof ConvolutionConstants): number => {
    const stored = parameters[constantKeys[name]]?.value;
    const parsed = typeof stored === "string" ? parseQuantity(stored, name === "launch_s" ? "time" : "fraction") : undefined;
    const value = typeof stored === "number" ? stored : parsed?.ok ? parsed.value : Number.NaN;
    if (!(value > 0) || !Number.isFinite(value)) missing.push(constantKeys[name]);
    return value;
  };
  const names = Object.keys(constantKeys) as (keyof ConvolutionConstants)[];
  const constants = Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as ConvolutionConstants;
  return { constants, missing };
}
