/**
 * Scenario -> the plain SI numbers that costs need. Every fact of a document reaches the equations through this one file, so following a number from a
 * document to a result begins here. Values of fitted parameters come from `combineParameter`.
 */
import { asynchronyOf } from "./asynchrony/scheme.ts";
import { readConvolutionConstants } from "./compute/convolution-constants.ts";
import type { ComputeDevice, ConvolutionConstants } from "./compute/convolution-types.ts";
import { lookUpTime, makeOperationTable } from "./compute/operation-table.ts";
import { sizePointwise } from "./compute/operations.ts";
import type { HostTransfer, KernelModel, Resources } from "./cost/index.ts";
import { makeInput } from "./resolve/input.ts";
import { InputError, missingCalibration, missingKey } from "./problems.ts";
import { makeCollectiveTiming, type FoundCollectives } from "./resolve/collectives.ts";
import { combineParameter, type Parameter, type Protocol } from "./resolve/parameters.ts";
import type { Scenario } from "./scenario.ts";
import { isDeviceCalibration, isOperationsCalibration, type DeviceCalibration, type OperationsCalibration } from "./schema/calibration.ts";
import type { Device } from "./schema/device.ts";
import { elementBytes, type Precision } from "./schema/common.ts";
import type { DeviceSpread } from "./variability/spread.ts";

/** Kernels are calibrated in two precisions; the others take the constants of the one that runs on the same unit. */
export type KernelPrecision = "fp32" | "fp16";
export function kernelPrecision({ plan, device }: Pick<Scenario, "plan" | "device">): KernelPrecision {
  const half: Precision[] = ["fp16", "bf16", "fp8"];
  return half.includes(plan.precision) || (plan.precision === "tf32" && device.tensorCores.includes("tf32")) ? "fp16" : "fp32";
}

export interface Kernels {
  model: KernelModel;
  calibration: DeviceCalibration | OperationsCalibration;
  /** Standard error of the log of a whole network's kernel time, borrowed constants included. */
  standardError: number;
  borrowed: boolean;
}

/**
 * How the scenario's kernels are timed. First choice is a table of this stack's own operations on this device, then constants fitted to a kernel table of the
 * device, then a table of a library's operations, then the constants of the device that stands in for it.
 */
export function findKernels(scenario: Scenario): Kernels {
  const operations = scenario.calibrations.filter(isOperationsCalibration).filter(({ scope }) => scope.device === scenario.device.id && scope.precision === scenario.plan.precision);
  const own = operations.find(({ scope }) => scope.family === scenario.stack.family);
  if (own) return measuredKernels(own);
  const library = operations.find(({ scope }) => scope.family === undefined) ?? operations[0];
  const tiled = scenario.calibrations.filter(isDeviceCalibration).some(({ scope }) => scope.device === scenario.device.id && scope.precision === kernelPrecision(scenario));
  return library && !tiled ? measuredKernels(library) : tiledKernels(scenario);
}

function measuredKernels(calibration: OperationsCalibration): Kernels {
  return { model: { kind: "measured", table: makeOperationTable(calibration) }, calibration, standardError: calibration.commonError, borrowed: false };
}

/** Borrowed constants, and in their place what the device's own document says. */
function withOwnConstants(borrowed: ConvolutionConstants, like: Device["kernelsLike"]): ConvolutionConstants {
  const { launch, ...shares } = like?.constants ?? {};
  const own = Object.fromEntries(Object.entries(shares).flatMap(([name, fact]) => (fact === undefined ? [] : [[name, fact.value]])));
  return { ...borrowed, ...own, ...(launch === undefined ? {} : { launch_s: launch.value }) };
}

