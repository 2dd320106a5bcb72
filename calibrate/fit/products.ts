/**
 * Checks convolution constants against the dense matrix products of the same sheet, which the fit never sees: a product is a dense layer's forward pass.
 * Libraries handle the two with different kernels, so this bounds how far the constants may be carried.
 */
import { timeConvolution } from "../../model/compute/convolution.ts";
import type { ConvolutionConstants } from "../../model/compute/convolution.ts";
import type { ConvolutionSetup } from "./convolution.ts";
import { summariseErrors } from "./errors.ts";
import type { ErrorSummary } from "./errors.ts";

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly time_s: number;
}

export function checkProducts(products: readonly Product[], constants: ConvolutionConstants, setup: ConvolutionSetup): ErrorSummary {
  return summariseErrors(
    products.map(({ m, n, k, time_s }) => {
      const shape = { batch: n, inChannels: k, outChannels: m, inSize: [1], outSize: [1], kernel: [1], stride: 1, dilation: 1, groups: 1, transposed: false };
      return { predicted: timeConvolution(shape, "forward", setup.device, constants, setup.options).time_s, measured: time_s };
    }),
  );
}
