/**
 * One event of a Chrome trace of PyTorch, looked at as cheaply as can be: most events are calls of the host, which are counted by their category and not parsed. Eras: the autograd profiler (a bare
 * array, "CPU functions" and "CUDA functions" as processes), Kineto with capital categories (Kernel, Operator, Memcpy), Kineto with small ones. Times are microseconds; since 2024 `ts` counts from
 * the document's baseTimeNanoseconds, which changes no difference.
 */
import { numberOf, objectOf, textOf, type Json } from "../json.ts";
import { isAnnotation } from "./collective-calls.ts";

export type DeviceWork = "compute" | "communication" | "copy" | "set";

export type TraceEvent =
  | { readonly kind: "device"; readonly work: DeviceWork; readonly name: string; readonly from_us: number; readonly time_us: number; readonly device: number; readonly stream: string; readonly fields: Readonly<Record<string, Json>> }
  | { readonly kind: "step"; readonly name: string; readonly from_us: number; readonly time_us: number }
  /** A collective's own record, or a library's annotation. */
  | { readonly kind: "collective"; readonly name: string; readonly from_us: number; readonly fields: Readonly<Record<string, Json>> }
  /** One stream waits for what another one has recorded. */
  | { readonly kind: "wait"; readonly from_us: number; readonly fields: Readonly<Record<string, Json>> }
  | { readonly kind: "host" | "other" }
  | { readonly kind: "broken"; readonly expected: string };

const deviceCategories = new Set(["kernel", "gpu_memcpy", "gpu_memset", "Kernel", "Memcpy", "Memset", "gpu_op", "concurrent_kernel"]);
const hostCategories = new Set(["cpu_op", "Operator", "python_function"]);
/** Kernels of communication libraries, and those of inference engines that replace them inside a node. */
const communication = /^(?:void )?(?:nccl|rccl|cncl|mscclpp|oneccl|deep_ep|nvshmem)|nccl(?:Dev)?Kernel|cross_device_reduce|all_?reduce_kernel|allreduce_fusion_kernel|multimem_all_?(?:reduce|gather)/i;
const categoryOf = /"cat"\s*:\s*"([^"]*)"/;
const [host, other]: readonly [TraceEvent, TraceEvent] = [{ kind: "host" }, { kind: "other" }];

export function readTraceEvent(text: string): TraceEvent {
  const category = categoryOf.exec(text)?.[1] ?? "";
  if (deviceCategories.has(category)) return readDevice(text, category);
  if (category === "" && text.includes('"CUDA functions"')) return readDevice(text, "Kernel");
  if (category === "cuda_sync") return text.includes("Stream Wait Event") ? readWait(text) : other;
  if (hostCategories.has(category) || category === "user_annotation" || category === "gpu_user_annotation" || category === "Trace" || category === "") return readHost(text, category);
  return other;
}

function readDevice(text: string, category: string): TraceEvent {
  if (!text.includes('"dur"')) return other;
  const event = parseObject(text);
  if (!event) return { kind: "broken", expected: "an event" };
  const name = textOf(event["name"]) ?? "";
  const fields = objectOf(event["args"]);
  const [from_us, time_us] = [numberOf(event["ts"]), numberOf(event["dur"])];
  if (from_us === undefined || time_us === undefined || time_us < 0) return { kind: "broken", expected: "an event with a time and a duration" };
  const work = /memcpy/i.test(category) || /^Memcpy|^CopyHostToDevice|^CopyDevice/.test(name) ? "copy" : /memset/i.test(category) || name.startsWith("Memset") ? "set" : communication.test(name) ? "communication" : "compute";
  const device = numberOf(fields["device"]) ?? numberOf(event["pid"]) ?? (textOf(event["pid"]) === "CUDA functions" ? numberOf(event["tid"]) : undefined) ?? 0;
  return { kind: "device", work, name, from_us, time_us, device, stream: textOf(fields["stream"]) ?? textOf(event["tid"]) ?? "", fields };
}

/** Events of the host: steps, collectives, and all others, which are counted. */
function readHost(text: string, category: string): TraceEvent {
  const isStep = text.includes("ProfilerStep#");
  const isCollective = !isStep && category !== "gpu_user_annotation" && (text.includes('"record_param_comms"') || /"name"\s*:\s*"(?:nccl|rccl|xccl|hccl|gloo|mpi|ucc):/.test(text));
  if (!isStep && !isCollective) return hostCategories.has(category) || text.includes('"CPU functions"') ? host : other;
  if (category === "gpu_user_annotation" || !text.includes('"dur"')) return other;
  const event = parseObject(text);
  if (!event) return { kind: "broken", expected: "an event" };
  const name = textOf(event["name"]) ?? "";
  const [from_us, time_us] = [numberOf(event["ts"]), numberOf(event["dur"])];
  if (from_us === undefined || time_us === undefined || time_us < 0) return { kind: "broken", expected: "an event with a time and a duration" };
  if (name.startsWith("ProfilerStep#")) return time_us > 0 ? { kind: "step", name: name.slice("ProfilerStep#".length), from_us, time_us } : other;
  if (name === "record_param_comms" || isAnnotation(name)) return { kind: "collective", name, from_us, fields: objectOf(event["args"]) };
  return host;
}

function readWait(text: string): TraceEvent {
  const event = parseObject(text);
  const from_us = numberOf(event?.["ts"]);
  return event && from_us !== undefined ? { kind: "wait", from_us, fields: objectOf(event["args"]) } : other;
}

/** Overflowed counters are written as nan or inf, which no JSON has. */
const bareWords = /:\s*-?(?:nan|inf|NaN|Infinity)\b/g;

export function parseObject(text: string): Readonly<Record<string, Json>> | undefined {
  return tryObject(text) ?? (text.search(bareWords) < 0 ? undefined : tryObject(text.replace(bareWords, ": null")));
}

function tryObject(text: string): Readonly<Record<string, Json>> | undefined {
  try {
    return objectOf(JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
