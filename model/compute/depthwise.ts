/**
 * Depth-wise convolution: one filter per channel does so few operations per byte that memory traffic alone sets the time.
 * Traffic is the ideal (in + out) times what the stack's kernels re-read, from 4 (channels last, 2021 on) to 29 (2020 PyTorch, channels first);
 * the weight gradient moves 1.6 times as much. Source of both: MLPerf HPC DeepCAM step times on P100, V100, A100 and H100; no kernel table has them.
 */
import type { ComputeDevice, ConvolutionConstants, ConvolutionOptions, ConvolutionShape, ConvolutionTime, Pass } from "./convolution-types.ts";
import { countConvolutionFlop, multiplySizes } from "./convolution-shape.ts";

export const weightGradientTraffic = 1.6;

/** One channel per group on either side. With many channels on the other side the multiply-adds bind after all, at peak. */
export function isDepthwise({ groups, inChannels, outChannels }: ConvolutionShape): boolean {
  return groups > 1 && (groups === inChannels || groups === outChannels);
}

export function timeDepthwise(
  shape: ConvolutionShape,
  pass: Pass,
  device: ComputeDevice,
  constants: ConvolutionConstants,
  options: ConvolutionOptions,
): ConvolutionTime {
  const elements = shape.batch * (shape.inChannels * multiplySizes(shape.inSize) + shape.outChannels * multiplySizes(shape.outSize));
  const traffic = options.depthwiseTraffic * (pass === "weight-gradient" ? weightGradientTraffic : 1);
  const memory_s = (elements * (options.depthwiseElementBytes ?? options.bytesPerElement) * traffic) / (device.memory_bytes_per_s * constants.memoryEfficiency);
  const gemm_s = countConvolutionFlop(shape) / device.peak_flop_per_s;
  const launch_s = constants.launch_s;
  return {
    time_s: Math.max(memory_s, gemm_s) + launch_s,
    arithmetic_s: gemm_s,
    gemm_s,
    memory_s,
    limit: launch_s > memory_s && launch_s > gemm_s ? "launch" : gemm_s > memory_s ? "arithmetic" : "memory",
    algorithm: "depth-wise",
    copies_s: 0,
  };
}
