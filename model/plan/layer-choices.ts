/**
 * The choices of a layout that its layers' operations and tensors are made from, as a key by value: layouts that differ in stages, replicas and sharding alone share what
 * was counted for one layer. Keys are copies, as a search may write its layouts into one object.
 */
import type { Layout } from "./layout.ts";

export type LayerChoices = Pick<
  Layout,
  "tensor" | "microBatch" | "recompute" | "sequenceParallel" | "context" | "expert" | "expertTensor" | "sequence" | "recipe" | "attentionKernel" | "adapterRank" | "vocabularyMultiple" | "recomputeModules"
>;

export function copyLayerChoices(layout: Layout): LayerChoices {
  const { tensor, microBatch, recompute, sequenceParallel, context, expert, expertTensor, sequence, recipe, attentionKernel, adapterRank, vocabularyMultiple, recomputeModules } = layout;
  return { tensor, microBatch, recompute, sequenceParallel, context, expert, expertTensor, sequence, recipe, attentionKernel, adapterRank, vocabularyMultiple, recomputeModules: [...recomputeModules] };
}

/** 32 bits of the choices that a search varies most. */
export function hashLayerChoices({ tensor, microBatch, context, expert, sequence, recompute, sequenceParallel }: Layout): number {
  let hash = Math.imul(tensor, 0x9e3779b1) ^ Math.imul(microBatch, 0x85ebca6b) ^ Math.imul(context, 0xc2b2ae35) ^ Math.imul(expert, 0x27d4eb2f) ^ Math.imul(sequence, 0x165667b1);
  hash ^= (recompute === "none" ? 0 : recompute === "full" ? 0x51ed : recompute === "selective" ? 0xa3c7 : 0xf00d) ^ (sequenceParallel ? 0x33a5 : 0);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

export function haveSameLayers(a: LayerChoices, b: LayerChoices): boolean {
  return (
    a.tensor === b.tensor && a.microBatch === b.microBatch && a.recompute === b.recompute && a.sequenceParallel === b.sequenceParallel && a.context === b.context && a.expert === b.expert && a.expertTensor === b.expertTensor &&
    a.sequence === b.sequence && a.recipe === b.recipe && a.attentionKernel === b.attentionKernel && a.adapterRank === b.adapterRank && a.vocabularyMultiple === b.vocabularyMultiple &&
    (a.recompute !== "modules" || areAlike(a.recomputeModules, b.recomputeModules))
  );
}

function areAlike(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
