/** Parts of memory gathered for people, in the order of a stack from what always stays to what comes and goes; and neighbouring stages that hold the same, as one. */
import type { MemoryPart } from "./columns.ts";
import type { StageMemory } from "./describe.ts";

export interface MemoryGroup {
  readonly id: "weights" | "gradients" | "optimizer" | "activations" | "gathered" | "logits" | "workspace";
  readonly name: string;
  readonly parts: readonly MemoryPart[];
}

export const memoryPartNames: readonly MemoryGroup[] = [
  { id: "weights", name: "weights", parts: ["weights", "narrowWeights"] },
  { id: "gradients", name: "gradients", parts: ["gradients", "gradientCopies", "unusedGradients"] },
  { id: "optimizer", name: "optimizer", parts: ["optimizer", "update"] },
  { id: "activations", name: "activations", parts: ["activations", "working"] },
  { id: "gathered", name: "gathered", parts: ["gathered"] },
  { id: "logits", name: "logits", parts: ["logits"] },
  { id: "workspace", name: "workspace", parts: ["workspace"] },
];

export interface StageGroup {
  readonly first: number;
  readonly last: number;
  readonly stage: StageMemory;
}

const alike = (a: StageMemory, b: StageMemory): boolean => Math.abs(a.device.bytes - b.device.bytes) < 1e-6 * a.device.bytes && a.parts.length === b.parts.length && a.parts.every(({ part, bytes }, index) => part === b.parts[index]?.part && Math.abs(bytes - (b.parts[index]?.bytes ?? 0)) <= 1e-6 * bytes);

export function groupStages(stages: readonly StageMemory[]): StageGroup[] {
  const groups: StageGroup[] = [];
  for (const stage of stages) {
    const before = groups.at(-1);
    if (before !== undefined && alike(before.stage, stage)) groups[groups.length - 1] = { ...before, last: stage.stage };
    else groups.push({ first: stage.stage, last: stage.stage, stage });
  }
  return groups;
}
