/** Memory documents of the library as numbers, and short ways to a footprint. */
import { column, footprintColumns, memoryParts, type MemoryPart } from "../../model/memory/columns.ts";
import { footprint, makeFootprint, stageFootprint } from "../../model/memory/footprint.ts";
import { memoryStackOf } from "../../model/memory/from-document.ts";
import type { MemoryStack } from "../../model/memory/stack.ts";
import type { Layout } from "../../model/plan/layout.ts";
import type { MemoryDocument } from "../../model/schema/memory.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { Architecture } from "../../model/workload/transformer/architecture.ts";
import { library } from "./library.ts";

export const memoryNames = Object.keys(library.documents.memory);

export function memoryDocument(id: string): MemoryDocument {
  const { document, problems } = parseDocument("memory", library.documents.memory[id], id);
  if (!document) throw new Error(JSON.stringify(problems));
  return document;
}
export const memoryStack = (id: string): MemoryStack => memoryStackOf(memoryDocument(id));

export interface Footprint {
  readonly allocated: number;
  readonly resident: number;
  readonly reserved: number;
  readonly device: number;
  readonly stage: number;
  readonly parts: Readonly<Record<MemoryPart, number>>;
}

const name = (values: Float64Array): Footprint => ({
  ...(Object.fromEntries(Object.entries(footprintColumns).map(([key, index]) => [key, values[index]])) as unknown as Omit<Footprint, "parts">),
  parts: Object.fromEntries(memoryParts.map((part) => [part, values[column[part]]])) as unknown as Record<MemoryPart, number>,
});

export function fullest(architecture: Architecture, layout: Layout, stack: MemoryStack): Footprint {
  const into = makeFootprint();
  footprint(architecture, layout, stack, into, makeFootprint());
  return name(into);
}

export function atStage(architecture: Architecture, layout: Layout, stack: MemoryStack, stage: number): Footprint {
  const into = makeFootprint();
  stageFootprint(architecture, layout, stack, stage, into);
  return name(into);
}
