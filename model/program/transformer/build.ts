/** Architecture + layout -> program. The same program object may be filled again and again; without one, a shared one is. */
import type { Architecture } from "../../workload/transformer/architecture.ts";
import type { Layout } from "../../plan/layout.ts";
import { addAttention, addStateSpace } from "./attention.ts";
import { Block, makeTransformerProgram, type TransformerProgram } from "./columns.ts";
import { addEnds } from "./ends.ts";
import { addExperts, addFeedForward } from "./feed-forward.ts";
import { sizesOf } from "./sizes.ts";
import { addStages } from "./stages.ts";
import { addStep } from "./step.ts";

const shared = makeTransformerProgram();

export function buildTransformerProgram(architecture: Architecture, layout: Layout, program: TransformerProgram = shared): TransformerProgram {
  const { attention, experts, encoderLayers } = architecture;
  const rank = sizesOf(architecture, layout);
  program.count = 0;
  program.imbalance = 1;
  program.wideBytes = rank.bytes;
  program.narrowBytes = rank.narrow ? (layout.recipe === "nvfp4" || layout.recipe === "mxfp4" ? 0.5625 : 1) : rank.bytes;

  // 1. Parts of layers: only those that the model has.
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

  // 2. Ends and stages.
  addEnds(program, architecture, layout, rank);
  addStages(program, architecture, layout);
  program.extra = architecture.extraPredictions;
  program.extraKind = (windows && attention.fullEvery <= 0 ? 1 : 0) + (experts === null ? 0 : 3);
  program.forwards = 1 + (rank.againProducts + rank.againDown) / 2;
  program.tensorLaunches = layout.tensor > 1 ? 2 * (1 + program.forwards) * Math.log2(layout.tensor) : 0;

  // 3. What a micro-batch and a step have once.
  addStep(program, architecture, layout, rank);
  return program;
}
