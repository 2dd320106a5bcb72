/**
 * Programs by what their blocks depend on, in a small table of open addresses: a search over pipelines, replicas and sharding meets the same layers again and again. The
 * rows of micro-batch and step are written anew for each layout, so the program is whole. A program that somebody keeps must be one of their own (buildTransformerProgram).
 */
import { copyLayerChoices, hashLayerChoices, haveSameLayers, type LayerChoices } from "../../plan/layer-choices.ts";
import type { Layout } from "../../plan/layout.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { buildBlocks, buildStep } from "./build.ts";
import { makeTransformerProgram, type TransformerProgram } from "./columns.ts";
import { takeStages } from "./shared-stages.ts";
import { makeRankSizes, sizesOf, type RankSizes } from "./sizes.ts";

/** Choices that rows of layers and ends, and the exposed shares of their communication, are made from. */
interface Choices extends Pick<Layout, "narrowAttention" | "narrowHead" | "fusedRotation" | "contextScheme" | "expertDispatch" | "graphs"> {
  readonly layers: LayerChoices;
  readonly overlapsTensor: boolean;
  readonly overlapsExpert: boolean;
  readonly recomputedInAll: number;
}

export interface SharedBlocks {
  architecture: Architecture;
  choices: Choices;
  readonly program: TransformerProgram;
  readonly rank: RankSizes;
  /** What the rows of the blocks were timed with last. */
  timed: object | null;
}

const slots = 1 << 11;
/** Rows of micro-batch and step at most. */
const stepRows = 24;
const scratch = makeTransformerProgram();
const table: Array<SharedBlocks | null> = Array.from({ length: slots }, () => null);

/** Of this layout, until a later call takes the same place. */
export function sharedProgram(architecture: Architecture, layout: Layout): SharedBlocks {
  const slot = hashLayerChoices(layout) & (slots - 1);
  let found = table[slot] ?? null;
  if (found === null || found.architecture !== architecture || !haveSameBlocks(found.choices, layout)) {
    const choices = choicesOf(layout);
    buildBlocks(architecture, layout, sizesOf(architecture, layout), scratch);
    const rows = scratch.blockRows + stepRows;
    if (found === null || found.program.kind.length < rows) table[slot] = found = { architecture, choices, rank: makeRankSizes(), program: makeTransformerProgram(rows, 0), timed: null };
    found.architecture = architecture;
    found.choices = choices;
    found.timed = null;
    buildBlocks(architecture, layout, sizesOf(architecture, layout, found.rank), found.program);
  }
  takeStages(found.program, architecture, layout);
  buildStep(architecture, layout, found.rank, found.program);
  return found;
}

const choicesOf = (layout: Layout): Choices => ({
  layers: copyLayerChoices(layout), narrowAttention: layout.narrowAttention, narrowHead: layout.narrowHead, fusedRotation: layout.fusedRotation, contextScheme: layout.contextScheme, expertDispatch: layout.expertDispatch, graphs: layout.graphs, overlapsTensor: layout.overlap.tensor, overlapsExpert: layout.overlap.expert, recomputedInAll: layout.recomputedLayers * layout.pipeline,
});

function haveSameBlocks(a: Choices, b: Layout): boolean {
  return (
    haveSameLayers(a.layers, b) && a.narrowAttention === b.narrowAttention && a.narrowHead === b.narrowHead && a.fusedRotation === b.fusedRotation && a.contextScheme === b.contextScheme && a.expertDispatch === b.expertDispatch && a.graphs === b.graphs && a.overlapsTensor === b.overlap.tensor && a.overlapsExpert === b.overlap.expert &&
    (b.recompute !== "block" || a.recomputedInAll === b.recomputedLayers * b.pipeline)
  );
}