function tiledKernels(scenario: Scenario): Kernels {
  const precision = kernelPrecision(scenario);
  const tables = scenario.calibrations.filter(isDeviceCalibration);
  const of = (device: string) => tables.find(({ scope }) => scope.device === device && scope.precision === precision);
  const own = of(scenario.device.id);
  const like = scenario.device.kernelsLike;
  const calibration = own ?? (like ? of(like.device) : undefined);
  if (!calibration) {
    const missing = missingCalibration("plan.precision", scenario.device.id, scenario.plan.precision, tables.map(({ scope }) => `${scope.device} ${scope.precision}`));
    throw new InputError([{ ...missing, hint: `kernel constants say how fast a device runs each layer: fit them to its benchmarks in a calibration document, or name a device to borrow them from in devices/${scenario.device.id}: kernelsLike` }]);
  }
  const { constants: stored, missing } = readConvolutionConstants(calibration.parameters);
  if (missing.length > 0) throw new InputError(missing.map((name) => missingKey(`calibrations/${calibration.id}: parameters.${name}`, "a number above zero, or a quantity")));
  const scatter = Number(calibration.parameters["commonScatter"]?.value ?? 0);
  const borrowed = !own;
  const constants = borrowed ? withOwnConstants(stored, like) : stored;
  return { model: { kind: "tiled", constants }, calibration, standardError: Math.hypot(scatter, borrowed ? (like?.spread.value ?? 0) : 0), borrowed };
}

/** Parameters that calibration documents may inform, with their place in the stack document. */
export interface Parameters {
  convolutionFactor: Parameter;
  depthwiseTraffic: Parameter;
}
export type ParameterName = keyof Parameters;

export const parameterPath = (name: ParameterName, scenario: Scenario) =>
  name === "convolutionFactor" ? `stack.kernels.convolutionFactor.${kernelPrecision(scenario)}` : "stack.kernels.depthwiseTraffic";

export function combineParameters(scenario: Scenario, protocol: Protocol, kernels: Kernels): Parameters {
  const { kernels: stack } = scenario.stack;
  const precision = kernelPrecision(scenario);
  return {
    convolutionFactor: combineParameter(scenario, protocol, `kernels.convolutionFactor.${precision}`, `Convolution time of this stack over the device table, ${precision.toUpperCase()}`, stack.convolutionFactor[precision], kernels.standardError),
    depthwiseTraffic: combineParameter(scenario, protocol, "kernels.depthwiseTraffic", "Memory traffic of depth-wise convolutions over the ideal", stack.depthwiseTraffic, 0),
  };
}

/** What a table of measured operations knows besides operations; null where it does not. */
export interface MeasuredHost {
  /** Work of a step that belongs to no operation. */
  readonly step_s: number | null;
  /** To read one sample from memory and decode it, by one reader. */
  readonly decodeSample_s: number | null;
}

export function measuredHost(kernels: Kernels, gradientTensors: number, stored_bytes: number): MeasuredHost {
  const { model } = kernels;
  if (model.kind === "tiled") return { step_s: null, decodeSample_s: null };
  const read = (operation: string, elements: number) => lookUpTime(model.table, sizePointwise(operation, elements), "forward") ?? null;
  return { step_s: read("empty-step", gradientTensors), decodeSample_s: read("decode", stored_bytes) };
}

/** Bytes of one sample in its file. */
export const storedBytes = ({ workload }: Scenario, sample_bytes: number): number => workload.dataset.storedSample?.value ?? sample_bytes;

/** Each copy between host and device begins with one launch of the stack. */
function hostTransferOf({ machine, stack: { tensors, launch } }: Scenario): HostTransfer {
  const link = machine.node.hostLink.bandwidth.value;
  const paged = tensors?.kind === "cuda-managed";
  return { bytes_per_s: paged ? link * (tensors.migration?.value ?? 1) : link, piece_s: launch.operation.value + (launch.synchronous?.value ?? 0), fault_bytes: paged ? (tensors.faultGroup?.value ?? 0) : 0, fault_s: paged ? (tensors.fault?.value ?? 0) : 0 };
}

/** `otherTime`: time of a device of the other kind over that of the first, for the same work. */
export function spreadOf({ node, deviceSpread, slowDevices, slowNodes, otherDevices }: Scenario["machine"], otherTime = 1): DeviceSpread {
  return {
    sigma: deviceSpread.sigma.value,
    tail: deviceSpread.tail.value,
    jitter: deviceSpread.jitter?.value ?? 0,
    slowShare: slowDevices?.share.value ?? 0,
    slowdown: slowDevices?.slowdown.value ?? 1,
    slowNodes: slowNodes?.count?.value ?? 0,
    slowNodeShare: slowNodes?.share?.value ?? 0,
    nodeSlowdown: slowNodes?.slowdown.value ?? 1,
    devicesPerNode: node.devices.value,
    otherShare: otherDevices?.share.value ?? 0,
    otherTime,
    balanced: otherDevices?.balance === "proportional",
  };
}

