/**
 * A traced step on another machine and at other sizes, in data-parallel layouts: measured compute, exchanges by the model, the trace's order and overlap. The slowest of n devices stretches what is computed,
 * as in every prediction. Intervals: parameters of collectives at the ends of their errors, each alone; compute is as measured, and how it differs on another device is not in them.
 */
import { costTraced, isTimed } from "../cost/traced.ts";
import { schedule } from "../engine/analytic.ts";
import type { Estimate } from "../prediction.ts";
import { InputError, tooManyDevices, unknownName, type Problem } from "../problems.ts";
import { buildTraced, type TracedStep } from "../program/traced.ts";
import { collectivePath, findCollectives, makeCollectiveTiming, withCollective, type FoundCollectives } from "../resolve/collectives.ts";
import { z95 } from "../resolve/parameters.ts";
import type { Library } from "../scenario.ts";
import type { Calibration } from "../schema/calibration.ts";
import type { Machine } from "../schema/machine.ts";
import { parseDocument } from "../schema/parse.ts";
import type { CollectiveLibraryId } from "../schema/stack-collective.ts";
import { addEffect, noSpread, toEstimate } from "../uncertainty/interval.ts";
import { spreadOf } from "../resources.ts";
import { slowestOf } from "../variability/spread.ts";
import { wholeCount } from "./devices.ts";
import { requireFinite } from "./finite.ts";

export interface TracedPoint {
  readonly devices: number;
  readonly nodes: number;
  readonly stepTime_s: Estimate;
  /** Of the compute stream, the slowest device's. */
  readonly compute_s: number;
  readonly exchange_s: number;
  /** What exchanges add to the step. */
  readonly exposed_s: number;
  /** Step of one device without any exchange over this one. */
  readonly efficiency: number;
}
export interface TracedPrediction {
  readonly machine: { readonly id: string; readonly title: string; readonly device: string };
  readonly library: string;
  /** The trace's own step, measured and as the program replays it with its own times. */
  readonly traced: { readonly ranks: number | null; readonly measured_s: number | null; readonly replayed_s: number; readonly operations: number; readonly exchanges: number; readonly timedExchanges: number };
  readonly points: readonly TracedPoint[];
}
export type SafeTraced = { readonly prediction: TracedPrediction; readonly problems: readonly [] } | { readonly prediction?: undefined; readonly problems: readonly Problem[] };

export interface TracedChoice {
  readonly machine: string;
  readonly library: CollectiveLibraryId;
  readonly devices: readonly number[] | undefined;
}

export function predictTraced(documents: Library, step: TracedStep, choice: TracedChoice): SafeTraced {
  const raw = documents.documents.machine[choice.machine];
  if (raw === undefined) return { problems: [unknownName("--machine", "machine", choice.machine, Object.keys(documents.documents.machine))] };
  const parsed = parseDocument("machine", raw, `machines/${choice.machine}`);
  if (!parsed.document) return { problems: parsed.problems };
  const machine = parsed.document;
  const read = Object.entries(documents.documents.calibration).map(([id, value]) => parseDocument("calibration", value, `calibrations/${id}`));
  const calibrations = read.flatMap(({ document }) => document ?? []);
  const most = machine.node.devices.value * machine.nodes.value;
  const wanted = choice.devices ?? scalesOf(machine.node.devices.value, most);
  const problems = [...read.flatMap((one) => one.problems), ...wanted.flatMap((count) => [...wholeCount(count), ...(count > most ? [tooManyDevices("--gpus", count, most, machine.title)] : [])])];
  if (problems.length > 0) return { problems };
  try {
    return { prediction: predictOn(machine, calibrations, step, choice.library, wanted), problems: [] };
  } catch (error) {
    if (error instanceof InputError) return { problems: error.problems };
    throw error;
  }
}

function scalesOf(perNode: number, most: number): number[] {
  const counts: number[] = [];
  for (let count = perNode; count < most && counts.length < 5; count *= 4) counts.push(count);
  return counts.length > 0 ? counts : [most];
}

function predictOn(machine: Machine, calibrations: readonly Calibration[], step: TracedStep, library: CollectiveLibraryId, wanted: readonly number[]): TracedPrediction {
  const traced = buildTraced(step);
  const found = findCollectives(machine, calibrations, library);
  const perNode = machine.node.devices.value;
  const withParameters = (one: FoundCollectives | null) => makeCollectiveTiming(machine, { library, algorithm: "auto" }, one);
  const timing = withParameters(found);
  const spread = spreadOf(machine);
  const longerAt = (devices: number): number => slowestOf(spread, devices);
  const stepAt = (one: typeof timing, devices: number): number => schedule(traced.program, costTraced(traced, one, step.ranks, devices, longerAt(devices))).step_s + traced.tail_s;
  const variants = (found?.parameters ?? []).filter(({ standardError }) => standardError > 0).map((parameter) => {
    const at = (sign: number) => withParameters(found && withCollective(found, collectivePath(parameter), parameter.value * Math.exp(sign * z95 * parameter.standardError)));
    return { low: at(-1), high: at(1) };
  });
  const points = wanted.map((devices): TracedPoint => {
    const time_s = costTraced(traced, timing, step.ranks, devices, longerAt(devices));
    const value = stepAt(timing, devices);
    const spread = noSpread();
    for (const { low, high } of variants) addEffect(spread, stepAt(low, devices), stepAt(high, devices), value);
    const exchanges = [...time_s.keys()].filter((index) => traced.collectives[index] !== undefined);
    const withoutExchange = (times: Float64Array): number => {
      for (const index of exchanges) times[index] = 0;
      return schedule(traced.program, times).step_s + traced.tail_s;
    };
    const alone_s = withoutExchange(time_s.slice());
    const ideal_s = withoutExchange(costTraced(traced, timing, step.ranks, devices, 1));
    const sum = (of: (index: number) => boolean): number => time_s.reduce((total, one, index) => (of(index) ? total + one - (traced.pause_s[index] as number) : total), 0);
    return {
      devices,
      nodes: Math.ceil(devices / perNode),
      stepTime_s: toEstimate(value, spread),
      compute_s: sum((index) => traced.collectives[index] === undefined && traced.program.lane[index] === 0),
      exchange_s: sum((index) => traced.collectives[index] !== undefined),
      exposed_s: Math.max(0, value - alone_s),
      efficiency: value > 0 ? Math.min(1, ideal_s / value) : 0,
    };
  });
  requireFinite(points, "points");
  const own_s = traced.time_s.map((time, index) => time + (traced.pause_s[index] as number));
  return {
    machine: { id: machine.id, title: machine.title, device: machine.node.device },
    library,
    traced: {
      ranks: step.ranks ?? null,
      measured_s: step.step_s > 0 ? step.step_s : null,
      replayed_s: schedule(traced.program, own_s).step_s + traced.tail_s,
      operations: traced.program.count,
      exchanges: traced.collectives.filter((call) => call !== undefined).length,
      timedExchanges: traced.collectives.filter(isTimed).length,
    },
    points,
  };
}
