/**
 * Time of one pass of one convolution on one device: implicit matrix product against memory traffic, or Winograd where the stack lets it.
 * forward m = batch x out positions, n = out channels, k = in channels x taps; the data gradient runs over the input positions;
 * the weight gradient has the positions as its inner dimension. A transposed convolution is the mirrored one with its passes exchanged.
 * Left out: FFT, fall-back kernels, run-to-run noise. Steps that remain: whole tiles, channels rounded to 8 on tensor cores, the Winograd workspace.
 */
import type { ComputeDevice, ConvolutionConstants, ConvolutionOptions, ConvolutionShape, ConvolutionTime, Pass } from "./convolution-types.ts";
import { cachedShare } from "./cached-traffic.ts";
import { countConvolutionFlop, mirrorPass, mirrorShape, multiplySizes, spaceToBatch } from "./convolution-shape.ts";
import { isDepthwise, timeDepthwise } from "./depthwise.ts";
import { allTiles, timeTiledProduct } from "./tiles.ts";
import { timeWinograd } from "./winograd.ts";

export { countConvolutionFlop, mirrorPass, mirrorShape } from "./convolution-shape.ts";
export type * from "./convolution-types.ts";

const channelMultiple = 8;

function roundUp(channels: number): number {
  return Math.ceil(channels / channelMultiple) * channelMultiple;
}

export function timeConvolution(
  shape: ConvolutionShape,
  pass: Pass,
  device: ComputeDevice,
  constants: ConvolutionConstants,
  options: ConvolutionOptions,
): ConvolutionTime {
  if (shape.transposed) return timeConvolution(mirrorShape(shape), mirrorPass(pass), device, constants, options);
  if (isDepthwise(shape)) return timeDepthwise(shape, pass, device, constants, options);
  if (options.spaceToBatch && shape.dilation > 1) return { ...timeConvolution(spaceToBatch(shape), pass, device, constants, options), arithmetic_s: countConvolutionFlop(shape) / device.peak_flop_per_s };

  const inPositions = shape.batch * multiplySizes(shape.inSize);
  const outPositions = shape.batch * multiplySizes(shape.outSize);
  const taps = multiplySizes(shape.kernel);
  const memory_bytes_per_s = device.memory_bytes_per_s * constants.memoryEfficiency;
  const inBytes = options.bytesPerElement * inPositions * shape.inChannels;
  const outBytes = options.bytesPerElement * outPositions * shape.outChannels;
  const weightBytes = (options.bytesPerElement * taps * shape.inChannels * shape.outChannels) / shape.groups;

  let inChannels = shape.inChannels / shape.groups;
  let outChannels = shape.outChannels / shape.groups;
  let peak_flop_per_s = device.peak_flop_per_s;
  if (options.tensorCores) {
    if (inChannels % channelMultiple !== 0 || outChannels % channelMultiple !== 0) peak_flop_per_s *= constants.unalignedPeakFactor;
    inChannels = roundUp(inChannels);
    outChannels = roundUp(outChannels);
  }
  const ceiling =
    pass === "forward" ? constants.ceilingForward : pass === "data-gradient" ? constants.ceilingDataGradient : constants.ceilingWeightGradient;
  const rate = {
    rate_flop_per_s: peak_flop_per_s * ceiling,
    memory_bytes_per_s,
    multiprocessors: device.multiprocessors,
    kRamp: constants.kRamp,
    tileTraffic: constants.tileTraffic,
    matrixUnit: device.matrixUnit ?? 1,
  };

  const bytes = inBytes + outBytes + weightBytes;
  const memory_s = (bytes * cachedShare(bytes, device.l2_bytes)) / memory_bytes_per_s;
  const launch_s = constants.launch_s;
  let gemm_s: number;
  if (pass === "forward") {
    gemm_s = timeTiledProduct(outPositions, outChannels, inChannels * taps, shape.groups, rate, allTiles);
  } else if (pass === "data-gradient") {
    gemm_s = timeTiledProduct(inPositions, inChannels, outChannels * taps, shape.groups, rate, allTiles);
    if (shape.stride > 1) gemm_s = gemm_s * strideFactor(shape, outChannels, constants) + (constants.stridedDataGradientPasses * inBytes) / memory_bytes_per_s;
  } else {
    gemm_s = timeTiledProduct(inChannels * taps, outChannels, outPositions, shape.groups, rate, allTiles);
    gemm_s *= 1 + constants.smallWeightGradient * Math.sqrt(4096 / (inChannels * outChannels)) + constants.pointwiseWeightGradient / taps;
  }
  const arithmetic_s = countConvolutionFlop(shape) / device.peak_flop_per_s;
  const copies_s = options.layoutCopies && options.tensorCores ? (constants.layoutCopy * 2 * (inBytes + outBytes)) / memory_bytes_per_s : 0;
  const gemmSquared = gemm_s * gemm_s;
  const memorySquared = memory_s * memory_s;
  const direct_s = Math.sqrt(Math.sqrt(gemmSquared * gemmSquared + memorySquared * memorySquared)) + launch_s;
  if (options.winograd !== "off" && !options.tensorCores) {
    const winograd = timeWinograd(shape, pass, device, constants, options.bytesPerElement, options.winograd);
    if (winograd !== undefined && winograd.time_s < direct_s) {
      const { time_s, product_s, transform_s } = winograd;
      const limit = findLimit(product_s, transform_s, time_s - product_s - transform_s);
      return { time_s, arithmetic_s, gemm_s: product_s, memory_s: transform_s, limit, algorithm: "winograd", copies_s };
    }
  }
  return { time_s: direct_s, arithmetic_s, gemm_s, memory_s, limit: findLimit(gemm_s, memory_s, launch_s), algorithm: "implicit-gemm", copies_s };
}

function findLimit(gemm_s: number, memory_s: number, launch_s: number): ConvolutionTime["limit"] {
  if (launch_s > gemm_s && launch_s > memory_s) return "launch";
  return gemm_s >= memory_s ? "arithmetic" : "memory";
}

/**
 * Work of a strided data gradient over that of the full input grid. Each of the stride^d phases of the grid sees only part of the taps;
 * libraries split into phases where each is deep enough, and otherwise multiply by the zeros between the outputs.
 */
function strideFactor(shape: ConvolutionShape, outChannels: number, constants: ConvolutionConstants): number {
  const grid = shape.stride ** shape.inSize.length;
  let depth = outChannels;
  for (const taps of shape.kernel) depth *= Math.ceil(taps / shape.stride);
  const half = constants.stridedDataGradientDepth;
  return (constants.stridedDataGradient * (1 + ((grid - 1) * half) / (half + depth))) / grid;
}
