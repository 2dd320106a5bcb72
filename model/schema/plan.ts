/** A plan document: what the user of the machine chose for one training run. `kind` says how the work is divided: among replicas of a network of layers, or by the layout of a transformer. */
import { z } from "zod";
import { head, precision, whole } from "./common.ts";
import { fact } from "./fact.ts";
import { checkpointSchema } from "./reliability.ts";
import { asynchronySchema, compressionSchema } from "./plan-asynchrony.ts";
import { layoutPlanSchema } from "./plan-layout.ts";

export const flopConventions = ["algorithmic", "graph-s2b-2018", "profiler-executed"] as const;
export type FlopConvention = (typeof flopConventions)[number];
export const stagingModes = ["none", "naive", "exchange", "shards"] as const;
export type StagingMode = (typeof stagingModes)[number];
export const sharedTiers = ["file-system", "burst-buffer"] as const;
export const shuffles = ["all", "within-node"] as const;
export const optimizers = ["sgd-momentum", "adam", "larc-adam", "lamb"] as const;

export const dataParallelPlanSchema = z.strictObject({
  ...head,
  kind: z.literal("data-parallel").meta({ description: "Every device holds the whole network and its own samples" }),
  precision: precision.meta({ description: "Of convolutions and activations" }),
  reductionPrecision: precision.meta({ description: "Of the gradients that are summed over ranks" }),
  samplesPerDevice: whole(1, 65_536).meta({ description: "Local batch of one forward and backward pass; the global batch grows with the devices (weak scaling)" }),
  accumulation: whole(1, 4096).default(1).meta({ description: "Local batches whose gradients are added up before ranks sum them and weights are updated" }),
  gradientLag: whole(0, 64).meta({ description: "0: wait for this step's sum; 1: apply the sum of the step before, which hides the reduction behind a whole step; k: of k steps before, so that the update does not wait either" }),
  asynchrony: asynchronySchema.optional().meta({ description: "Left out: synchronous training" }),
  compression: compressionSchema.optional().meta({ description: "Left out: gradients are summed whole" }),
  fusion: fact("data").meta({ description: "Gradients are summed in buffers of about this size; 1 B sums each gradient by itself" }),
  optimizer: z.enum(optimizers),
  batchNormalisationGroup: whole(1, 65_536).meta({ description: "Ranks that share batch statistics; 1 is none" }),
  classifier: z
    .strictObject({
      split: z.boolean().default(false).meta({ description: "Devices divide its classes; each then computes its part for the samples of all" }),
      sampled: z.number().gt(0).max(1).default(1).meta({ description: "Share of the classes that a step trains" }),
    })
    .optional()
    .meta({ description: "The dense layer before the loss. Left out: every device holds it whole and trains all of its classes" }),
  staging: z.strictObject({
    mode: z.enum(stagingModes).meta({ description: "none: read the file system in training; naive: every node copies what it needs; exchange: each file is read once and sent on; shards: every node copies a part of its own, and all parts are the data set" }),
    samplesPerNode: whole(0).meta({ description: "Samples that a node holds after staging; with shards it follows from the number of nodes" }),
  }),
  input: z
    .strictObject({
      tier: z.enum(sharedTiers).default("file-system").meta({ description: "Where the data set lies" }),
      workersPerDevice: whole(1, 1024).optional().meta({ description: "Reader processes of one device. Left out: what the stack runs" }),
      prefetch: whole(1, 1024).optional().meta({ description: "Batches of a device that may be ready or in preparation. Left out: what the stack keeps" }),
      shuffle: z.enum(shuffles).default("all").meta({ description: "Which samples a node may be given in an epoch: any, or always the same part" }),
    })
    .default({ tier: "file-system", shuffle: "all" }),
  checkpoint: checkpointSchema.optional().meta({ description: "How the run is saved against interruptions; exatwin train reads it" }),
  flopConvention: z.enum(flopConventions).meta({ description: "How the published rates of this run count FLOP" }),
});
export type DataParallelPlan = z.output<typeof dataParallelPlanSchema>;

export const planSchema = z.discriminatedUnion("kind", [dataParallelPlanSchema, layoutPlanSchema]);
export type Plan = z.output<typeof planSchema>;
