/**
 * Every pass of every micro-batch on every device of a pipeline: an item begins when its device is free and what it needs has arrived. Orders are fixed (orders.ts), so the
 * times follow by going through the lists; nothing is estimated. Weight gradients of zero-bubble schedules run where the device would wait at least as long, when too
 * many wait, and at the end. Left out: links that messages share.
 */
import type { PipelineSchedule } from "../../../plan/layout.ts";
import { InputError, wrongValue } from "../../../problems.ts";
import { hasOrder, Item, orderOf, type Order } from "./orders.ts";

export interface PipelineWork {
  readonly schedule: PipelineSchedule;
  /** Devices of one pipeline. */
  readonly stages: number;
  readonly virtualStages: number;
  readonly microBatches: number;
  /** Seconds of one micro-batch by stage of the model, pieces counted (piece * stages + device): stages * virtualStages numbers each. */
  readonly forward_s: Float64Array;
  readonly data_s: Float64Array;
  readonly weight_s: Float64Array;
  /** From one stage to the next, beside compute. */
  readonly message_s: number;
}

export const passNames = ["forward", "backward", "data-gradient", "weight-gradient", "forward-and-backward"] as const;

/** One row per item, in the order in which they were timed. */
export interface PipelineTimeline {
  readonly makespan_s: number;
  readonly count: number;
  readonly device: Uint16Array;
  /** Index into `passNames`. */
  readonly pass: Uint8Array;
  readonly micro: Int32Array;
  readonly stage: Int32Array;
  readonly start_s: Float64Array;
  readonly end_s: Float64Array;
  /** By device. */
  readonly busy_s: Float64Array;
}

interface Device {
  order: Order;
  next: number;
  free_s: number;
  /** Stages and micro-batches whose weight gradients wait. */
  waiting: Array<{ micro: number; stage: number }>;
}

interface Run extends PipelineWork {
  forwardEnd_s: Float64Array;
  backwardEnd_s: Float64Array;
  timeline: { count: number; device: Uint16Array; pass: Uint8Array; micro: Int32Array; stage: Int32Array; start_s: Float64Array; end_s: Float64Array; busy_s: Float64Array };
}

export function simulatePipeline(work: PipelineWork): PipelineTimeline {
  const { schedule, stages, virtualStages, microBatches } = work;
  if (!hasOrder(schedule, stages, virtualStages, microBatches)) throw new InputError([{ ...wrongValue("plan.schedule", schedule, `an order of passes for ${stages} stages of ${virtualStages} parts and ${microBatches} micro-batches`, orderNeeds), code: "wrong-layout" }]);
  const devices = Array.from({ length: stages }, (_, device): Device => ({ order: orderOf(schedule, stages, virtualStages, microBatches, device), next: 0, free_s: 0, waiting: [] }));
  const rows = devices.reduce((sum, { order }) => sum + 2 * order.item.length, 0);
  const cells = stages * virtualStages * microBatches;
  const run: Run = {
    ...work,
    forwardEnd_s: new Float64Array(cells).fill(-1),
    backwardEnd_s: new Float64Array(cells).fill(-1),
    timeline: { count: 0, device: new Uint16Array(rows), pass: new Uint8Array(rows), micro: new Int32Array(rows), stage: new Int32Array(rows), start_s: new Float64Array(rows), end_s: new Float64Array(rows), busy_s: new Float64Array(stages) },
  };
  let moved = true;
  while (moved) {
    moved = false;
    for (let device = 0; device < stages; device++) while (advance(run, devices[device] as Device, device)) moved = true;
  }
  let makespan_s = 0;
  devices.forEach((state, device) => {
    if (state.next < state.order.item.length) throw new Error(`pipeline stands still: device ${device} at item ${state.next} of ${schedule}, ${stages} stages, ${virtualStages} pieces, ${microBatches} micro-batches`);
    while (state.waiting.length > 0) runWeight(run, state, device);
    makespan_s = Math.max(makespan_s, state.free_s);
  });
  const { timeline } = run;
  return { makespan_s, ...timeline };
}

const orderNeeds = "interleaved takes micro-batches in multiples of the stages, dualpipe an even number of stages with twice as many micro-batches at least; stages of several parts run interleaved";

