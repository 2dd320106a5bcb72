/**
 * Chrome traces that PyTorch's profiler writes, of one rank. Device work is summed by name; collectives by operation and size, with the times of their kernels where the two can be joined; each profiled
 * step is split into compute, communication that compute hides and does not hide, copies, and time in which the device does nothing. Events are read one by one, so memory does not grow with the
 * file beyond two numbers per piece of device work.
 */
import { given, listOf, numberOf, objectOf, positive, textOf } from "../json.ts";
import type { Ask, ImportedRow, TextReader } from "../reader.ts";
import { emptyHead, guardRows, problemList } from "../text.ts";
import { callOfAnnotation, callOfArguments, joinCalls, type CollectiveCall, type CollectiveKernel, type HostCall } from "./collective-calls.ts";
import { splitObjects } from "./split-objects.ts";
import { createDeviceTime, type DeviceTime } from "./step-split.ts";
import { parseObject, readTraceEvent, type TraceEvent } from "./trace-event.ts";

interface Sum {
  readonly line: number;
  readonly case: ImportedRow["case"];
  count: number;
  total_s: number;
  least_s: number;
  most_s: number;
}

/** Distinct names beyond this are summed as one. */
const mostNames = 20_000;
/** Collectives beyond this are counted and not joined with their kernels. */
const mostCalls = 500_000;
const longestName = 500;

