/**
 * Input of a step by events: every device's pipeline prepares batches one after another, each in a drawn time (log-normal), holds at most so many of them, and the step goes
 * on when the last device has its batch. The closed form of the analytic step is model/io/queue.ts. Other jobs leave a drawn share of the storage: one draw for a whole
 * run of steps, log-normal through the fact's median and range, at most all of it.
 */
import { inputAt, inputQueueAt, type Resources } from "../cost/index.ts";
import type { InputQueue } from "../io/queue.ts";
import { z95 } from "../normal.ts";
import { Kind, type Program } from "../program/types.ts";
import { homeOf } from "../resolve/input.ts";
import type { Scenario } from "../scenario.ts";
import { drawNormal, seededRandom, type Random } from "../variability/draw.ts";

/** Mean time between steps, once the buffers have settled. */
export function sampleCycle({ supply_s, spread, depth }: InputQueue, demand_s: number, devices: number, steps: number, random: Random): number {
  if (depth === null || spread <= 0) return Math.max(supply_s, demand_s);
  const sigma = Math.sqrt(Math.log1p(spread * spread));
  const ready_s = new Float64Array(devices);
  const taken_s = new Float64Array(steps);
  const settled = Math.min(steps - 2, Math.max(2 * depth, Math.floor(steps / 5)));
  for (let step = 0; step < steps; step++) {
    // A place becomes free when the batch that is `depth` before this one is taken.
    const free_s = step >= depth ? (taken_s[step - depth] as number) : 0;
    let all_s = step > 0 ? (taken_s[step - 1] as number) + demand_s : 0;
    for (let device = 0; device < devices; device++) {
      const own_s = Math.max(ready_s[device] as number, free_s) + supply_s * Math.exp(sigma * drawNormal(random) - (sigma * sigma) / 2);
      ready_s[device] = own_s;
      if (own_s > all_s) all_s = own_s;
    }
    taken_s[step] = all_s;
  }
  return ((taken_s[steps - 1] as number) - (taken_s[settled] as number)) / (steps - 1 - settled);
}

/** Steps for a number of devices, so that a draw takes about a million pieces. */
export const stepsFor = (devices: number): number => Math.max(40, Math.min(2000, Math.floor(1e6 / devices)));

export interface Share {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** What other jobs leave, drawn once a job; the value itself where no range is known. */
export function drawAvailable({ value, low, high }: Share, random: Random): number {
  if (low === undefined || high === undefined || !(low > 0)) return value;
  const deviate = drawNormal(random);
  const end = deviate < 0 ? low : high;
  return Math.min(1, value * Math.exp((Math.abs(deviate) / z95) * Math.log(end / value)));
}

export interface InputTask {
  readonly scenario: Scenario;
  readonly resources: Resources;
  readonly devices: number;
  readonly seed: number;
}

/** The range of what other jobs leave of the storage that is read while training; null where it is not known or not read. */
function sharedRange({ scenario, resources, devices }: InputTask): Share | null {
  const available = homeOf(scenario).available;
  return available !== undefined && available.low !== undefined && inputAt(resources, devices).shares.shared > 0 ? available : null;
}

/** Whether anything of the input is drawn. */
export function drawsInput(task: InputTask): boolean {
  const queue = inputQueueAt(task.resources, task.devices);
  return queue !== null && ((queue.depth !== null && queue.spread > 0) || sharedRange(task) !== null);
}

/** The step of one draw, by its step without input. */
export function drawInput(task: InputTask, draw: number, demand_s: number): number {
  const { resources, devices, seed } = task;
  const random = seededRandom(seed ^ (draw * 6151 + 29));
  const range = sharedRange(task);
  const { home } = resources.input;
  const drawn = range === null ? resources : { ...resources, input: { ...resources.input, home: { ...home, available: drawAvailable(range, random) } } };
  return sampleCycle(inputQueueAt(drawn, devices) as InputQueue, demand_s, devices, stepsFor(devices), random);
}

/** Costs of a program whose input is there at once. */
export const withoutInput = ({ kind }: Program, time_s: Float64Array): Float64Array => time_s.map((time, index) => (kind[index] === Kind.read || kind[index] === Kind.decode || kind[index] === Kind.copy ? 0 : time));
