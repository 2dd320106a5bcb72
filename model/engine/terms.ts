/**
 * Splits a step into terms that add up exactly. Work on the compute lane is summed by kind. What lies outside (sums of gradients, control plane, input) adds
 * only what other work does not hide: the step is scheduled again with one more kind of operation each time, and the difference is that kind's term.
 */
import { waitAt } from "../asynchrony/waiting.ts";
import { costAtScale, inputWaitAt, memorySharingAt, productSharingAt, serverFloorAt, sharedRatesAt, type LocalCosts, type Resources } from "../cost/index.ts";
import { foldProgram } from "../program/fold.ts";
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

const onDevice = new Set<number>([Kind.convolution, Kind.memory, Kind.optimizer, Kind.launch, Kind.normalisationExchange, Kind.accumulate, Kind.hostTransfer, Kind.dividedUpdate]);
const keepKinds = (extra: readonly number[]) => Uint8Array.from(kindNames, (name) => (onDevice.has(Kind[name]) || extra.includes(Kind[name]) ? 1 : 0));
const communicating = [Kind.allReduce, Kind.bucketCopy, Kind.exchange, Kind.compress, Kind.broadcast, Kind.classExchange];
const stages = {
  communication: keepKinds(communicating),
  control: keepKinds([...communicating, Kind.negotiate, Kind.answer]),
  all: keepKinds([...communicating, Kind.negotiate, Kind.answer, Kind.read, Kind.decode, Kind.copy]),
} as const;

/** Step time alone, for sampling and for the ends of intervals. */
export function stepTime(program: Program, resources: Resources, devices: number, local: LocalCosts): number {
  const { program: folded } = foldProgram(program);
  const time_s = costAtScale(folded, resources, devices, local.folded);
  const slowest = waitAt(resources.asynchrony, resources.spread, devices);
  const rates = sharedRatesAt(resources, devices);
  const floor_s = serverFloorAt(folded, resources, devices);
  const timed = (keep: Uint8Array) => Math.max(floor_s, scheduleStep(folded, time_s, keep, slowest, rates));
  return timed(stages.all) + inputWait(resources, devices, () => timed(stages.control));
}

export function stepTerms(program: Program, resources: Resources, devices: number, local: LocalCosts): StepTerms {
  const { program: folded } = foldProgram(program);
  const time_s = costAtScale(folded, resources, devices, local.folded);
  const lag = waitAt(resources.asynchrony, resources.spread, devices) - 1;
  const floor_s = serverFloorAt(folded, resources, devices);
  const { sums } = local;
  const away = sumAway(folded, time_s);
  const sharing = memorySharingAt(resources, devices);
  const memory = sums.memory * sharing;
  const optimizer = sums.optimizer * sharing + away.update;
  const kernel = sums.kernel * productSharingAt(resources, devices);
  const alone_s = kernel + memory + optimizer + sums.launch + away.normalisation;
  const rates = sharedRatesAt(resources, devices);
  // Servers that have too many groups to serve hold every step back, whatever it is made of.
  const timed = (keep: Uint8Array, stretch: number) => Math.max(floor_s, scheduleStep(folded, time_s, keep, stretch, rates));
  const communicated_s = timed(stages.communication, 1);
  const controlled_s = timed(stages.control, 1);
  const fed_s = timed(stages.all, 1) + inputWait(resources, devices, () => controlled_s);
  const step_s = timed(stages.all, 1 + lag) + inputWait(resources, devices, () => timed(stages.control, 1 + lag));
  // Two sums of the same numbers in another order differ in the last digit; that is no time.
  const difference = (more_s: number, less_s: number) => (Math.abs(more_s - less_s) < 1e-12 * alone_s ? 0 : more_s - less_s);
  const communication = difference(communicated_s, alone_s);
  const control = difference(controlled_s, communicated_s);
  const input = difference(fed_s, controlled_s);
  return {
    step_s,
    alone_s,
    lag,
    added_s: {
      "ideal-compute": sums.ideal,
      "kernel-inefficiency": difference(kernel, sums.ideal),
      "memory-bound": memory,
      optimizer,
      launch: sums.launch,
      "normalisation-exchange": away.normalisation,
      communication,
      "control-plane": control,
      input,
      stragglers: difference(step_s, fed_s),
    },
    overlapped_s: {
      communication: Math.max(0, difference(away.allReduce, communication)),
      "control-plane": Math.max(0, away.control - control),
      input: Math.max(0, Math.max(away.read, away.decode, away.copy) - input),
    },
  };
}

/** What a buffer of input that varies adds; the step without input is asked for only where there is such a buffer. */
const inputWait = (resources: Resources, devices: number, demand_s: () => number): number => (resources.inputBeside && resources.input.prefetch !== null ? inputWaitAt(resources, devices, demand_s()) : 0);

/** Sums over the operations whose cost depends on the number of devices. */
function sumAway(program: Program, time_s: Float64Array) {
  const sums = { normalisation: 0, update: 0, allReduce: 0, control: 0, read: 0, decode: 0, copy: 0 };
  for (let index = 0; index < program.count; index++) {
    const time = time_s[index] as number;
    switch (program.kind[index]) {
      case Kind.normalisationExchange: sums.normalisation += time; break;
      case Kind.dividedUpdate: sums.update += time; break;
      case Kind.classExchange:
      case Kind.allReduce:
      case Kind.exchange:
      case Kind.broadcast:
      case Kind.compress:
      case Kind.bucketCopy: sums.allReduce += time; break;
      case Kind.negotiate:
      case Kind.answer: sums.control += time; break;
      case Kind.read: sums.read += time; break;
      case Kind.decode: sums.decode += time; break;
      case Kind.copy: sums.copy += time; break;
      default:
    }
  }
  return sums;
}
