/**
 * How a transformer is spread over devices, as numbers. Order of ranks, fastest first: tensor, context, data, pipeline (Megatron-LM); experts take the ranks of
 * data and context. `devices = tensor * context * data * pipeline`.
 */

import type { contextSchemes, expertDispatches, launchGraphs, layerSplits, layoutOptimizers, pipelineSchedules, recipes, recomputeModules, recomputes, shardings } from "../schema/plan-layout.ts";

export type PipelineSchedule = (typeof pipelineSchedules)[number];
export type LayerSplit = (typeof layerSplits)[number];
/** What the ranks of a sharding group divide among themselves: nothing; optimizer states (ZeRO-1); gradients too (ZeRO-2); parameters too (ZeRO-3, FSDP). */
export type Sharding = (typeof shardings)[number];
/** Which parts of a layer's forward pass the backward pass runs again. `modules` names them one by one. */
export type Recompute = (typeof recomputes)[number];
export type RecomputeModule = (typeof recomputeModules)[number];
/** Number formats of the products and of what is kept beside them. */
export type Recipe = (typeof recipes)[number];
export type ContextScheme = (typeof contextSchemes)[number];
export type ExpertDispatch = (typeof expertDispatches)[number];
export type LaunchGraphs = (typeof launchGraphs)[number];
export type LayoutOptimizer = (typeof layoutOptimizers)[number];

export interface Layout {
  readonly devices: number;
  readonly tensor: number;
  readonly context: number;
  readonly pipeline: number;
  /** Parts of the model that each stage holds (interleaving); 1 is none. */
  readonly virtualStages: number;
  /** devices / (tensor * context * pipeline). */
  readonly data: number;
  readonly expert: number;
  /** Tensor ranks that one expert is divided over. */
  readonly expertTensor: number;
  /** Sequences that one pipeline passes at a time. */
  readonly microBatch: number;
  /** Sequences of one step of the optimizer, over all ranks. */
  readonly globalBatch: number;
  /** globalBatch / (data * microBatch). */
  readonly microBatches: number;
  readonly sequence: number;
  readonly sequenceParallel: boolean;
  readonly schedule: PipelineSchedule;
  /** even: remainder of the layers to the first stages; embedding-as-layer: embedding and head each count as one layer; last-short: the last stage has what is left of ceil(layers / stages). */
  readonly split: LayerSplit;
  readonly sharding: Sharding;
  /** Ranks that a sharded state is divided over: data * context, or fewer where groups hold replicas (HSDP). */
  readonly shardGroup: number;
  /** Sharded parameters are dropped after the forward pass and gathered again for the backward pass. */
  readonly reshardAfterForward: boolean;
  readonly recompute: Recompute;
  readonly recomputeModules: readonly RecomputeModule[];
  /** `block`: layers of a stage that are recomputed whole. */
  readonly recomputedLayers: number;
  readonly recipe: Recipe;
  readonly attentionKernel: "flash" | "unfused";
  /** Fused attention, and the loss head, in the recipe's narrow format. */
  readonly narrowAttention: boolean;
  readonly narrowHead: boolean;
  /** Latent attention: queries are turned in place, keys and values joined in one kernel. */
  readonly fusedRotation: boolean;
  readonly contextScheme: ContextScheme;
  /** How tokens reach their experts: every copy by itself, or one to each rank (DeepEP), also sorted on the way (HybridEP). */
  readonly expertDispatch: ExpertDispatch;
  /** What the host launches at once as a recorded graph. */
  readonly graphs: LaunchGraphs;
  /** Communication issued beside compute; how much of it is hidden is a matter of the stack. */
  readonly overlap: { readonly gradients: boolean; readonly parameters: boolean; readonly tensor: boolean; readonly pipeline: boolean; readonly expert: boolean };
  readonly optimizer: LayoutOptimizer;
  readonly dropout: boolean;
  /** Rank of low-rank adapters; 0: all weights train. */
  readonly adapterRank: number;
  /** Shares held in host memory. */
  readonly offload: { readonly optimizer: number; readonly activations: number };
  /** The embedding's rows are filled up to a multiple of this times `tensor`. */
  readonly vocabularyMultiple: number;
}