/** `sample_bytes`: of one sample as the network reads it, with its label. */
export function makeResources(scenario: Scenario, host: MeasuredHost, values: Record<ParameterName, number>, sample_bytes: number, collectives: FoundCollectives | null): Resources {
  const { device, machine, plan, stack } = scenario;
  const { node, fabric } = machine;
  const precision = plan.precision;
  const peak = device.peaks[precision];
  if (!peak) throw new InputError([missingCalibration("plan.precision", device.id, precision, Object.entries(device.peaks).filter(([, value]) => value).map(([name]) => `${device.id} ${name}`))]);
  const tensorCores = device.tensorCores.includes(precision);
  const compute: ComputeDevice = {
    peak_flop_per_s: peak.value,
    memory_bytes_per_s: device.memory.bandwidth.value,
    multiprocessors: device.multiprocessors.value,
    l2_bytes: device.l2.value,
    memory_bytes: device.memory.capacity.value,
    ...(device.matrixUnit === undefined ? {} : { matrixUnit: device.matrixUnit.value }),
  };
  return {
    compute,
    convolution: {
      tensorCores,
      bytesPerElement: elementBytes[precision],
      layoutCopies: stack.kernels.layoutCopies && tensorCores,
      // A quarter of the memory is what frameworks let a convolution's workspace take before they fall back, where they set no limit of their own.
      winograd: stack.kernels.winograd === "on" ? { workspace_bytes: stack.kernels.workspace?.value ?? device.memory.capacity.value / 4 } : "off",
      spaceToBatch: stack.kernels.dilation === "space-to-batch",
      depthwiseTraffic: values.depthwiseTraffic,
      ...(stack.kernels.depthwiseBy === "elements" ? { depthwiseElementBytes: elementBytes.fp32 } : {}),
    },
    convolutionFactor: values.convolutionFactor,
    trafficFactor: stack.trafficFactor.value,
    memory_bytes_per_s: (device.memory.bandwidth.value * device.memory.efficiency.value) / stack.trafficFactor.value,
    timeSharing: node.timeSharing,
    memorySharing: node.memorySharing?.value ?? 1,
    productSharing: node.productSharing?.[precision]?.value ?? 1,
    optimizer: plan.optimizer,
    launchOperation_s: stack.launch.operation.value + (stack.launch.synchronous?.value ?? 0),
    launchStep_s: host.step_s ?? stack.launch.step.value,
    normalisationExchange_s: stack.synchronisedNormalisation.value,
    normalisationGroup: plan.batchNormalisationGroup,
    collectives: makeCollectiveTiming(machine, stack.collective, collectives),
    blockingCollectives: !stack.collective.overlap,
    sharedCore: node.sharedCore ? { communication_bytes_per_s: node.sharedCore.communication.value, processing_bytes_per_s: node.sharedCore.processing.value, blockingCall_s: node.sharedCore.blockingCall?.value ?? 0 } : null,
    controlPlane: {
      kind: stack.controlPlane.kind,
      radix: stack.controlPlane.radix,
      messageOverhead_s: fabric.messageOverhead.value,
      requestProcessing_s: stack.controlPlane.requestProcessing.value,
      messageLatency_s: fabric.latency.value,
    },
    cycle_s: stack.controlPlane.cycle.value,
    input: makeInput(scenario, host, sample_bytes),
    inputBeside: stack.input.place === "workers",
    devicesPerNode: node.devices.value,
    spread: spreadOf(machine),
    asynchrony: asynchronyOf(plan),
    denseFactor: stack.kernels.denseFactor?.value ?? values.convolutionFactor,
    hostTransfer: hostTransferOf(scenario),
  };
}
