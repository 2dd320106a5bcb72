/**
 * Splits a step into terms that add up exactly. Work on the compute lane is summed by kind. What lies outside (sums of gradients, control plane, input) adds
 * only what other work does not hide: the step is scheduled again with one more kind of operation each time, and the difference is that kind's term.
 */
import { slowestLag } from "../variability/slowest.ts";
import { costAtScale, type LocalCosts, type Resources } from "../cost.ts";
import { Kind, kindNames, type Program } from "../program/types.ts";
import { scheduleStep } from "./analytic.ts";
import type { TermId } from "../prediction.ts";

export interface StepTerms {
  readonly step_s: number;
  /** The compute lane alone, without stragglers: the best step a device can show. */
  readonly alone_s: number;
  readonly added_s: Record<TermId, number>;
  readonly overlapped_s: Partial<Record<TermId, number>>;
  readonly lag: number;
}

const onDevice = new Set<number>([Kind.convolution, Kind.memory, Kind.optimizer, Kind.launch, Kind.normalisationExchange]);
const keepKinds = (extra: readonly number[]) => Uint8Array.from(kindNames, (name) => (onDevice.has(Kind[name]) || extra.includes(Kind[name]) ? 1 : 0));
const stages = {
  communication: keepKinds([Kind.allReduce]),
  control: keepKinds([Kind.allReduce, Kind.negotiate]),
  input: keepKinds([Kind.allReduce, Kind.negotiate, Kind.read, Kind.decode, Kind.copy]),
} as const;

/** Step time alone, for sampling and for the ends of intervals. */
export function stepTime(program: Program, resources: Resources, devices: number, local: LocalCosts): number {
  const time_s = costAtScale(program, resources, devices, local);
  return scheduleStep(program, time_s, stages.input, 1 + slowestLag(devices, resources.sigma, resources.tail));
}

export function stepTerms(program: Program, resources: Resources, devices: number, local: LocalCosts): StepTerms {
  const time_s = costAtScale(program, resources, devices, local);
  const lag = slowestLag(devices, resources.sigma, resources.tail);
  const sums = sumByKind(program, time_s, local);
  const alone_s = sums.ideal + (sums.kernel - sums.ideal) + sums.memory + sums.optimizer + sums.launch + sums.normalisation;
  const communicated_s = scheduleStep(program, time_s, stages.communication);
  const controlled_s = scheduleStep(program, time_s, stages.control);
  const fed_s = scheduleStep(program, time_s, stages.input);
  const step_s = scheduleStep(program, time_s, stages.input, 1 + lag);
  const communication = communicated_s - alone_s;
  const control = controlled_s - communicated_s;
  const input = fed_s - controlled_s;
  return {
    step_s,
    alone_s,
    lag,
    added_s: {
      "ideal-compute": sums.ideal,
      "kernel-inefficiency": sums.kernel - sums.ideal,
      "memory-bound": sums.memory,
      optimizer: sums.optimizer,
      launch: sums.launch,
      "normalisation-exchange": sums.normalisation,
      communication,
      "control-plane": control,
      input,
      stragglers: step_s - fed_s,
    },
    overlapped_s: {
      communication: Math.max(0, sums.allReduce - communication),
      "control-plane": Math.max(0, sums.negotiate - control),
      input: Math.max(0, Math.max(sums.read, sums.decode, sums.copy) - input),
    },
  };
}

function sumByKind(program: Program, time_s: Float64Array, local: LocalCosts) {
  const sums = { ideal: 0, kernel: 0, memory: 0, optimizer: 0, launch: 0, normalisation: 0, allReduce: 0, negotiate: 0, read: 0, decode: 0, copy: 0 };
  for (let index = 0; index < program.count; index++) {
    const time = time_s[index] ?? 0;
    const memory = local.memory_s[index] ?? 0;
    switch (program.kind[index]) {
      case Kind.convolution:
        sums.ideal += local.ideal_s[index] ?? 0;
        sums.kernel += time - memory;
        sums.memory += memory;
        break;
      case Kind.memory: sums.memory += time; break;
      case Kind.optimizer: sums.optimizer += time; break;
      case Kind.launch: sums.launch += time; break;
      case Kind.normalisationExchange: sums.normalisation += time; break;
      case Kind.allReduce: sums.allReduce += time; break;
      case Kind.negotiate: sums.negotiate += time; break;
      case Kind.read: sums.read += time; break;
      case Kind.decode: sums.decode += time; break;
      case Kind.copy: sums.copy += time; break;
      default:
    }
  }
  return sums;
}