const hasEvents = /"traceEvents"\s*:\s*\[/;
const ofPyTorch = /"cat"\s*:\s*"(?:cpu_op|kernel|cuda_runtime|cuda_driver|Operator|Kernel|gpu_memcpy|user_annotation|python_function|ac2g|hip_runtime|xpu_runtime|Trace)"|"schemaVersion"\s*:/;
const ofAutograd = /^[\s\uFEFF]*\[\s*\{[^[]*"pid"\s*:\s*"(?:CPU|CUDA) functions"/;

export const kineto: TextReader = {
  id: "kineto",
  title: "PyTorch profiler (Kineto, Chrome trace): one rank",
  kind: "text",
  accepts: (text) => (hasEvents.test(text) && ofPyTorch.test(text)) || (ofAutograd.test(text) && /"ph"\s*:\s*"X"/.test(text)),
  start(_name, emit) {
    const guard = guardRows(emit);
    const problems = problemList();
    const sums = new Map<string, Sum>();
    const devices = new Map<number, DeviceTime>();
    const steps: Array<{ line: number; name: string; from_us: number; to_us: number }> = [];
    const kernels: Array<CollectiveKernel & { readonly line: number; readonly time_us: number }> = [];
    const records: Array<HostCall & { readonly line: number }> = [];
    const annotations: Array<HostCall & { readonly line: number }> = [];
    const counts = { events: 0, hostOperations: 0, notJoined: 0 };

    const addTime = (key: string, line: number, row: ImportedRow["case"], time_s: number): void => {
      const known = sums.get(key);
      const full = !known && sums.size >= mostNames;
      const sum = known ?? (full ? sums.get("others") : undefined) ?? { line, case: full ? { kind: "compute", name: "others" } : row, count: 0, total_s: 0, least_s: Number.POSITIVE_INFINITY, most_s: 0 };
      if (!known) sums.set(full ? "others" : key, sum);
      sum.count++;
      sum.total_s += time_s;
      sum.least_s = Math.min(sum.least_s, time_s);
      sum.most_s = Math.max(sum.most_s, time_s);
    };

    const takeDevice = (event: Extract<TraceEvent, { kind: "device" }>, line: number): void => {
      const { work, from_us, time_us, device, fields } = event;
      let time = devices.get(device);
      if (!time) devices.set(device, (time = createDeviceTime()));
      time.add(work, from_us, from_us + time_us);
      const name = work === "copy" ? event.name.replace(/\(.*$/, "").trim() : event.name.slice(0, longestName);
      addTime(`${work}\t${name}`, line, { kind: work, name }, time_us / 1e6);
      if (work !== "communication") return;
      if (kernels.length >= mostCalls) counts.notJoined++;
      else kernels.push({ line, from_us, time_us, name, externalId: numberOf(fields["External id"]), own: callOfArguments(fields) });
    };

    const takeCall = ({ name, from_us, fields }: Extract<TraceEvent, { kind: "collective" }>, line: number): void => {
      const record = name === "record_param_comms";
      const call = record ? callOfArguments(fields) : callOfAnnotation(name, fields);
      const list = record ? records : annotations;
      if (!call) return;
      if (list.length >= mostCalls) counts.notJoined++;
      else list.push({ line, from_us, externalId: numberOf(fields["External id"]), call });
    };

    const element = (text: string, line: number): void => {
      counts.events++;
      const event = readTraceEvent(text);
      if (event.kind === "device") takeDevice(event, line);
      else if (event.kind === "host") counts.hostOperations++;
      else if (event.kind === "step") steps.push({ line, name: event.name, from_us: event.from_us, to_us: event.from_us + event.time_us });
      else if (event.kind === "collective") {
        counts.hostOperations++;
        takeCall(event, line);
      } else if (event.kind === "broken") problems.add(line, text, event.expected);
    };

    const writeCollectives = (): void => {
      // Where records name the collectives, the library's annotations inside them would count each a second time.
      const calls = records.length > 0 ? records : annotations;
      const joined = joinCalls(kernels, calls);
      const timed = new Map<string, Sum>();
      const add = (call: CollectiveCall, line: number, time_s: number | undefined): void => {
        const row = given<string | number>({ operation: call.operation, bytes: call.bytes, elements: call.elements, type: call.type, groupSize: call.groupSize });
        const key = JSON.stringify(row);
        const sum = timed.get(key) ?? { line, case: row, count: 0, total_s: 0, least_s: Number.POSITIVE_INFINITY, most_s: 0 };
        timed.set(key, sum);
        sum.count++;
        if (time_s === undefined) return;
        sum.total_s += time_s;
        sum.least_s = Math.min(sum.least_s, time_s);
        sum.most_s = Math.max(sum.most_s, time_s);
      };
      const seen = new Set<CollectiveCall>();
      for (const [index, { line, time_us }] of kernels.entries()) {
        const call = joined[index];
        if (!call) continue;
        add(call, line, time_us / 1e6);
        seen.add(call);
      }
      // A kernel that names its collective stands for the call on the host as well.
      if (!kernels.some(({ own }) => own)) for (const { call, line } of calls) if (!seen.has(call)) add(call, line, undefined);
      for (const { line, case: row, count, total_s, least_s, most_s } of timed.values()) {
        guard.emit({ line, benchmark: "trace-collective", case: row, values: most_s > 0 ? { time_s: total_s / count, total_s, least_s, most_s, call_count: count } : { call_count: count } });
      }
    };

    /** Events are written by kind, not by time: a trace that is cut off lacks work in any of its steps. */
    const writeSteps = (whole: boolean): void => {
      const mark: Pick<ImportedRow, "marks"> = whole ? {} : { marks: ["incomplete"] };
      for (const [device, time] of devices) {
        const split = time.split();
        const where: ImportedRow["case"] = devices.size > 1 ? { device } : {};
        for (const { line, name, from_us, to_us } of steps) guard.emit({ line, benchmark: "trace-step", case: { step: name, ...where }, values: split(from_us, to_us), ...mark });
        const span = time.span();
        if (steps.length === 0 && span) guard.emit({ line: 1, benchmark: "trace-span", case: where, values: split(span.from_us, span.to_us), ...mark });
      }
      if (devices.size === 0) for (const { line, name, from_us, to_us } of steps) guard.emit({ line, benchmark: "trace-step", case: { step: name }, values: { time_s: (to_us - from_us) / 1e6 }, ...mark });
    };

    const splitter = splitObjects("traceEvents", { element });
    return {
      write: (piece) => splitter.write(piece),
      end() {
        const { found, finished, cutOff, rest } = splitter.end();
        if (!found) return { ...emptyHead, problems: [{ line: 1, got: "no traceEvents", expected: "a list of events" }] };
        if (!finished) problems.add(cutOff?.line ?? 0, cutOff?.text || "the file ends in the list of events", "the end of the list: the trace is cut off");
        for (const { line, case: row, count, total_s, least_s, most_s } of sums.values()) guard.emit({ line, benchmark: "trace-kernel", case: row, values: { time_s: total_s / count, total_s, least_s, most_s, call_count: count } });
        writeCollectives();
        writeSteps(finished);
        if (sums.size === 0 && steps.length === 0 && problems.list().length === 0) problems.add(1, `${counts.events} events`, "events of a device, or profiled steps");
        const facts = { ...given<string | number>({ events: counts.events, hostOperations: counts.hostOperations || undefined }), ...readFacts(rest) };
        const excluded = counts.notJoined > 0 ? [{ rule: `collectives beyond the first ${mostCalls}`, count: counts.notJoined }] : [];
        return guard.close({ facts, asks: asksOf(facts, steps.length), documents: [], excluded, problems: problems.list() });
      },
    };
  },
};

/** What stands beside the events. */
export function readFacts(rest: string): Record<string, string | number> {
  const document = parseObject(rest) ?? {};
  const group = objectOf(document["distributedInfo"]);
  const properties = listOf(document["deviceProperties"]);
  const base_ns = positive(document["baseTimeNanoseconds"]);
  return given<string | number>({
    rank: numberOf(group["rank"]),
    ranks: positive(group["world_size"]),
    backend: textOf(group["backend"]),
    ncclVersion: textOf(group["nccl_version"]),
    device: textOf(objectOf(properties[0])["name"]),
    devicesPerNode: properties.length > 0 ? properties.length : undefined,
    host: textOf(document["host_name"]),
    cudaRuntime: positive(document["cuda_runtime_version"]),
    baseTime_s: base_ns === undefined ? undefined : base_ns / 1e9,
  });
}

function asksOf(facts: Readonly<Record<string, string | number>>, steps: number): Ask[] {
  const asks: Ask[] = [];
  if (facts["ranks"] === undefined) asks.push({ key: "ranks", expected: "how many ranks the run had" });
  if (facts["device"] === undefined) asks.push({ key: "device", expected: "what computed" });
  if (steps === 0) asks.push({ key: "step", expected: "how many steps the trace holds: it names none" });
  return asks;
}
