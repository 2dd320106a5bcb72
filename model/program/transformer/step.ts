/**
 * Rows of what a micro-batch or a step has once: messages between stages, sharded parameters, sums of gradients, gathering after the update, the update, transfers to the
 * host. Of the first stage, which ends last. ZeRO: Rajbhandari et al. 2020 (arXiv:1910.02054), section 7; FSDP and groups with replicas: Zhao et al. 2023
 * (arXiv:2304.11277). An update by Adam reads and writes 30 bytes a parameter: FP32 weight, two moments and gradient read, all but the gradient and a 16-bit copy written.
 */
import type { Architecture } from "../../workload/transformer/architecture.ts";
import type { Layout } from "../../plan/layout.ts";
import * as columns from "./columns.ts";
import type { TransformerProgram } from "./columns.ts";
import type { RankSizes } from "./sizes.ts";

// A module's own constants become part of its machine code; those of other modules are looked up at every use.
const { addRow, Block, encoderKind, followingBlocks, Format, mixerBlocks, Operation, Phase } = columns;

const updateBytes = { adam: 30, "sgd-momentum": 22, adafactor: 14, muon: 22 } as const;
/** Muon (Jordan et al. 2024): five steps of Newton-Schulz, each three products of the smaller extent. */
const newtonSchulzSteps = 5;

export function addStep(program: TransformerProgram, architecture: Architecture, layout: Layout, rank: RankSizes): void {
  countParameters(program, architecture, layout);
  addMessages(program, architecture, layout, rank);
  const { tensor, context, data, expert, expertTensor } = layout;
  const ranks = data * context;
  const expertRanks = Math.max(1, (ranks * tensor) / (expert * expertTensor));
  let held = 0;
  held += addExchange(program, layout, rank, program.denseParameters, program.denseTrained, ranks, tensor, layout.shardGroup);
  if (program.expertParameters > 0) held += addExchange(program, layout, rank, program.expertParameters, program.expertsTrained, expertRanks, expert * expertTensor, Math.max(1, (layout.shardGroup * expertRanks) / ranks));
  addUpdate(program, architecture, layout, rank, held);
}

function countParameters(program: TransformerProgram, architecture: Architecture, layout: Layout): void {
  const { parameters } = program;
  let dense = parameters.embedding * (layout.pipeline === 1 && !architecture.tiedEmbeddings ? 2 : 1) + parameters.positions;
  let routed = 0;
  let layers = 0;
  for (let place = 0; place < program.kinds; place++) {
    const kind = program.present[place] as number;
    const count = program.layers[kind] as number;
    const mixer = mixerBlocks[kind];
    const following = followingBlocks[kind];
    layers += count;
    dense += count * ((mixer === Block.stateSpace ? parameters.stateSpace : mixer === Block.none ? 0 : parameters.attention) + (kind === encoderKind ? 0 : parameters.cross));
    dense += count * (following === Block.feedForward ? parameters.feedForward : following === Block.experts ? parameters.shared : 0);
    if (following === Block.experts) routed += count * parameters.routed;
  }
  program.firstLayers = layers;
  const adapted = layout.adapterRank > 0;
  program.denseParameters = dense;
  program.expertParameters = routed;
  program.denseTrained = adapted ? layers * parameters.adapter : dense;
  program.expertsTrained = adapted ? 0 : routed;
}

function addMessages(program: TransformerProgram, { hidden }: Architecture, layout: Layout, rank: RankSizes): void {
  const { pipeline, tensor, offload } = layout;
  const bytes = rank.tokens * hidden * rank.bytes;
  if (pipeline > 1) {
    addRow(program, Operation.message, Block.messages, Phase.forward, Format.wide, bytes / tensor, layout.devices, 0, 0, layout.virtualStages, 0);
    addRow(program, Operation.message, Block.messages, Phase.data, Format.wide, bytes / tensor, layout.devices, 0, 0, layout.virtualStages, 0);
  }
  if (offload.activations === 0) return;
  // Saved per layer: 10 + 24/t bytes per token and channel with fused attention (Korthikanti et al. 2022, equation 2), inputs of layers only where they are recomputed.
  const saved = (bytes / 2) * program.firstLayers * (layout.recompute === "full" ? 2 / rank.between : (layout.sequenceParallel ? 34 / tensor : 10 + 24 / tensor)) * offload.activations;
  addRow(program, Operation.offload, Block.offload, Phase.forward, Format.wide, saved, 0, 0, 0, 1, 0);
  addRow(program, Operation.offload, Block.offload, Phase.data, Format.wide, saved, 0, 0, 0, 1, 0);
}

function addCollective(program: TransformerProgram, kind: number, block: number, amount: number, ranks: number, distance: number, rounds: number, repeat: number): void {
  if (ranks > 1 && amount > 0) addRow(program, kind, block, Phase.weight, Format.wide, amount, ranks, distance, rounds, repeat, 0);
}

/** Of `all` parameters `amount` train; gives those that a rank updates. `group` ranks share a sharded state; the rest are replicas. */
function addExchange(program: TransformerProgram, layout: Layout, rank: RankSizes, all: number, amount: number, ranks: number, distance: number, group: number): number {
  const { sharding } = layout;
  if (sharding === "none") {
    addCollective(program, Operation.reduce, Block.gradients, amount, ranks, distance, 2, 1);
    return amount;
  }
  const shard = amount / group;
  const replicas = ranks / group;
  if (sharding === "parameters" && group > 1) {
    // One collective per layer and one for the ends. Stages of a pipeline may keep what they gathered until the step ends.
    const calls = Math.max(1, program.firstLayers) + 1;
    const keeps = !layout.reshardAfterForward && layout.pipeline > 1;
    const gathers = layout.reshardAfterForward ? 2 : 1;
    addCollective(program, Operation.gather, keeps ? Block.parameters : Block.shards, (all * rank.bytes) / calls, group, distance, 1, calls * gathers);
    addCollective(program, Operation.reduce, keeps ? Block.gradients : Block.shards, amount / calls, group, distance, 1, calls);
  } else {
    addCollective(program, Operation.reduce, Block.gradients, amount, group, distance, 1, sharding === "gradients" ? layout.microBatches : 1);
    addCollective(program, Operation.gather, Block.parameters, amount * rank.bytes, group, distance, 1, 1);
  }
  addCollective(program, Operation.reduce, Block.gradients, shard, replicas, distance * group, 2, 1);
  return shard;
}

function addUpdate(program: TransformerProgram, architecture: Architecture, layout: Layout, rank: RankSizes, held: number): void {
  const { optimizer, offload, tensor, pipeline } = layout;
  const moved = held * offload.optimizer;
  addRow(program, Operation.update, Block.update, Phase.weight, Format.wide, updateBytes[optimizer] * (held - moved), 0, 0, 0, 1, 0);
  if (moved > 0) addRow(program, Operation.offload, Block.transfers, Phase.weight, Format.wide, 2 * rank.bytes * moved, 0, 0, 0, 1, 0);
  if (optimizer === "muon") {
    const { hidden } = architecture;
    addRow(program, Operation.product, Block.update, Phase.weight, Format.wide, hidden, Math.max(1, held / hidden), hidden, 1, 3 * newtonSchulzSteps, 0);
  }
  if (architecture.tiedEmbeddings && pipeline > 1 && rank.trained && rank.vocabulary > 0) {
    addRow(program, Operation.reduce, Block.gradients, Phase.weight, Format.wide, (rank.vocabulary * architecture.hidden) / tensor, 2, (layout.devices / pipeline) * (pipeline - 1), 2, 1, 0);
  }
}
