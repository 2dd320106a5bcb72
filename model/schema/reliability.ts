/**
 * What is known of interruptions on a machine, and of saving a run against them. The keys of `reliability` are those of a failure law (calibrations of scope "failure-law"): what a machine
 * does not state, a law that is named stands in for, and the answer says so.
 */
import { z } from "zod";
import { id, whole } from "./common.ts";
import { fact } from "./fact.ts";

const share = () => fact("fraction", { min: 0, max: 1 });

export const recoveryFacts = {
  nodeInterval: fact("time").meta({ description: "Mean time between interruptions of a job that one of its nodes causes: a job of n nodes is interrupted n times as often" }),
  keptFactor: fact("fraction", { min: 1, max: 1000 }).meta({ description: "How many times as often where nodes that failed before stay in use" }),
  detection: fact("time", { min: 0 }).meta({ description: "From the failure until it is noticed and known where" }),
  restart: fact("time", { min: 0 }).meta({ description: "From then until processes run again, without reading the checkpoint" }),
  manualShare: share().meta({ description: "Share of interruptions that wait for people" }),
  manualTime: fact("time", { min: 0 }).meta({ description: "How long they then wait, more" }),
  drainShare: share().meta({ description: "Share of interruptions that take a node out for repair" }),
  repair: fact("time", { min: 0 }).meta({ description: "Until that node is back" }),
  spread: fact("fraction", { min: 0, max: 3 }).meta({ description: "Standard deviation of the logarithm of one down time" }),
} as const;

const optional = Object.fromEntries(Object.entries(recoveryFacts).map(([key, schema]) => [key, schema.optional()])) as { [K in keyof typeof recoveryFacts]: z.ZodOptional<(typeof recoveryFacts)[K]> };

/** Optional block of a machine document. */
export const reliabilitySchema = z.strictObject({
  law: id.optional().meta({ description: "Calibration of scope failure-law that stands in for what is not stated here" }),
  ...optional,
});
export type MachineReliability = z.output<typeof reliabilitySchema>;

export const checkpointModes = ["synchronous", "asynchronous"] as const;
export const checkpointTargets = ["file-system", "burst-buffer", "node"] as const;

/** Optional block of a plan document. */
export const checkpointSchema = z.strictObject({
  interval: fact("time").optional().meta({ description: "Training between two checkpoints. Left out: the interval that loses least" }),
  mode: z.enum(checkpointModes).default("synchronous").meta({ description: "synchronous: the job waits for the write; asynchronous: it waits for a copy in host memory, which is written behind it" }),
  target: z.enum(checkpointTargets).default("file-system").meta({ description: "Where checkpoints go; on storage of the node they are lost with the node" }),
  size: fact("data").optional().meta({ description: "Of one checkpoint. Left out: weights and optimizer states" }),
  sharded: z.boolean().optional().meta({ description: "Every device writes its part; else one node writes all of it. Left out: yes for a transformer, no for a list of layers" }),
  spareNodes: whole(0, 1_000_000).optional().meta({ description: "Nodes kept ready for those that are taken out. Left out: one is always at hand" }),
  suspectNodes: z.enum(["excluded", "kept"]).default("excluded").meta({ description: "What becomes of nodes that failed: taken out until repaired, or given back to the job" }),
});
export type CheckpointPlan = z.output<typeof checkpointSchema>;
