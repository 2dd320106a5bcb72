/** What costs are computed from and what they answer. */
import type { Asynchrony } from "../asynchrony/scheme.ts";
import type { OperationTable } from "../compute/operation-table.ts";
import type { ComputeDevice, ConvolutionConstants, ConvolutionOptions } from "../compute/convolution-types.ts";
import type { InputSupply } from "../io/input.ts";
import type { ControlPlane } from "../network/control-plane.ts";
import type { CollectiveTiming } from "../network/library/index.ts";
import type { SharedCore } from "../network/shared-core.ts";
import type { DeviceSpread } from "../variability/spread.ts";

/** How single operations are timed: constants of the tiled model, or a table of measured times. */
export type KernelModel = { readonly kind: "tiled"; readonly constants: ConvolutionConstants } | { readonly kind: "measured"; readonly table: OperationTable };

/** All numbers of a scenario that costs need besides the kernel model, in SI; made by `resources`. */
export interface Resources {
  readonly compute: ComputeDevice;
  readonly convolution: ConvolutionOptions;
  /** This stack's convolution time over the calibrated library's. */
  readonly convolutionFactor: number;
  /** Time of point-wise work over that of the stack's traffic table, or of the measured table. */
  readonly trafficFactor: number;
  readonly memory_bytes_per_s: number;
  /** Ranks that take turns on one device: local work takes as many times as long. */
  readonly timeSharing: number;
  /** Time of memory-bound work while all devices work, over that of one alone. */
  readonly memorySharing: number;
  /** Time of products while all devices work, over that of one alone. */
  readonly productSharing: number;
  readonly optimizer: string;
  readonly launchOperation_s: number;
  readonly launchStep_s: number;
  readonly normalisationExchange_s: number;
  readonly normalisationGroup: number;
  readonly collectives: CollectiveTiming;
  /** Each collective is waited for before the next begins. */
  readonly blockingCollectives: boolean;
  readonly sharedCore: SharedCore | null;
  readonly controlPlane: ControlPlane;
  readonly cycle_s: number;
  readonly input: Omit<InputSupply, "nodes" | "devicesPerNode">;
  /** Whether workers prepare input beside training, so that a buffer stands between them and the step. */
  readonly inputBeside: boolean;
  readonly devicesPerNode: number;
  readonly spread: DeviceSpread;
  readonly asynchrony: Asynchrony;
  /** Of dense layers, as `convolutionFactor` of convolutions. */
  readonly denseFactor: number;
  readonly hostTransfer: HostTransfer;
}

/** How tensors come from one side to the other where host and device wait for it. */
export interface HostTransfer {
  readonly bytes_per_s: number;
  readonly piece_s: number;
  /** Bytes that one fault brings, and its time; 0 bytes where nothing moves by faults. */
  readonly fault_bytes: number;
  readonly fault_s: number;
}

/** Sums of local costs over a step, by kind of work. */
export interface LocalSums {
  ideal: number;
  kernel: number;
  memory: number;
  optimizer: number;
  launch: number;
}

/** Costs of the operations that every device does on its own, by operation. */
export interface LocalCosts {
  readonly time_s: Float64Array;
  /** Of `time_s`: useful operations at the datasheet peak; 0 where the operation is not a convolution. */
  readonly ideal_s: Float64Array;
  /** Of `time_s`: bound by memory traffic (point-wise work, layout copies, depth-wise convolutions). */
  readonly memory_s: Float64Array;
  /** Of `time_s`: what takes longer where devices share a memory and all of them work. */
  readonly shared_s: Float64Array;
  /** Of `time_s`: products, without their memory traffic. */
  readonly product_s: Float64Array;
  /** The same by operation of the folded program. */
  readonly folded: GivenTimes;
  readonly sums: LocalSums;
}

/** Times by operation of a program, and the parts of each that other devices at work make longer: where they share a memory, and where they share power. */
export interface GivenTimes {
  readonly time_s: Float64Array;
  readonly shared_s: Float64Array;
  readonly product_s: Float64Array;
}
