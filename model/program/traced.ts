/**
 * A measured step as a program: the operations of a trace in their order and on their streams, each with the time it took, so that only what ranks exchange is timed anew at another size. What a trace does
 * not say is taken as the order of events suggests:
 * - an exchange waits for the last computation that had ended when it began;
 * - an operation whose stream stood still until something on another stream ended waited for that;
 * - what is gathered is needed by the next computation that began after it, what is summed by the first one that began after all exchanges: the update;
 * - time in which a stream stood still for no such reason is the host's, and stays.
 * Operations of a trace that names its dependencies keep those. Left out: memory, other layouts than the trace's own, and what the input of another batch size would change.
 */
import { lanes, Kind, Lane, PassCode, type Program } from "./types.ts";
import { createWriter } from "./writer.ts";

export interface TracedCollective {
  readonly operation: string;
  /** As nccl-tests counts: of an all-gather what each holds at the end. */
  readonly bytes: number | undefined;
  readonly groupSize: number | undefined;
}
export interface TracedOperation {
  readonly name: string;
  readonly stream: string;
  readonly work: "compute" | "communication" | "copy";
  /** From the beginning of the step; undefined where only the order is known. */
  readonly start_s: number | undefined;
  readonly time_s: number;
  readonly collective: TracedCollective | undefined;
  /** Indices of earlier operations, where the trace names them. */
  readonly after: readonly number[] | undefined;
}
export interface TracedStep {
  readonly operations: readonly TracedOperation[];
  /** Measured, from the beginning of the step to that of the next. */
  readonly step_s: number;
  readonly ranks: number | undefined;
}
export interface TracedProgram {
  readonly program: Program;
  /** Before each operation, of no exchange: kept as it was. */
  readonly pause_s: Float64Array;
  /** As measured. */
  readonly time_s: Float64Array;
  /** From the end of the last operation to the end of the step. */
  readonly tail_s: number;
  readonly collectives: ReadonlyArray<TracedCollective | undefined>;
}

/** In order of their beginning; those without one as they stand. */
export function buildTraced({ operations, step_s }: TracedStep): TracedProgram {
  const order = operations.every(({ start_s }) => start_s !== undefined) ? [...operations.keys()].toSorted((a, b) => startOf(operations, a) - startOf(operations, b) || a - b) : orderByDependencies(operations);
  const place = new Map(order.map((index, at) => [index, at]));
  const ordered = order.map((index) => operations[index] as TracedOperation);
  const laneOf = assignLanes(ordered);
  const writer = createWriter();
  const pause_s = new Float64Array(ordered.length);
  const last = new Map<string, number>();
  const waits = ordered.some(({ after }) => after !== undefined) ? undefined : inferWaits(ordered);
  for (const [at, one] of ordered.entries()) {
    const named = (one.after ?? []).flatMap((index) => place.get(index) ?? []).filter((earlier) => earlier < at);
    const after = [...new Set([...named, ...(waits?.[at] ?? [])])];
    const before = last.get(one.stream);
    if (one.start_s !== undefined) {
      const ready = Math.max(0, ...[...after, ...(before === undefined ? [] : [before])].map((index) => endOf(ordered, index)));
      pause_s[at] = Math.max(0, one.start_s - ready);
    }
    writer.add({ kind: one.work === "communication" ? Kind.allReduce : Kind.memory, lane: laneOf.get(one.stream) ?? 0, pass: PassCode.none, bytes: one.collective?.bytes ?? 0, after });
    last.set(one.stream, at);
  }
  const end_s = ordered.reduce((most, _, at) => Math.max(most, endOf(ordered, at)), 0);
  return { program: writer.pack([], 1), pause_s, time_s: Float64Array.from(ordered, ({ time_s }) => time_s), tail_s: Math.max(0, step_s - end_s), collectives: ordered.map(({ collective }) => collective) };
}

const startOf = (operations: readonly TracedOperation[], index: number): number => operations[index]?.start_s ?? 0;
const endOf = (operations: readonly TracedOperation[], index: number): number => startOf(operations, index) + (operations[index]?.time_s ?? 0);

/** Each operation behind those it depends on, else as they stand; a circle is cut where it begins. */
function orderByDependencies(operations: readonly TracedOperation[]): number[] {
  const order: number[] = [];
  const state = new Uint8Array(operations.length);
  for (const first of operations.keys()) {
    const path = [first];
    while (path.length > 0) {
      const index = path.at(-1) as number;
      const open = state[index] === 0 ? (operations[index]?.after ?? []).filter((earlier) => state[earlier] === 0) : [];
      if (state[index] === 0) state[index] = 1;
      if (open.length > 0) path.push(...open);
      else {
        path.pop();
        if (state[index] === 1) order.push(index);
        state[index] = 2;
      }
    }
  }
  return order;
}

/** Streams as lanes: the one that computes most is the compute lane; the others follow those that have names. */
function assignLanes(operations: readonly TracedOperation[]): Map<string, number> {
  const busy = new Map<string, number>();
  for (const { stream, work, time_s } of operations) busy.set(stream, (busy.get(stream) ?? 0) + (work === "compute" ? time_s : 0));
  const streams = [...busy.entries()].toSorted(([, a], [, b]) => b - a).map(([stream]) => stream);
  const most = 255 - lanes.length;
  return new Map(streams.map((stream, index) => [stream, index === 0 ? Lane.compute : lanes.length + Math.min(index - 1, most)]));
}

const gathers = new Set(["all-gather", "broadcast", "all-to-all", "send-recv", "gather", "scatter"]);

/** What each operation waited for on other streams. */
function inferWaits(operations: readonly TracedOperation[]): number[][] {
  const waits: number[][] = operations.map(() => []);
  const lastOfStream = new Map<string, number>();
  const byEnd = [...operations.keys()].toSorted((a, b) => endOf(operations, a) - endOf(operations, b));
  const exchanges = [...operations.keys()].filter((index) => operations[index]?.work === "communication");
  const exchanged_s = exchanges.reduce((most, index) => Math.max(most, endOf(operations, index)), 0);
  let ended = 0;
  /** Gathered, and not yet waited for. */
  let pending: number[] = [];
  let lastCompute = -1;
  /** By stream, what ended last up to now. */
  const latest = new Map<string, number>();
  let updates = exchanges.length === 0;
  for (const [at, one] of operations.entries()) {
    const start = one.start_s ?? 0;
    // What has ended when this begins; rounding of the clock apart.
    for (; ended < byEnd.length && endOf(operations, byEnd[ended] as number) <= start + clock_s; ended++) {
      const index = byEnd[ended] as number;
      if (index >= at) continue;
      const other = operations[index] as TracedOperation;
      latest.set(other.stream, index);
      if (other.work === "compute") lastCompute = index;
      if (other.work === "communication" && gathers.has(other.collective?.operation ?? "")) pending.push(index);
    }
    const own = waits[at] as number[];
    const before = lastOfStream.get(one.stream);
    const free = before === undefined ? 0 : endOf(operations, before);
    if (one.work === "communication") {
      if (lastCompute >= 0) own.push(lastCompute);
    } else {
      for (const [stream, index] of latest) if (stream !== one.stream && endOf(operations, index) > free && start - free > clock_s) own.push(index);
      if (one.work === "compute") {
        own.push(...pending);
        pending = [];
        if (!updates && start + clock_s >= exchanged_s) {
          own.push(...exchanges.filter((index) => index < at));
          updates = true;
        }
      }
    }
    lastOfStream.set(one.stream, at);
  }
  return waits;
}

/** Two events closer than this are at the same time: traces of older versions have whole microseconds. */
const clock_s = 1e-6;
