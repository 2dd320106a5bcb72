/** A simulated step in the trace event format that Perfetto and chrome://tracing open: a process for each rank, a thread for each lane, times in microseconds. */
import { lanes } from "../program/types.ts";
import type { Simulation } from "./simulation.ts";

export interface TraceEvent {
  readonly name: string;
  readonly cat?: string;
  readonly ph: "X" | "M";
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, string | number>>;
}

export interface ChromeTrace {
  readonly displayTimeUnit: "ms";
  readonly otherData: Readonly<Record<string, string | number>>;
  readonly traceEvents: readonly TraceEvent[];
}

export function chromeTrace({ scenario, devices, seed, recorded, records, path }: Simulation): ChromeTrace {
  const onPath = new Set(path.map(({ rank, operation }) => `${rank} ${operation}`));
  const traceEvents = records.flatMap(({ rank, slowdown, operations }): TraceEvent[] => {
    const used = lanes.filter((lane) => operations.some((operation) => operation.lane === lane));
    return [
      { name: "process_name", ph: "M", pid: rank, tid: 0, args: { name: `rank ${rank}, ${slowdown.toFixed(4)} x the mean time` } },
      ...used.map((lane): TraceEvent => ({ name: "thread_name", ph: "M", pid: rank, tid: lanes.indexOf(lane), args: { name: lane } })),
      ...operations.map(({ name, kind, lane, start_s, begin_s, end_s, bytes, flop }, operation): TraceEvent => ({
        name, cat: kind, ph: "X", pid: rank, tid: lanes.indexOf(lane), ts: start_s * 1e6, dur: (end_s - start_s) * 1e6,
        args: { ...(bytes > 0 ? { bytes } : {}), ...(flop > 0 ? { flop } : {}), ...(begin_s > start_s ? { waits_us: (begin_s - start_s) * 1e6 } : {}), ...(onPath.has(`${rank} ${operation}`) ? { criticalPath: "yes" } : {}) },
      })),
    ];
  });
  return { displayTimeUnit: "ms", otherData: { simulated: 1, run: scenario.run ?? `${scenario.machine} ${scenario.workload}`, devices, seed, draw: recorded.draw }, traceEvents };
}
