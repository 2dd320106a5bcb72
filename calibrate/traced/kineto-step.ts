/** One step of a Kineto trace as measured operations: of the device with most work, the step of median length without the first; the whole span where the trace names no steps. */
import type { TracedOperation } from "../../model/program/traced.ts";
import { numberOf } from "../readers/json.ts";
import { problemList } from "../readers/text.ts";
import { callOfAnnotation, callOfArguments, joinCalls, type CollectiveCall, type HostCall } from "../readers/traces/collective-calls.ts";
import { readFacts } from "../readers/traces/kineto.ts";
import { splitObjects } from "../readers/traces/split-objects.ts";
import { readTraceEvent } from "../readers/traces/trace-event.ts";
import { assumptionsOf, type Collected, type Collector } from "./trace-collector.ts";

interface DeviceEvent {
  readonly name: string;
  readonly work: TracedOperation["work"];
  readonly from_us: number;
  readonly time_us: number;
  readonly device: number;
  readonly stream: string;
  readonly externalId: number | undefined;
  readonly own: CollectiveCall | undefined;
}
interface Span {
  readonly name: string;
  readonly from_us: number;
  readonly to_us: number;
}

export function collectKinetoStep(): Collector<string> {
  const problems = problemList();
  const names = new Map<string, string>();
  const events: DeviceEvent[] = [];
  const spans: Span[] = [];
  const records: HostCall[] = [];
  const annotations: HostCall[] = [];
  /** One text for each name, not one for each event. */
  const intern = (name: string): string => {
    const known = names.get(name);
    if (known === undefined) names.set(name, name);
    return known ?? name;
  };
  const splitter = splitObjects("traceEvents", {
    element(text, line) {
      const event = readTraceEvent(text);
      if (event.kind === "device") {
        const { work, from_us, time_us, device, stream, fields } = event;
        const exchange = work === "communication";
        events.push({ name: intern(event.name), work: exchange || work === "compute" ? work : "copy", from_us, time_us, device, stream: intern(stream), externalId: exchange ? numberOf(fields["External id"]) : undefined, own: exchange ? callOfArguments(fields) : undefined });
      } else if (event.kind === "step") spans.push({ name: event.name, from_us: event.from_us, to_us: event.from_us + event.time_us });
      else if (event.kind === "collective") {
        const record = event.name === "record_param_comms";
        const call = record ? callOfArguments(event.fields) : callOfAnnotation(event.name, event.fields);
        if (call) (record ? records : annotations).push({ from_us: event.from_us, externalId: numberOf(event.fields["External id"]), call });
      } else if (event.kind === "broken") problems.add(line, text, event.expected);
    },
  });
  return {
    write: (piece) => splitter.write(piece),
    end(): Collected {
      const { finished, cutOff, rest } = splitter.end();
      if (!finished) problems.add(cutOff?.line ?? 0, cutOff?.text || "the file ends in the list of events", "a whole trace: in one that is cut off any step may lack work");
      if (events.length === 0) problems.add(0, "no work of a device", "a trace with kernels, not of the host alone");
      if (problems.list().length > 0) return { problems: problems.list() };
      const facts = readFacts(rest);
      const device = busiest(events);
      const own = events.filter((event) => event.device === device);
      const kernels = own.filter(({ work }) => work === "communication");
      const calls = joinCalls(kernels, records.length > 0 ? records : annotations);
      const joined = new Map(kernels.map((kernel, index) => [kernel, calls[index]]));
      const chosen = chooseSpan(spans, own);
      const operations = own.filter(({ from_us }) => from_us >= chosen.from_us && from_us < chosen.to_us).map((event): TracedOperation => {
        const { name, stream, work, from_us, time_us } = event;
        return { name, stream, work, start_s: (from_us - chosen.from_us) / 1e6, time_s: time_us / 1e6, collective: joined.get(event), after: undefined };
      });
      if (operations.length === 0) return { problems: [{ line: 0, got: `step ${chosen.name} without work of a device`, expected: "a step in which a device works" }] };
      const ranks = typeof facts["ranks"] === "number" ? facts["ranks"] : undefined;
      const assumed = [...(spans.length === 0 ? ["the trace names no steps: its whole span counts as one"] : []), ...assumptionsOf(operations, ranks)];
      return { collected: { step: { operations: operations, step_s: (chosen.to_us - chosen.from_us) / 1e6, ranks }, name: chosen.name, steps: spans.length, device: typeof facts["device"] === "string" ? facts["device"] : undefined, assumed }, problems: [] };
    },
  };
}

function busiest(events: readonly DeviceEvent[]): number {
  const sums = new Map<number, number>();
  for (const { device, time_us } of events) sums.set(device, (sums.get(device) ?? 0) + time_us);
  return [...sums].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

/** Median by length of the steps that hold work; the first is left out where there are more, as it warms up. */
function chooseSpan(spans: readonly Span[], events: readonly DeviceEvent[]): Span {
  const ends = events.reduce((most, { from_us, time_us }) => Math.max(most, from_us + time_us), Number.NEGATIVE_INFINITY);
  const begins = events.reduce((least, { from_us }) => Math.min(least, from_us), Number.POSITIVE_INFINITY);
  const ordered = spans.toSorted((a, b) => a.from_us - b.from_us);
  const working = (ordered.length > 2 ? ordered.slice(1) : ordered).filter(({ from_us, to_us }) => events.some((event) => event.from_us >= from_us && event.from_us < to_us));
  const sorted = working.toSorted((a, b) => a.to_us - a.from_us - (b.to_us - b.from_us));
  return sorted[(sorted.length - 1) >> 1] ?? { name: "the whole trace", from_us: begins, to_us: ends };
}
