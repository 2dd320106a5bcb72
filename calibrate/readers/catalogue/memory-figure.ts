/** The memory that a row states, with what was read: peak of live tensors, allocator, or the driver. A kind that no rule names is listed as unstated and not scored. */
import type { CatalogueCase, MemoryKind } from "./case.ts";
import { matches, type Row } from "./matching.ts";
import { numberAt, textAt } from "./record.ts";

const kinds: readonly (readonly [string, MemoryKind, number])[] = [
  ["MaxMemAllocated|max.?mem.?allocated|max_allocated", "allocated", 2 ** 30],
  ["max.?reserved|memory reserved", "reserved", 2 ** 30],
  ["nvidia-smi|max over GPUs|hip mem", "device", 1e9],
];

export function findMemory({ series, point }: Row): CatalogueCase["memory"] {
  const value = numberAt(point, "memory_gb");
  if (value === undefined || !(value > 0)) return undefined;
  const words = `${textAt(series, "notes") ?? ""} ${textAt(point, "how") ?? ""}`;
  const [, kind, unit_bytes] = kinds.find(([pattern]) => matches(pattern, words)) ?? ["", "unstated", 1e9];
  return { bytes: value * unit_bytes, kind };
}
