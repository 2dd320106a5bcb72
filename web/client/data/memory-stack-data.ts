/** Bars of the memory chart: a stage's parts from what always stays to what comes and goes, then what the allocator and the driver hold besides. */
import { memoryPartNames } from "../../../model/memory/groups.ts";
import type { StageMemory } from "../../../model/memory/describe.ts";
import type { TransformerPoint } from "../../../model/prediction-transformer.ts";
import type { Tip } from "../dom.ts";
import { show } from "../format.ts";
import { memoryWords } from "./transformer-words.ts";

export interface MemorySegment {
  id: string;
  name: string;
  bytes: number;
}

export interface MemoryBar {
  stage: number;
  segments: MemorySegment[];
  device_bytes: number;
  low_bytes: number;
  high_bytes: number;
  tip: Tip;
}

export interface MemoryStackData {
  bars: MemoryBar[];
  capacity_bytes: number;
  fullest: number;
  /** Segments that some stage has, in order. */
  names: ReadonlyArray<{ id: string; name: string }>;
}

export function memoryStackData({ memory }: TransformerPoint): MemoryStackData | null {
  if (memory === null) return null;
  const bars = memory.stages.map((stage) => barOf(stage, memory.capacity_bytes));
  const order = [...memoryPartNames.map(({ id, name }) => ({ id: id as string, name })), { id: "cache", name: "cached" }, { id: "context", name: "context" }];
  return { bars, capacity_bytes: memory.capacity_bytes, fullest: memory.fullest.stage, names: order.filter(({ id }) => bars.some(({ segments }) => segments.some((segment) => segment.id === id && segment.bytes > 0))) };
}

function barOf(stage: StageMemory, capacity_bytes: number): MemoryBar {
  const parts = memoryPartNames.map(({ id, name, parts: members }): MemorySegment => ({ id, name, bytes: stage.parts.filter(({ part }) => members.includes(part)).reduce((sum, { bytes }) => sum + bytes, 0) }));
  const { allocated, reserved, device } = stage;
  // The driver cannot show more than the device has: then less of the cache is kept.
  const cache = Math.max(0, Math.min(reserved.bytes, device.bytes) - allocated.bytes);
  const context = Math.max(0, device.bytes - allocated.bytes - cache);
  const segments = [...parts, { id: "cache", name: "cached", bytes: cache }, { id: "context", name: "context", bytes: context }].filter(({ bytes }) => bytes > 0);
  const spread = 1.96 * device.deviation_bytes;
  return {
    stage: stage.stage, segments, device_bytes: device.bytes, low_bytes: Math.max(0, device.bytes - spread), high_bytes: device.bytes + spread,
    tip: {
      head: `Stage ${stage.stage}`, place: `${show(device.bytes, "data")} of ${show(capacity_bytes, "data")}`,
      rows: [...segments.map(({ name, bytes }) => [name, show(bytes, "data")] as const), ["allocated", show(allocated.bytes, "data")], ["reserved", show(reserved.bytes, "data")], ["device", `${show(device.bytes, "data")} ± ${show(spread, "data", 2)}`]],
      text: `Most: ${memoryWords[segments.reduce((best, one) => (one.bytes > best.bytes ? one : best)).id] ?? ""}`,
    },
  };
}
