/**
 * Programs by what their blocks depend on, in a small table of open addresses: a search over pipelines, replicas and sharding meets the same layers again and again. The
 * rows of micro-batch and step are written anew for each layout, so the program is whole. A program that somebody keeps must be one of their own (buildTransformerProgram).
 */
import type { Layout } from "../../plan/layout.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { buildBlocks, buildStep } from "./build.ts";
import { makeTransformerProgram, type TransformerProgram } from "./columns.ts";
import { sizesOf } from "./sizes.ts";

/** Choices of a layout that rows of layers and ends, and the exposed shares of their communication, are made from. A copy, as a search may write its layouts into one object. */
type Choices = Pick<
  Layout,
  "tensor" | "microBatch" | "recompute" | "sequenceParallel" | "context" | "expert" | "expertTensor" | "sequence" | "recipe" | "attentionKernel" | "contextScheme" | "adapterRank" | "vocabularyMultiple" | "recomputeModules"
> & { overlapsTensor: boolean; overlapsExpert: boolean; recomputedInAll: number };

export interface SharedBlocks {
  architecture: Architecture;
  choices: Choices;
  readonly program: TransformerProgram;
  /** What the rows of the blocks were timed with last; the costs' own count. */
  timed: number;
}

const slots = 1 << 11;
/** Rows of micro-batch and step at most. */
const stepRows = 24;
const scratch = makeTransformerProgram();
const table: Array<SharedBlocks | null> = Array.from({ length: slots }, () => null);

/** Of this layout, until a later call takes the same place. */
export function sharedProgram(architecture: Architecture, layout: Layout): SharedBlocks {
  const slot = slotOf(layout);
  let found = table[slot] ?? null;
  const rank = sizesOf(architecture, layout);
  if (found === null || found.architecture !== architecture || !haveSameBlocks(found.choices, layout)) {
    const choices = choicesOf(layout);
    buildBlocks(architecture, layout, rank, scratch);
    const rows = scratch.blockRows + stepRows;
    if (found === null || found.program.kind.length < rows) table[slot] = found = { architecture, choices, program: makeTransformerProgram(rows, 4), timed: 0 };
    found.architecture = architecture;
    found.choices = choices;
    found.timed = 0;
    buildBlocks(architecture, layout, rank, found.program);
  }
  buildStep(architecture, layout, rank, found.program);
  return found;
}

function choicesOf(layout: Layout): Choices {
  const { tensor, microBatch, recompute, sequenceParallel, context, expert, expertTensor, sequence, recipe, attentionKernel, contextScheme, adapterRank, vocabularyMultiple, overlap } = layout;
  const recomputeModules = [...layout.recomputeModules];
  return {
    tensor, microBatch, recompute, sequenceParallel, context, expert, expertTensor, sequence, recipe, attentionKernel, contextScheme, adapterRank, vocabularyMultiple, recomputeModules,
    overlapsTensor: overlap.tensor, overlapsExpert: overlap.expert, recomputedInAll: layout.recomputedLayers * layout.pipeline,
  };
}

function slotOf(layout: Layout): number {
  const { recompute } = layout;
  let hash = Math.imul(layout.tensor, 0x9e3779b1) ^ Math.imul(layout.microBatch, 0x85ebca6b) ^ Math.imul(layout.context, 0xc2b2ae35) ^ Math.imul(layout.expert, 0x27d4eb2f) ^ Math.imul(layout.sequence, 0x165667b1);
  hash ^= (recompute === "none" ? 0 : recompute === "full" ? 0x51ed : recompute === "selective" ? 0xa3c7 : 0xf00d) ^ (layout.sequenceParallel ? 0x33a5 : 0);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & (slots - 1);
}

function haveSameBlocks(a: Choices, b: Layout): boolean {
  return (
    a.tensor === b.tensor && a.microBatch === b.microBatch && a.recompute === b.recompute && a.sequenceParallel === b.sequenceParallel && a.context === b.context && a.expert === b.expert && a.expertTensor === b.expertTensor &&
    a.sequence === b.sequence && a.recipe === b.recipe && a.attentionKernel === b.attentionKernel && a.contextScheme === b.contextScheme && a.adapterRank === b.adapterRank && a.vocabularyMultiple === b.vocabularyMultiple &&
    a.overlapsTensor === b.overlap.tensor && a.overlapsExpert === b.overlap.expert && (a.recompute !== "block" || a.recomputedInAll === b.recomputedLayers * b.pipeline) && (a.recompute !== "modules" || areAlike(a.recomputeModules, b.recomputeModules))
  );
}

function areAlike(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((module, at) => module === b[at]);
}
