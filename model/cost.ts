/**
 * What one operation costs on one machine: the place where compute, memory, network and io meet. Both interpreters call this and differ only in scheduling
 * and sharing. Costs that do not depend on the number of devices are kept apart, so that a scaling curve computes them once.
 */
import { timeConvolution } from "./compute/convolution.ts";
import type { ComputeDevice, ConvolutionConstants, ConvolutionOptions, ConvolutionShape, Pass } from "./compute/convolution-types.ts";
import { inputTimes, type InputSupply } from "./io/input.ts";
import { collectiveAlgorithms, type CollectiveId, type CollectiveNetwork, type CollectiveTime } from "./network/collectives/index.ts";
import { negotiationTime, type ControlPlane } from "./network/control-plane.ts";
import { foldProgram } from "./program/fold.ts";
import { Kind, passNames, type Program } from "./program/types.ts";
import type { Layer } from "./workload/layer.ts";

/** All numbers of a scenario that costs need, in SI; made by `resources`. */
export interface Resources {
  readonly compute: ComputeDevice;
  readonly constants: ConvolutionConstants;
  readonly convolution: ConvolutionOptions;
  /** This stack's convolution time over the calibrated library's. */
  readonly convolutionFactor: number;
  readonly memory_bytes_per_s: number;
  readonly launchOperation_s: number;
  readonly launchStep_s: number;
  readonly normalisationExchange_s: number;
  readonly normalisationGroup: number;
  readonly algorithm: CollectiveId;
  readonly network: Omit<CollectiveNetwork, "nodes" | "devicesPerNode">;
  readonly controlPlane: ControlPlane;
  readonly cycle_s: number;
  readonly input: Omit<InputSupply, "nodes" | "devicesPerNode">;
  readonly devicesPerNode: number;
  readonly sigma: number;
  readonly tail: number;
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
  /** `time_s` by operation of the folded program. */
  readonly folded_s: Float64Array;
  readonly sums: LocalSums;
}

export function costLocal(program: Program, resources: Resources): LocalCosts {
  const { count } = program;
  const costs = { time_s: new Float64Array(count), ideal_s: new Float64Array(count), memory_s: new Float64Array(count) };
  for (let index = 0; index < count; index++) {
    switch (program.kind[index]) {
      case Kind.convolution:
        costConvolution(program, index, resources, costs);
        break;
      case Kind.memory:
      case Kind.optimizer:
        costs.time_s[index] = (program.bytes[index] ?? 0) / resources.memory_bytes_per_s;
        if (program.kind[index] === Kind.memory) costs.memory_s[index] = costs.time_s[index] ?? 0;
        break;
      case Kind.launch:
        costs.time_s[index] = resources.launchStep_s + (program.number[index] ?? 0) * resources.launchOperation_s;
        break;
      default:
    }
  }
  return { ...costs, folded_s: foldTimes(program, costs.time_s), sums: sumLocal(program, costs) };
}

function foldTimes(program: Program, time_s: Float64Array): Float64Array {
  const { program: folded, of } = foldProgram(program);
  const folded_s = new Float64Array(folded.count);
  for (let index = 0; index < time_s.length; index++) folded_s[of[index] as number] = (folded_s[of[index] as number] as number) + (time_s[index] as number);
  return folded_s;
}

function sumLocal(program: Program, { time_s, ideal_s, memory_s }: Pick<LocalCosts, "time_s" | "ideal_s" | "memory_s">): LocalSums {
  const sums: LocalSums = { ideal: 0, kernel: 0, memory: 0, optimizer: 0, launch: 0 };
  for (let index = 0; index < program.count; index++) {
    const time = time_s[index] as number;
    switch (program.kind[index]) {
      case Kind.convolution:
        sums.ideal += ideal_s[index] as number;
        sums.kernel += time - (memory_s[index] as number);
        sums.memory += memory_s[index] as number;
        break;
      case Kind.memory: sums.memory += time; break;
      case Kind.optimizer: sums.optimizer += time; break;
      case Kind.launch: sums.launch += time; break;
      default:
    }
  }
  return sums;
}

export function convolutionShape(layer: Layer, samples: number): ConvolutionShape {
  const { inChannels, outChannels, inSize, outSize, kernel, stride, dilation, groups } = layer;
  return { batch: samples, inChannels, outChannels, inSize, outSize, kernel, stride, dilation, groups, transposed: layer.kind === "transposed-convolution" };
}

function costConvolution(program: Program, index: number, resources: Resources, costs: { time_s: Float64Array; ideal_s: Float64Array; memory_s: Float64Array }): void {
  const layer = program.layers[program.layer[index] ?? -1];
  if (!layer) throw new Error(`operation ${index} is a convolution without a layer`);
  const pass = passNames[program.pass[index] ?? 0] as Pass;
  const time = timeConvolution(convolutionShape(layer, program.samplesPerDevice), pass, resources.compute, resources.constants, resources.convolution);
  const ideal = (program.flop[index] ?? 0) / resources.compute.peak_flop_per_s;
  const depthwise = time.algorithm === "depth-wise";
  const kernel = depthwise ? time.time_s : time.time_s * resources.convolutionFactor;
  costs.time_s[index] = kernel + time.copies_s;
  costs.ideal_s[index] = Math.min(ideal, kernel);
  costs.memory_s[index] = (depthwise ? kernel - Math.min(ideal, kernel) : 0) + time.copies_s;
}

export function networkAt(resources: Resources, devices: number): CollectiveNetwork {
  const devicesPerNode = Math.min(devices, resources.devicesPerNode);
  return { ...resources.network, devicesPerNode, nodes: Math.ceil(devices / devicesPerNode) };
}

export function costAllReduce(bytes: number, resources: Resources, devices: number): CollectiveTime {
  return collectiveAlgorithms[resources.algorithm].allReduce(bytes, networkAt(resources, devices));
}

/** Costs of a program, folded or not: those given, and those that depend on how many devices take part. */
export function costAtScale(program: Program, resources: Resources, devices: number, given_s: Float64Array): Float64Array {
  const time_s = given_s.slice();
  const network = networkAt(resources, devices);
  const { devicesPerNode, nodes } = network;
  const { allReduce } = collectiveAlgorithms[resources.algorithm];
  const input = inputTimes({ ...resources.input, devicesPerNode, nodes });
  const negotiation = negotiationTime(resources.controlPlane, devices);
  for (let index = 0; index < program.count; index++) {
    switch (program.kind[index]) {
      case Kind.negotiate:
        time_s[index] = negotiation.perTensor_s * (program.number[index] ?? 0);
        break;
      case Kind.answer:
        // On average half a pause passes before a round picks the last request up.
        time_s[index] = devices <= 1 ? 0 : negotiation.perBuffer_s + negotiation.roundTrip_s + resources.cycle_s / 2;
        break;
      case Kind.allReduce:
        time_s[index] = allReduce(program.bytes[index] ?? 0, network).time_s;
        break;
      case Kind.normalisationExchange:
        time_s[index] = Math.min(devices, resources.normalisationGroup) > 1 ? resources.normalisationExchange_s * (program.number[index] ?? 0) : 0;
        break;
      case Kind.read:
        time_s[index] = input.read_s;
        break;
      case Kind.decode:
        time_s[index] = input.decode_s;
        break;
      case Kind.copy:
        time_s[index] = input.copy_s;
        break;
      default:
    }
  }
  return time_s;
}
