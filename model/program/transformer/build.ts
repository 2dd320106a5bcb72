/**
 * Architecture + layout -> program. Layers and ends depend on fewer choices than the step around them, so `sharedProgram` keeps programs whose blocks a later layout can take
 * as they are: a search over stages and replicas builds them once. `buildTransformerProgram` builds everything into a program of the caller's.
 */
import { countRankParameters } from "../../memory/rank-parameters.ts";
import type { Layout } from "../../plan/layout.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { addAttention, addStateSpace } from "./attention.ts";
import { Block, makeTransformerProgram, type TransformerProgram } from "./columns.ts";
import { addEnds } from "./ends.ts";
import { addExperts, addFeedForward } from "./feed-forward.ts";
import { sizesOf, type RankSizes } from "./sizes.ts";
import { addStages } from "./stages.ts";
import { addStep } from "./step.ts";

export function buildTransformerProgram(architecture: Architecture, layout: Layout, program: TransformerProgram = makeTransformerProgram()): TransformerProgram {
  const rank = sizesOf(architecture, layout);
  buildBlocks(architecture, layout, rank, program);
  addStages(program, architecture, layout);
  buildStep(architecture, layout, rank, program);
  return program;
}

/** Rows of the parts of layers that the model has, and of the ends. */
export function buildBlocks(architecture: Architecture, layout: Layout, rank: RankSizes, program: TransformerProgram): void {
  const { attention, experts, encoderLayers } = architecture;
  program.count = 0;
  program.imbalance = 1;
  program.wideBytes = rank.bytes;
  program.narrowBytes = rank.narrow ? (layout.recipe === "nvfp4" || layout.recipe === "mxfp4" ? 0.5625 : 1) : rank.bytes;
  countRankParameters(architecture, layout, program.parameters);
  const windows = attention.window > 0;
  if (!windows || attention.fullEvery > 0) addAttention(program, Block.attention, architecture, layout, rank, 0, attention.causal);
  if (windows) addAttention(program, Block.windowed, architecture, layout, rank, attention.window, attention.causal);
  if (encoderLayers > 0) {
    addAttention(program, Block.encoder, architecture, layout, rank, 0, false);
    addAttention(program, Block.cross, architecture, layout, rank, 0, false);
  }
  addStateSpace(program, architecture, layout, rank);
  if (experts === null || experts.firstDense > 0 || experts.every > 1 || encoderLayers > 0 || architecture.stateSpace !== null) addFeedForward(program, architecture, layout, rank);
  addExperts(program, architecture, layout, rank);
  addEnds(program, architecture, layout, rank);
  program.extra = architecture.extraPredictions;
  program.extraKind = (windows && attention.fullEvery <= 0 ? 1 : 0) + (experts === null ? 0 : 3);
  program.forwards = 1 + (rank.againProducts + rank.againDown) / 2;
  program.layerLaunches = layout.graphs === "none" ? 1 : 0;
  program.expertLaunches = layout.graphs === "step" ? 0 : 1;
  program.groupLaunches = experts === null || layout.graphs === "step" ? 0 : experts.count / layout.expert;
  program.tensorLaunches = layout.tensor > 1 && layout.graphs === "none" ? 2 * (1 + program.forwards) * Math.log2(layout.tensor) : 0;
  program.blockRows = program.count;
}

/** Rows of micro-batch and step, after the rows of blocks; the stages must be there. */
export function buildStep(architecture: Architecture, layout: Layout, rank: RankSizes, program: TransformerProgram): void {
  program.count = program.blockRows;
  addStep(program, architecture, layout, rank);
}
