/**
 * Writes a convolution fit as a calibration document, and the list of fits that are made: which table stands for which device, at which data sheet.
 * Numbers are rounded to what the fit can tell, so that the stored file does not change with the last bits of the arithmetic.
 */
import { constantKeys } from "../../model/compute/convolution-constants.ts";
import type { ConvolutionOptions } from "../../model/compute/convolution.ts";
import type { DeviceCalibration } from "../../model/schema/calibration.ts";
import type { Precision } from "../../model/schema/common.ts";
import type { ConvolutionFit, ConvolutionSetup } from "./convolution.ts";
import type { ErrorSummary } from "./errors.ts";
import { checkProducts } from "./products.ts";
import type { Product } from "./products.ts";

/** What a fit's document says of the table, whichever reader took it in. */
export interface FittedTable {
  readonly convolutions: readonly unknown[];
  readonly products: readonly Product[];
  readonly excluded: readonly { readonly rule: string; readonly count: number }[];
  readonly recomputedOutputs: number;
}

export interface ConvolutionTarget extends ConvolutionSetup {
  readonly id: string;
  readonly title: string;
  readonly deviceId: string;
  readonly precision: Precision;
  readonly file: string;
  /** Another sheet with the same kernels that names their applications, for a sheet that does not. */
  readonly applicationsFrom?: string;
  readonly remarks: string;
  /** Id in sources.json of who measured; DeepBench if left out. */
  readonly source?: string;
}

const v100 = { memory_bytes_per_s: 900e9, multiprocessors: 80, l2_bytes: 6 * 2 ** 20, memory_bytes: 16e9 };
const p100 = { memory_bytes_per_s: 720e9, multiprocessors: 56, l2_bytes: 4 * 2 ** 20, memory_bytes: 16e9 };
const fp32Options: ConvolutionOptions = {
  tensorCores: false,
  bytesPerElement: 4,
  layoutCopies: false,
  winograd: { workspace_bytes: 16e9 },
  depthwiseTraffic: 1,
};

export const convolutionTargets: readonly ConvolutionTarget[] = [
  {
    id: "v100-convolution-fp32",
    title: "V100 convolutions, FP32",
    deviceId: "v100-sxm2-16gb",
    precision: "fp32",
    file: "v100_results_fp32.csv",
    device: { ...v100, peak_flop_per_s: 15.7e12 },
    options: { ...fp32Options, winograd: { workspace_bytes: 16e9, largestFilter: 5 } },
    remarks: "cuDNN 7.6: Winograd for 3 x 3 and 5 x 5 filters, as the sheet's algorithm column shows.",
  },
  {
    id: "v100-convolution-fp16",
    title: "V100 convolutions, FP16 on tensor cores",
    deviceId: "v100-sxm2-16gb",
    precision: "fp16",
    file: "v100_results_fp16_ip_mixed_math.csv",
    device: { ...v100, peak_flop_per_s: 125e12 },
    options: { tensorCores: true, bytesPerElement: 2, layoutCopies: true, winograd: "off", depthwiseTraffic: 1 },
    remarks: "Channels first, so the times hold layout copies. Images of 7 x 7 fall back to kernels up to 15 x slower; the robust loss sets them aside.",
  },
  {
    id: "p100-convolution-fp32",
    title: "P100 convolutions, FP32",
    deviceId: "p100-pcie-16gb",
    precision: "fp32",
    file: "p100_results_fp32.csv",
    applicationsFrom: "v100_results_fp32.csv",
    device: { ...p100, peak_flop_per_s: 9.3e12 },
    options: fp32Options,
    remarks: "cuDNN 6: Winograd for 3 x 3 filters only. A workstation board, so the PCIe card is assumed.",
  },
];

/** Rounds to significant digits. */
function round(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function roundErrors({ n, mape, median, p90, sumError }: ErrorSummary): ErrorSummary {
  return { n, mape: round(mape, 3), median: round(median, 3), p90: round(p90, 3), sumError: round(sumError, 3) };
}

function describeSetup({ device }: ConvolutionSetup): string {
  const { peak_flop_per_s, memory_bytes_per_s, multiprocessors, l2_bytes } = device;
  return `${peak_flop_per_s / 1e12} TF/s, ${memory_bytes_per_s / 1e9} GB/s, ${multiprocessors} multiprocessors, ${l2_bytes / 2 ** 20} MiB L2`;
}

export function describeConvolutionFit(target: ConvolutionTarget, table: FittedTable, sha256: string, fit: ConvolutionFit): DeviceCalibration {
  const parameters: DeviceCalibration["parameters"] = {};
  for (const { name, value, standardError, informed } of fit.fitted) {
    parameters[constantKeys[name]] = {
      value: name === "launch_s" ? `${round(value * 1e6, 4)} us` : round(value, 4),
      standardError: round(standardError, 3),
      ...(name === "launch_s" ? {} : { unit: "1" }),
      ...(informed ? {} : { note: "prior: this table says nothing on it" }),
    };
  }
  parameters["commonScatter"] = {
    value: round(fit.commonScatter, 3),
    standardError: 0.4,
    unit: "1",
    note: "relative error of a whole network, common to its operations: spread of the applications' sums beyond the operations' own",
  };
  parameters["operationScatter"] = { value: round(fit.operationScatter, 3), standardError: 0.1, unit: "1", note: "relative error of one operation, independent of the others" };
  return {
    $schema: "../schemas/calibration.schema.json",
    id: target.id,
    title: target.title,
    scope: { kind: "device", device: target.deviceId, precision: target.precision },
    method:
      "Tiled implicit matrix product against memory traffic, with Winograd where the library had it; damped least squares on log time, soft-L1 loss, " +
      `Gaussian priors on log parameters, Laplace covariance. Shares are of ${describeSetup(target)}. ${target.remarks} ` +
      "Cross-validated: eight folds of kernel shapes. Left out: that application's rows.",
    from: [{ file: target.file, sha256, source: target.source ?? "deepbench" }],
    rows: { used: table.convolutions.length, excluded: table.excluded.map(({ rule, count }) => ({ rule, count })) },
    residuals: {
      ...roundErrors(fit.overall),
      byPass: Object.fromEntries(Object.entries(fit.byPass).map(([pass, errors]) => [pass, roundErrors(errors)])),
      byApplication: fit.byApplication.map(({ application, sumError, sumErrorLeftOut }) => ({
        application,
        sumError: round(sumError, 3),
        sumErrorLeftOut: round(sumErrorLeftOut, 3),
      })),
      crossValidated: roundErrors(fit.crossValidated),
      ...(table.products.length > 0 ? { denseProductsNotFitted: roundErrors(checkProducts(table.products, fit.constants, target)) } : {}),
      recomputedOutputs: table.recomputedOutputs,
    },
    parameters,
  };
}
