/**
 * What the convolution time model takes and gives, as plain data.
 * Constants are fitted per device and precision from tables of single kernels (calibrate/fit/convolution.ts); options belong to the software stack.
 */

export type Pass = "forward" | "data-gradient" | "weight-gradient";

export interface ConvolutionShape {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Spatial sizes, [height, width] or [depth, height, width]; [1] for a dense layer. */
  readonly inSize: readonly number[];
  readonly outSize: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: number;
  /** Dilated taps are read in place, or on a batch of phases (ConvolutionOptions), whose copies are operations of their own. */
  readonly dilation: number;
  /** 1 for a full convolution, inChannels for a depth-wise one. */
  readonly groups: number;
  readonly transposed: boolean;
}

export interface ComputeDevice {
  /** Datasheet rate of the unit that runs the products: FP32 pipes or FP16 tensor cores. */
  readonly peak_flop_per_s: number;
  readonly memory_bytes_per_s: number;
  readonly multiprocessors: number;
  readonly l2_bytes: number;
  readonly memory_bytes: number;
  /** Rows and columns of one matrix unit that whole products are cut to. Left out: tiles of any size of a library's menu. */
  readonly matrixUnit?: number;
}

export interface ConvolutionConstants {
  /** Share of peak that the largest tile reaches on an endless inner dimension. Above 1 it stands for algorithms that multiply less. */
  readonly ceilingForward: number;
  readonly ceilingDataGradient: number;
  readonly ceilingWeightGradient: number;
  /** Inner-dimension steps lost to filling and draining a tile's pipeline. */
  readonly kRamp: number;
  /** How fast small tiles lose to operand traffic: 0 makes all tiles equal. */
  readonly tileTraffic: number;
  readonly launch_s: number;
  /** Share of the datasheet memory bandwidth that a kernel sustains. */
  readonly memoryEfficiency: number;
  /** Work of a strided data gradient over the useful work, where the inner dimension is deep. */
  readonly stridedDataGradient: number;
  /** Inner dimension of one phase at which a strided data gradient wastes half of the full grid on top of that. */
  readonly stridedDataGradientDepth: number;
  /** Extra passes over the input gradient of a strided data gradient. */
  readonly stridedDataGradientPasses: number;
  /** Slow-down of weight gradients with few channels: this x sqrt(4096 / (in x out channels)) is added to 1. */
  readonly smallWeightGradient: number;
  /** Slow-down of weight gradients with few taps, which share no input between them: this / taps is added to 1. */
  readonly pointwiseWeightGradient: number;
  /** Share of peak that the batched products of Winograd's algorithm reach. */
  readonly winogradCeiling: number;
  /** Passes over the transformed operands, as a multiple of writing and reading each once. */
  readonly winogradTransform: number;
  /** Extra kernel launches of Winograd's algorithm, in launches. */
  readonly winogradLaunches: number;
  /** Tensor cores only: share of peak left when a channel count is not a multiple of 8. */
  readonly unalignedPeakFactor: number;
  /** Tensor cores only: share of the layout copies (2 x (in + out)) that a stack with copies pays. */
  readonly layoutCopy: number;
}

export interface WinogradOptions {
  /** Transformed operands beyond this size (or the device's memory) rule the algorithm out. */
  readonly workspace_bytes: number;
  /** Taps of the largest filter the library has it for: 3 by default, 5 from cuDNN 7 on. */
  readonly largestFilter?: number;
}

export interface ConvolutionOptions {
  readonly tensorCores: boolean;
  readonly bytesPerElement: number;
  /** True where the framework keeps channels first and the library turns operands around for the tensor cores. */
  readonly layoutCopies: boolean;
  readonly winograd: "off" | WinogradOptions;
  /** True where dilated convolutions run as plain ones on a batch of phases, padded to the dilation. */
  readonly spaceToBatch?: boolean;
  /** Memory traffic of depth-wise kernels over the ideal (in + out); 1 is a kernel that reads everything once. */
  readonly depthwiseTraffic: number;
  /** Bytes that one element counts for in depth-wise kernels; its own where left out. */
  readonly depthwiseElementBytes?: number;
}

export interface ConvolutionTime {
  /** Kernel and launch, without the layout copies. */
  readonly time_s: number;
  /** The multiply-adds of the definition at the datasheet peak, whatever the algorithm saves. */
  readonly arithmetic_s: number;
  /** The matrix products alone. */
  readonly gemm_s: number;
  /** The operands' traffic alone; with Winograd, the transforms. */
  readonly memory_s: number;
  readonly limit: "arithmetic" | "memory" | "launch";
  readonly algorithm: "implicit-gemm" | "winograd" | "depth-wise";
  /** Layout copies are memory operations of their own: add them to time_s to compare with a measured call. 0 where the stack has none. */
  readonly copies_s: number;
}