/** Times the next item of a device; false where what it needs is not timed yet. */
function advance(run: Run, state: Device, device: number): boolean {
  const { order } = state;
  if (state.next >= order.item.length) return false;
  const item = order.item[state.next] as number;
  const micro = order.micro[state.next] as number;
  const stage = order.stage[state.next] as number;
  if (item === Item.weight) {
    runWeight(run, state, device);
    state.next++;
    return true;
  }
  let ready_s = item === Item.forward || item === Item.both ? forwardReady(run, micro, stage) : backwardReady(run, micro, stage);
  if (item === Item.both) {
    const other_s = backwardReady(run, order.otherMicro[state.next] as number, order.otherStage[state.next] as number);
    ready_s = ready_s < 0 || other_s < 0 ? -1 : Math.max(ready_s, other_s);
  }
  if (ready_s < 0) return false;
  fillGap(run, state, device, ready_s);
  runItem(run, state, device, item, micro, stage, Math.max(ready_s, state.free_s));
  state.next++;
  return true;
}

function runItem(run: Run, state: Device, device: number, item: number, micro: number, stage: number, start_s: number): void {
  const { order } = state;
  const f = run.forward_s[stage] as number;
  const b = run.data_s[stage] as number;
  const w = run.weight_s[stage] as number;
  let end_s = start_s;
  if (item === Item.both) {
    const otherMicro = order.otherMicro[state.next] as number;
    const otherStage = order.otherStage[state.next] as number;
    end_s += f + (run.data_s[otherStage] as number) + (run.weight_s[otherStage] as number);
    run.backwardEnd_s[cellOf(run, otherMicro, otherStage)] = end_s;
  } else end_s += item === Item.forward ? f : item === Item.data ? b : b + w;
  if (item === Item.forward || item === Item.both) run.forwardEnd_s[cellOf(run, micro, stage)] = end_s;
  else run.backwardEnd_s[cellOf(run, micro, stage)] = end_s;
  record(run, device, item, micro, stage, start_s, end_s);
  state.free_s = end_s;
  if (item !== Item.data) return;
  state.waiting.push({ micro, stage });
  if (order.waiting >= 0 && state.waiting.length > order.waiting) runWeight(run, state, device);
}

/** Weight gradients that fit in before the device can go on. */
function fillGap(run: Run, state: Device, device: number, ready_s: number): void {
  if (state.order.waiting < 0) return;
  for (;;) {
    const first = state.waiting[0];
    if (first === undefined || state.free_s + (run.weight_s[first.stage] as number) > ready_s * (1 + 1e-12)) return;
    runWeight(run, state, device);
  }
}

function runWeight(run: Run, state: Device, device: number): void {
  const first = state.waiting.shift();
  if (first === undefined) return;
  const end_s = state.free_s + (run.weight_s[first.stage] as number);
  record(run, device, Item.weight, first.micro, first.stage, state.free_s, end_s);
  state.free_s = end_s;
}

function record({ timeline }: Run, device: number, pass: number, micro: number, stage: number, start_s: number, end_s: number): void {
  const row = timeline.count++;
  timeline.device[row] = device;
  timeline.pass[row] = pass;
  timeline.micro[row] = micro;
  timeline.stage[row] = stage;
  timeline.start_s[row] = start_s;
  timeline.end_s[row] = end_s;
  timeline.busy_s[device] = (timeline.busy_s[device] as number) + end_s - start_s;
}

const cellOf = ({ stages, virtualStages }: PipelineWork, micro: number, stage: number): number => micro * stages * virtualStages + stage;

function forwardReady(run: Run, micro: number, stage: number): number {
  if (stage === 0) return 0;
  const before = run.forwardEnd_s[cellOf(run, micro, stage - 1)] as number;
  return before < 0 ? -1 : before + (run.stages > 1 ? run.message_s : 0);
}

function backwardReady(run: Run, micro: number, stage: number): number {
  const own = run.forwardEnd_s[cellOf(run, micro, stage)] as number;
  if (own < 0 || stage === run.stages * run.virtualStages - 1) return own;
  const after = run.backwardEnd_s[cellOf(run, micro, stage + 1)] as number;
  return after < 0 ? -1 : after + (run.stages > 1 ? run.message_s : 0);
}
