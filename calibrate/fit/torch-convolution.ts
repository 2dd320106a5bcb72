/**
 * What is fitted to a table of convolution_table.py: one target per precision that the device has a peak for, with the library's options of PyTorch.
 * FP32 keeps channels first and may use Winograd; the matrix-unit precisions keep channels last, so their times hold no layout copies.
 */
import { timeConvolution } from "../../model/compute/convolution.ts";
import type { ConvolutionConstants, ConvolutionOptions } from "../../model/compute/convolution.ts";
import { elementBytes, type Precision } from "../../model/schema/common.ts";
import type { Device } from "../../model/schema/device.ts";
import type { ConvolutionMeasurement } from "../readers/deepbench.ts";
import type { TorchConvolutionTable, TorchPrecisionTable } from "../readers/torch-convolution.ts";
import type { ConvolutionTarget } from "./convolution-document.ts";
import type { ConvolutionSetup } from "./convolution.ts";
import { median } from "./errors.ts";

export interface TorchTarget {
  readonly target: ConvolutionTarget;
  readonly table: TorchPrecisionTable;
}

/** Shapes beyond this many taps a side have no Winograd kernels in cuDNN 7 and later. */
const largestWinogradFilter = 5;

export function targetsOf(device: Device, measured: TorchConvolutionTable, file: string, source: string): TorchTarget[] {
  return measured.tables.flatMap((table) => {
    const peak = device.peaks[table.precision];
    if (peak === undefined || table.convolutions.length === 0) return [];
    const tensorCores = device.tensorCores.includes(table.precision);
    const { host } = measured;
    const target: ConvolutionTarget = {
      id: `${device.id.replace(/-.*/, "")}-convolution-${table.precision}`,
      title: `${device.title.replace(/^NVIDIA /, "").replace(/ .*/, "")} convolutions, ${table.precision.toUpperCase()}${tensorCores ? " on tensor cores" : ""}`,
      deviceId: device.id,
      precision: table.precision,
      file,
      source,
      device: {
        peak_flop_per_s: peak.value,
        memory_bytes_per_s: device.memory.bandwidth.value,
        multiprocessors: device.multiprocessors.value,
        l2_bytes: device.l2.value,
        memory_bytes: device.memory.capacity.value,
      },
      options: optionsOf(table.precision, tensorCores, device.memory.capacity.value),
      remarks: `PyTorch ${host?.torch ?? "?"}, CUDA ${host?.cuda ?? "?"}, cuDNN ${host?.cudnn ?? "?"}, driver ${host?.driver ?? "?"}, ${host?.date ?? "?"}; ${tensorCores ? "channels last" : "channels first"}, library's choice by trial; times between device events, without the host's launch.`,
    };
    return [{ target, table }];
  });
}

function optionsOf(precision: Precision, tensorCores: boolean, memory_bytes: number): ConvolutionOptions {
  return {
    tensorCores,
    bytesPerElement: elementBytes[precision],
    layoutCopies: false,
    winograd: tensorCores ? "off" : { workspace_bytes: memory_bytes / 4, largestFilter: largestWinogradFilter },
    depthwiseTraffic: 1,
  };
}

/** Median over the kernels of the traffic factor with which the model gives the measured time back; undefined without kernels. */
export function implyDepthwiseTraffic(rows: readonly ConvolutionMeasurement[], constants: ConvolutionConstants, setup: ConvolutionSetup): number | undefined {
  if (rows.length === 0) return undefined;
  return median(
    rows.map(({ shape, pass, time_s }) => {
      const ideal = timeConvolution(shape, pass, setup.device, constants, { ...setup.options, depthwiseTraffic: 1 });
      return Math.max(0, time_s - constants.launch_s) / ideal.memory_s;
    }),
  );
}
