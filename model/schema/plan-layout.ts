/**
 * A plan document of kind "layout": how one transformer is spread over devices. Degrees, batch and choices as the field names them; what follows from them and from the
 * number of devices (data ranks, micro-batches) is computed (plan/make-layout.ts). A key whose meaning hangs on another one may be left out: its description says what holds then.
 */
import { z } from "zod";
import { head, id, whole } from "./common.ts";
import { checkpointSchema } from "./reliability.ts";

export const pipelineSchedules = ["gpipe", "1f1b", "interleaved", "zero-bubble", "dualpipe"] as const;
export const layerSplits = ["even", "embedding-as-layer", "last-short"] as const;
export const shardings = ["none", "optimizer", "gradients", "parameters"] as const;
export const recomputes = ["none", "selective", "modules", "block", "full"] as const;
export const recomputeModules = ["core-attention", "attention-products", "normalisation", "feed-forward-activation", "feed-forward-up", "feed-forward", "experts", "latent-up-projection"] as const;
export const recipes = ["fp32", "tf32", "fp16", "bf16", "fp8", "fp8-block", "mxfp8", "nvfp4", "mxfp4"] as const;
export const attentionKernels = ["flash", "unfused"] as const;
export const contextSchemes = ["ring", "all-gather", "all-to-all"] as const;
export const expertDispatches = ["all-to-all", "deepep", "hybridep"] as const;
export const launchGraphs = ["none", "layers", "step"] as const;
export const layoutOptimizers = ["adam", "sgd-momentum", "adafactor", "muon"] as const;

const degree = whole(1, 65_536);
const share = z.number().min(0).max(1);
const flag = z.boolean().optional();

const overlap = z.strictObject({
  gradients: flag.meta({ description: "Gradients are reduced while the backward pass computes. Left out: yes, where there are data ranks" }),
  parameters: flag.meta({ description: "Sharded parameters are gathered while the pass computes. Left out: yes, where something is sharded" }),
  tensor: flag.meta({ description: "Tensor-parallel exchanges run beside the products they belong to. Left out: no" }),
  pipeline: flag.meta({ description: "Messages between stages run beside compute. Left out: yes, with the schedules that allow it (interleaved, zero-bubble, dualpipe)" }),
  expert: flag.meta({ description: "Token dispatch runs beside compute. Left out: yes with dualpipe, else no" }),
});

export const layoutChoicesSchema = z.strictObject({
  tensor: degree.default(1).meta({ description: "Ranks that divide every layer's products" }),
  pipeline: degree.default(1).meta({ description: "Stages that divide the layers" }),
  virtualStages: whole(1, 1024).default(1).meta({ description: "Parts of the model that each stage holds; above 1 stages interleave" }),
  context: degree.default(1).meta({ description: "Ranks that divide the tokens of a sequence" }),
  expert: degree.default(1).meta({ description: "Ranks that divide the experts of a layer" }),
  expertTensor: degree.default(1).meta({ description: "Tensor ranks that divide one expert" }),
  microBatch: whole(1, 1_000_000).meta({ description: "Sequences that one pipeline passes at a time" }),
  globalBatch: whole(1).meta({ description: "Sequences of one step of the optimizer, over all ranks" }),
  sequence: whole(1).optional().meta({ description: "Tokens of a sequence. Left out: what the model was made for" }),
  sequenceParallel: flag.meta({ description: "Tensor ranks divide what lies between their products by tokens. Left out: yes with tensor ranks" }),
  schedule: z.enum(pipelineSchedules).optional().meta({ description: "Order of micro-batches in the pipeline. Left out: 1f1b, or interleaved where virtualStages is above 1" }),
  split: z.enum(layerSplits).default("even").meta({ description: "even: remaining layers go to the first stages; embedding-as-layer: embedding and head count as one layer each; last-short: the last stage holds what is left" }),
  sharding: z.enum(shardings).default("optimizer").meta({ description: "What data ranks divide among themselves: nothing; optimizer states (ZeRO-1); gradients too (ZeRO-2); parameters too (ZeRO-3, FSDP)" }),
  shardGroup: degree.optional().meta({ description: "Ranks that a sharded state is divided over; groups hold replicas (HSDP). Left out: all data and context ranks" }),
  reshardAfterForward: flag.meta({ description: "Sharded parameters are dropped after the forward pass and gathered again. Left out: yes without pipeline, no with (PyTorch FSDP2)" }),
  recompute: z.enum(recomputes).default("none").meta({ description: "What the backward pass computes again: nothing; core attention (selective); named modules; whole layers of each stage (block); all layers (full)" }),
  recomputeModules: z.array(z.enum(recomputeModules)).default([]).meta({ description: "Of recompute modules: which" }),
  recomputedLayers: whole(1, 100_000).optional().meta({ description: "Of recompute block: how many layers of a stage" }),
  recipe: z.enum(recipes).meta({ description: "Number format of the products" }),
  attentionKernel: z.enum(attentionKernels).default("flash"),
  narrowAttention: flag.meta({ description: "Fused attention multiplies in the recipe's 8-bit format. Left out: no" }),
  narrowHead: flag.meta({ description: "The loss head multiplies in the recipe's narrow format. Left out: no" }),
  fusedRotation: flag.meta({ description: "Latent attention turns queries and joins keys in one kernel each. Left out: no" }),
  contextScheme: z.enum(contextSchemes).optional().meta({ description: "How context ranks exchange keys and values. Left out: ring" }),
  expertDispatch: z.enum(expertDispatches).optional().meta({ description: "How tokens reach their experts: all-to-all sends every copy, sorted before and after; deepep sends one copy to each rank, through one rank of each further domain of the fast link; hybridep also sorts on the way. Left out: all-to-all" }),
  graphs: z.enum(launchGraphs).optional().meta({ description: "What the host launches at once as a recorded graph: nothing; the parts of layers whose sizes are fixed (all but the experts' products and messages); the whole step. Left out: nothing" }),
  overlap: overlap.default({}),
  optimizer: z.enum(layoutOptimizers).default("adam"),
  dropout: z.boolean().default(false),
  adapterRank: whole(0, 65_536).default(0).meta({ description: "Rank of low-rank adapters; 0: all weights train" }),
  offload: z.strictObject({ optimizer: share.default(0), activations: share.default(0) }).default({ optimizer: 0, activations: 0 }).meta({ description: "Shares held in host memory" }),
  vocabularyMultiple: whole(1, 65_536).default(128).meta({ description: "The embedding's rows are filled up to a multiple of this times the tensor ranks" }),
});
export type LayoutChoices = z.output<typeof layoutChoicesSchema>;

const madeFor = z.strictObject({
  workload: id.meta({ description: "The model that it spreads; a prediction of that model without a plan takes this one" }),
  machine: id.optional().meta({ description: "Where it ran" }),
  stack: id.optional().meta({ description: "What it ran with" }),
  devices: whole(1).optional().meta({ description: "Number of devices that it ran on" }),
});

export const layoutPlanSchema = z.strictObject({ ...head, kind: z.literal("layout").meta({ description: "A transformer, divided by tensor, pipeline, context, expert and data ranks" }), madeFor: madeFor.optional().meta({ description: "What a published plan was used for; it changes no prediction" }), checkpoint: checkpointSchema.optional().meta({ description: "How the run is saved against interruptions; exatwin train reads it" }), ...layoutChoicesSchema.shape });
export type LayoutPlan = z.output<typeof layoutPlanSchema>;
