/**
 * A plan's choices + a model + a number of devices -> layout. Fills in what follows from other choices (field defaults: sequence parallelism with tensor ranks, interleaving
 * with virtual stages, PyTorch FSDP2's resharding) and what is counted (data ranks, micro-batches). Checks nothing: a layout that does not divide has fractions
 * (find-faults.ts sees them).
 */
import type { LayoutChoices } from "../schema/plan-layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import type { Layout } from "./layout.ts";

export function makeLayout(choices: LayoutChoices, architecture: Architecture, devices: number): Layout {
  const { tensor, pipeline, context, virtualStages, overlap, sharding } = choices;
  const data = devices / (tensor * context * pipeline);
  const schedule = choices.schedule ?? (virtualStages > 1 && pipeline > 1 ? "interleaved" : "1f1b");
  return {
    devices,
    tensor,
    context,
    pipeline,
    virtualStages: pipeline === 1 ? 1 : virtualStages,
    data,
    expert: choices.expert,
    expertTensor: choices.expertTensor,
    microBatch: choices.microBatch,
    globalBatch: choices.globalBatch,
    microBatches: choices.globalBatch / (data * choices.microBatch),
    sequence: choices.sequence ?? architecture.sequence,
    sequenceParallel: choices.sequenceParallel ?? tensor > 1,
    schedule: pipeline === 1 ? "1f1b" : schedule,
    split: choices.split,
    sharding,
    shardGroup: sharding === "none" ? 1 : (choices.shardGroup ?? data * context),
    reshardAfterForward: sharding === "parameters" && (choices.reshardAfterForward ?? pipeline === 1),
    recompute: choices.recompute,
    recomputeModules: choices.recompute === "modules" ? choices.recomputeModules : [],
    recomputedLayers: choices.recompute === "block" ? (choices.recomputedLayers ?? 0) : 0,
    recipe: choices.recipe,
    attentionKernel: choices.attentionKernel,
    narrowAttention: choices.narrowAttention ?? false,
    narrowHead: choices.narrowHead ?? false,
    fusedRotation: choices.fusedRotation ?? false,
    contextScheme: choices.contextScheme ?? "ring",
    expertDispatch: choices.expertDispatch ?? "all-to-all",
    graphs: choices.graphs ?? "none",
    overlap: {
      gradients: data * context > 1 && (overlap.gradients ?? true),
      parameters: data * context > 1 && sharding !== "none" && (overlap.parameters ?? true),
      tensor: tensor > 1 && (overlap.tensor ?? false),
      pipeline: pipeline > 1 && hidesMessages(schedule) && (overlap.pipeline ?? true),
      expert: architecture.experts !== null && (overlap.expert ?? schedule === "dualpipe"),
    },
    optimizer: choices.optimizer,
    dropout: choices.dropout,
    adapterRank: choices.adapterRank,
    offload: choices.offload,
    vocabularyMultiple: choices.vocabularyMultiple,
  };
}

/** Schedules in which another micro-batch computes while a message travels. */
export const hidesMessages = (schedule: Layout["schedule"]): boolean => schedule === "interleaved" || schedule === "zero-bubble" || schedule === "dualpipe";
