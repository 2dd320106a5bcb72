/**
 * Scenario -> the plain SI numbers that costs need. Every fact of a document reaches the equations through this one file, so following a number from a
 * document to a result begins here. Values of fitted parameters come from `combineParameter`.
 */
import { readConvolutionConstants } from "./compute/convolution-constants.ts";
import type { ComputeDevice, ConvolutionConstants } from "./compute/convolution-types.ts";
import type { Resources } from "./cost.ts";
import { InputError, missingCalibration, missingKey } from "./problems.ts";
import { combineParameter, type Parameter, type Protocol } from "./resolve/parameters.ts";
import type { Scenario } from "./scenario.ts";
import { isDeviceCalibration, type DeviceCalibration } from "./schema/calibration.ts";
import { elementBytes, type Precision } from "./schema/common.ts";

/** Kernels are calibrated in two precisions; the others take the constants of the one that runs on the same unit. */
export type KernelPrecision = "fp32" | "fp16";
export function kernelPrecision({ plan, device }: Pick<Scenario, "plan" | "device">): KernelPrecision {
  const half: Precision[] = ["fp16", "bf16", "fp8"];
  return half.includes(plan.precision) || (plan.precision === "tf32" && device.tensorCores.includes("tf32")) ? "fp16" : "fp32";
}

export interface Kernels {
  constants: ConvolutionConstants;
  calibration: DeviceCalibration;
  /** Standard error of the log of a whole network's kernel time, borrowed constants included. */
  standardError: number;
  borrowed: boolean;
}

/** The kernel constants of the scenario's device, or of the device that stands in for it. */
export function findKernels(scenario: Scenario): Kernels {
  const precision = kernelPrecision(scenario);
  const tables = scenario.calibrations.filter(isDeviceCalibration);
  const of = (device: string) => tables.find(({ scope }) => scope.device === device && scope.precision === precision);
  const own = of(scenario.device.id);
  const like = scenario.device.kernelsLike;
  const calibration = own ?? (like ? of(like.device) : undefined);
  if (!calibration) {
    throw new InputError([missingCalibration("plan.precision", scenario.device.id, scenario.plan.precision, tables.map(({ scope }) => `${scope.device} ${scope.precision}`))]);
  }
  const { constants, missing } = readConvolutionConstants(calibration.parameters);
  if (missing.length > 0) throw new InputError(missing.map((name) => missingKey(`calibrations/${calibration.id}: parameters.${name}`, "a number above zero, or a quantity")));
  const scatter = Number(calibration.parameters["commonScatter"]?.value ?? 0);
  const borrowed = !own;
  return { constants, calibration, standardError: Math.hypot(scatter, borrowed ? (like?.spread.value ?? 0) : 0), borrowed };
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

/** `sample_bytes`: of one sample as stored. */
export function makeResources(scenario: Scenario, kernels: Kernels, values: Record<ParameterName, number>, sample_bytes: number): Resources {
  const { device, machine, plan, stack } = scenario;
  const { node, fabric, fileSystem, deviceSpread } = machine;
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
  };
  const staged = plan.staging.mode !== "none" && node.localStorage !== undefined;
  return {
    compute,
    constants: kernels.constants,
    convolution: {
      tensorCores,
      bytesPerElement: elementBytes[precision],
      layoutCopies: stack.kernels.layoutCopies && tensorCores,
      // A quarter of the memory is what frameworks let a convolution's workspace take before they fall back.
      winograd: stack.kernels.winograd === "on" ? { workspace_bytes: device.memory.capacity.value / 4 } : "off",
      depthwiseTraffic: values.depthwiseTraffic,
    },
    convolutionFactor: values.convolutionFactor,
    memory_bytes_per_s: (device.memory.bandwidth.value * device.memory.efficiency.value) / stack.trafficFactor.value,
    launchOperation_s: stack.launch.operation.value,
    launchStep_s: stack.launch.step.value,
    normalisationExchange_s: stack.synchronisedNormalisation.value,
    normalisationGroup: plan.batchNormalisationGroup,
    algorithm: stack.collective.algorithm,
    network: {
      nodeLink_bytes_per_s: node.deviceLink?.bandwidth.value ?? Number.POSITIVE_INFINITY,
      nodeLinkLatency_s: node.deviceLink?.latency.value ?? 0,
      fabric_bytes_per_s: node.injection.value * fabric.efficiency.value,
      fabricLatency_s: fabric.latency.value,
      leaderShare: Math.min(1, Math.min(stack.collective.leaders, node.devices.value) * stack.collective.leaderBandwidthShare.value),
    },
    controlPlane: {
      kind: stack.controlPlane.kind,
      radix: stack.controlPlane.radix,
      messageOverhead_s: fabric.messageOverhead.value,
      requestProcessing_s: stack.controlPlane.requestProcessing.value,
      messageLatency_s: fabric.latency.value,
    },
    cycle_s: stack.controlPlane.cycle.value,
    input: {
      sample_bytes,
      deviceSample_bytes: sample_bytes,
      samplesPerDevice: plan.samplesPerDevice,
      localRead_bytes_per_s: staged ? (node.localStorage?.read.value ?? null) : null,
      fileSystemRead_bytes_per_s: fileSystem.read.value,
      fileSystemNodeRead_bytes_per_s: fileSystem.nodeRead.value,
      workersPerDevice: stack.input.workersPerDevice,
      workerRead_bytes_per_s: stack.input.workerRead.value,
      hostLink_bytes_per_s: node.hostLink.bandwidth.value,
    },
    devicesPerNode: node.devices.value,
    sigma: deviceSpread.sigma.value,
    tail: deviceSpread.tail.value,
  };
}
