/**
 * Rules that turn a catalogue of published runs of networks made of layers into cases: which figure of a point is a step time, which network, machine and framework its
 * words mean, what a plan is where a row says nothing, and which rows are suspicious, each with its evidence. The first rule that holds counts; settings add up.
 */
import { z } from "zod";
import { because, when } from "./catalogue-rules.ts";
import { head, id, precision, whole } from "./common.ts";
import { flopConventions, optimizers } from "./plan.ts";

/** What a figure says of a step. */
const meanings = ["throughput", "throughput-per-device", "rate", "rate-per-device", "step-time"] as const;

/** Plan of a row; a row's own numbers come before all but `precision`. */
const settings = z.strictObject({
  precision,
  reductionPrecision: precision,
  samplesPerDevice: whole(1, 65_536).meta({ description: "Where the row states no batch" }),
  accumulation: whole(1, 4096).meta({ description: "Passes that a device's samples of a step are divided into" }),
  batchNormalisationGroup: whole(1, 65_536),
  gradientLag: whole(0, 1),
  fusion: z.string().meta({ description: "Size of a buffer of gradients" }),
  optimizer: z.enum(optimizers),
  evaluation: z.number().min(0).max(1).meta({ description: "Share of an epoch's time that the figure gives to evaluation" }),
  classifier: z.enum(["whole", "split"]).meta({ description: "split: devices divide the classes" }),
  sampledClasses: z.number().gt(0).max(1).meta({ description: "Share of the classes that a step trains" }),
  place: z.enum(["workers", "memory"]).meta({ description: "memory: samples are made up or held on the device" }),
});
export type LayerRowSettings = z.output<typeof settings>;

const always = { when };

export const layerCatalogueRulesSchema = z.strictObject({
  ...head,
  sources: z.array(z.strictObject({ title: z.string(), url: z.string(), where: z.string() })).meta({ description: "Where habits of frameworks and settings of runs were read" }),
  metrics: z
    .array(z.strictObject({ ...always, means: z.enum(meanings).optional(), skip: id.optional().meta({ description: "The rule by which such a figure gives no case" }), convention: z.enum(flopConventions).optional(), ...because }))
    .meta({ description: "By metric and unit" }),
  meanings: z.record(id, z.string().min(10)).meta({ description: "What each rule says by which a point gives no case" }),
  epochs: z.array(z.string()).meta({ description: "Regular expressions whose first group is the samples of the epoch that a figure was averaged over" }),
  networks: z.array(z.strictObject({ ...always, workload: id.optional(), skip: id.optional().meta({ description: "The rule by which such a network gives no case" }), ...because })),
  machines: z.array(z.strictObject({ ...always, machine: id, ...because })),
  stacks: z.array(z.strictObject({ ...always, stack: id, ...because })),
  plan: settings.required().omit({ samplesPerDevice: true }),
  settings: z.array(z.strictObject({ ...always, set: settings.partial(), ...because })).meta({ description: "Those that hold add up; the last one wins" }),
  remarks: z.array(z.strictObject({ ...always, reason: z.string().min(10), settles: z.string().min(10) })).meta({ description: "What is known of rows that predictions miss: the reason found, and what data would settle it" }),
  exclusions: z.array(z.strictObject({ rule: id, when, evidence: z.string().min(10) })).meta({ description: "Rows outside the score, with what shows that they are wrong or lack what decides their time" }),
});
export type LayerCatalogueRules = z.output<typeof layerCatalogueRulesSchema>;
