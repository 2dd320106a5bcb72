/** Local work by the tiled kernel model: constants fitted to a table of kernels, and the stack's traffic table for everything point-wise. */
import { timeConvolution } from "../compute/convolution.ts";
import type { ConvolutionConstants, Pass } from "../compute/convolution-types.ts";
import { passNames, type Program } from "../program/types.ts";
import { convolutionShape, layerOf } from "./shape.ts";
import type { Resources } from "./types.ts";

export interface ProductCost {
  readonly time_s: number;
  /** Of it, bound by memory traffic. */
  readonly memory_s: number;
}

export function costProductTiled(program: Program, index: number, resources: Resources, constants: ConvolutionConstants): ProductCost {
  const pass = passNames[program.pass[index] ?? 0] as Pass;
  const time = timeConvolution(convolutionShape(program, index), pass, resources.compute, constants, resources.convolution);
  const depthwise = time.algorithm === "depth-wise";
  const kernel = depthwise ? time.time_s : time.time_s * (layerOf(program, index).kind === "dense" ? resources.denseFactor : resources.convolutionFactor);
  const ideal = (program.flop[index] ?? 0) / resources.compute.peak_flop_per_s;
  return { time_s: kernel + time.copies_s, memory_s: (depthwise ? kernel - Math.min(ideal, kernel) : 0) + time.copies_s };
}
