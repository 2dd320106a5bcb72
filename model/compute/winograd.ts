/**
 * Winograd's minimal filtering for square filters of 3 or more taps and stride 1 in two dimensions (Lavin and Gray, arXiv:1509.09308), not fused:
 * outputs are cut into m x m patches, operands transformed through memory, (m + r - 1)^2 products of channels follow.
 * Left out: fused kernels, FFT, and the loss of accuracy that lets a framework refuse it.
 */
import type { ComputeDevice, ConvolutionConstants, ConvolutionShape, Pass, WinogradOptions } from "./convolution-types.ts";
import { batchedTiles, timeTiledProduct } from "./tiles.ts";

const patches = [2, 4];

export interface WinogradTime {
  readonly time_s: number;
  readonly product_s: number;
  readonly transform_s: number;
}

/** Undefined where the algorithm does not apply or its workspace does not fit. */
export function timeWinograd(
  shape: ConvolutionShape,
  pass: Pass,
  device: ComputeDevice,
  constants: ConvolutionConstants,
  bytesPerElement: number,
  options: WinogradOptions,
): WinogradTime | undefined {
  const taps = shape.kernel[0]!;
  if (shape.kernel.length !== 2 || shape.kernel[1] !== taps || taps < 3 || taps > (options.largestFilter ?? 3)) return undefined;
  if (shape.stride !== 1 || shape.dilation !== 1 || shape.groups !== 1) return undefined;
  const workspace_bytes = Math.min(options.workspace_bytes, device.memory_bytes);
  const memory_bytes_per_s = device.memory_bytes_per_s * constants.memoryEfficiency;
  const rate = {
    rate_flop_per_s: device.peak_flop_per_s * constants.winogradCeiling,
    memory_bytes_per_s,
    multiprocessors: device.multiprocessors,
    kRamp: constants.kRamp,
    tileTraffic: constants.tileTraffic,
    matrixUnit: device.matrixUnit ?? 1,
  };
  const channels = shape.inChannels + shape.outChannels;
  let best: WinogradTime | undefined;
  for (const patch of patches) {
    const products = (patch + taps - 1) ** 2;
    const positions = shape.batch * Math.ceil(shape.outSize[0]! / patch) * Math.ceil(shape.outSize[1]! / patch);
    const transformed_bytes = products * bytesPerElement * (channels * positions + shape.inChannels * shape.outChannels);
    if (products * bytesPerElement * channels * positions > workspace_bytes) continue;
    const product_s =
      pass === "weight-gradient"
        ? timeTiledProduct(shape.inChannels, shape.outChannels, positions, products, rate, batchedTiles)
        : pass === "forward"
          ? timeTiledProduct(positions, shape.outChannels, shape.inChannels, products, rate, batchedTiles)
          : timeTiledProduct(positions, shape.inChannels, shape.outChannels, products, rate, batchedTiles);
    const transform_s = (constants.winogradTransform * 2 * transformed_bytes) / memory_bytes_per_s;
    const time_s = product_s + transform_s + (1 + constants.winogradLaunches) * constants.launch_s;
    if (best === undefined || time_s < best.time_s) best = { time_s, product_s, transform_s };
  }
  return best;
}
