/** Costs of the operations that every device does on its own: they do not depend on the number of devices, so a scaling curve computes them once. */
import { foldProgram } from "../program/fold.ts";
import { Kind, type Program } from "../program/types.ts";
import { cachedShare } from "../compute/cached-traffic.ts";
import { pointwiseElements } from "../program/pointwise.ts";
import { layerOf } from "./shape.ts";
import { costPointwiseMeasured, costProductMeasured } from "./measured.ts";
import { costProductTiled } from "./tiled.ts";
import type { HostTransfer, KernelModel, LocalCosts, LocalSums, Resources } from "./types.ts";

export function costLocal(program: Program, resources: Resources, kernels: KernelModel): LocalCosts {
  const { count } = program;
  const { timeSharing } = resources;
  const costs = { time_s: new Float64Array(count), ideal_s: new Float64Array(count), memory_s: new Float64Array(count) };
  for (let index = 0; index < count; index++) {
    switch (program.kind[index]) {
      case Kind.convolution: {
        const { time_s, memory_s } = kernels.kind === "tiled" ? costProductTiled(program, index, resources, kernels.constants) : costProductMeasured(program, index, resources, kernels.table);
        costs.time_s[index] = time_s * timeSharing;
        costs.memory_s[index] = memory_s * timeSharing;
        costs.ideal_s[index] = Math.min((program.flop[index] ?? 0) / resources.compute.peak_flop_per_s, time_s);
        break;
      }
      case Kind.memory:
      case Kind.accumulate:
      case Kind.bucketCopy:
      case Kind.optimizer:
        costs.time_s[index] = costPointwise(program, index, resources, kernels) * timeSharing;
        if (program.kind[index] !== Kind.optimizer) costs.memory_s[index] = costs.time_s[index] ?? 0;
        break;
      case Kind.compress:
      case Kind.dividedUpdate:
        costs.time_s[index] = ((program.bytes[index] ?? 0) / resources.memory_bytes_per_s) * timeSharing;
        break;
      case Kind.hostTransfer:
        costs.time_s[index] = costHostTransfer(resources.hostTransfer, program.bytes[index] ?? 0, program.number[index] ?? 0) * timeSharing;
        break;
      case Kind.launch:
        costs.time_s[index] = (resources.launchStep_s + (program.number[index] ?? 0) * resources.launchOperation_s) * timeSharing;
        break;
      default:
    }
  }
  const shared_s = costs.memory_s.slice();
  for (let index = 0; index < count; index++) if (program.kind[index] === Kind.optimizer) shared_s[index] = costs.time_s[index] ?? 0;
  const product_s = costs.time_s.map((time, index) => (program.kind[index] === Kind.convolution ? time - (costs.memory_s[index] as number) : 0));
  return { ...costs, shared_s, product_s, folded: { time_s: foldTimes(program, costs.time_s), shared_s: foldTimes(program, shared_s), product_s: foldTimes(program, product_s) }, sums: sumLocal(program, costs) };
}

function costPointwise(program: Program, index: number, resources: Resources, kernels: KernelModel): number {
  const measured_s = kernels.kind === "measured" ? costPointwiseMeasured(program, index, resources, kernels.table) : undefined;
  return measured_s === undefined ? ((program.bytes[index] ?? 0) * inCache(program, index, resources)) / resources.memory_bytes_per_s : measured_s * resources.trafficFactor;
}

/** Layers work on what the layer before them has just written: its tensor and their own are the working set. Gradients and weights were last touched a pass ago. */
function inCache(program: Program, index: number, { compute, convolution }: Resources): number {
  if (program.kind[index] !== Kind.memory) return 1;
  const tensor_bytes = pointwiseElements(layerOf(program, index)) * program.samplesPerDevice * convolution.bytesPerElement;
  return cachedShare(2 * tensor_bytes, compute.l2_bytes);
}

function costHostTransfer({ bytes_per_s, piece_s, fault_bytes, fault_s }: HostTransfer, bytes: number, pieces: number): number {
  const faults = fault_bytes > 0 ? Math.max(pieces, Math.ceil(bytes / fault_bytes)) : 0;
  return bytes / bytes_per_s + pieces * piece_s + faults * fault_s;
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
      case Kind.memory:
      case Kind.accumulate: sums.memory += time; break;
      case Kind.optimizer: sums.optimizer += time; break;
      case Kind.hostTransfer:
      case Kind.launch: sums.launch += time; break;
      default:
    }
  }
  return sums;
}
