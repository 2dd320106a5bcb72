/**
 * Rules that turn a catalogue of published transformer runs into cases: which accelerator, machine and framework its words mean, what a framework does where a row
 * says nothing, which model dimensions a row leaves out, and which rows are suspicious, each with its evidence. Patterns are regular expressions without regard to case.
 */
import { z } from "zod";
import { head, id, whole } from "./common.ts";
import { expertDispatches, launchGraphs, recipes, recomputeModules, recomputes, shardings } from "./plan-layout.ts";

export const pattern = z.string().min(1).superRefine((text, context) => {
  try {
    RegExp(text, "i");
  } catch {
    const problem = { code: "wrong-value", got: JSON.stringify(text), expected: "a regular expression" };
    context.addIssue({ code: "custom", message: problem.expected, params: { problem } });
  }
});
export const because = { note: z.string().min(1).optional() };

/** All must match; none means always. */
export const when = z.array(z.strictObject({ field: z.string().regex(/^(series|point)(\.\w+)+$/).meta({ description: "Path in the series or in the point, such as series.source.url" }), matches: pattern }));

const meaning = <T extends z.ZodRawShape>(shape: T) => z.strictObject({ matches: pattern, ...shape, ...because });

/** How a framework counts FLOP (workload/transformer/flop.ts); none: rates in FLOP/s give no time. */
const flopConventions = ["none", "model-causal", "model-full", "hardware-causal", "hardware-full", "megatron-sc21", "megatron-model", "megatron-selective", "maxtext", "mosaicml", "nemo"] as const;
export type FlopConvention = (typeof flopConventions)[number];

const defaults = z.strictObject({
  sharding: z.enum(shardings),
  sequenceParallel: z.boolean().meta({ description: "Where tensor ranks are more than one" }),
  attentionKernel: z.enum(["flash", "unfused"]),
  recompute: z.enum(recomputes),
  virtualStages: z.union([z.literal(1), z.literal("unknown")]).meta({ description: "unknown: the framework interleaves by default, so that a row without it is incomplete" }),
  recipe: z.enum(recipes).optional().meta({ description: "Where a row states no precision" }),
  expertTensor: z.enum(["one", "tensor"]).meta({ description: "Ranks of one expert" }),
  split: z.enum(["even", "embedding-as-layer"]).meta({ description: "embedding-as-layer only where the layers alone do not divide" }),
  reshardAfterForward: z.boolean(),
  batchOverAllChips: z.boolean().meta({ description: "All chips share the batch, tensor ranks too; dp in the row counts slices (MaxText)" }),
  dropout: z.boolean(),
  expertDispatch: z.enum(expertDispatches),
  graphs: z.enum(launchGraphs),
  overlap: z.strictObject({ gradients: z.boolean(), parameters: z.boolean(), tensor: z.boolean(), pipeline: z.boolean(), expert: z.boolean() }),
});

const numbers = z.record(z.string(), z.union([z.number(), z.boolean(), z.null()]));

export const catalogueRulesSchema = z.strictObject({
  ...head,
  sources: z.array(z.strictObject({ title: z.string(), url: z.string(), where: z.string() })).meta({ description: "Where dimensions of models and habits of frameworks were read" }),
  devices: z.array(meaning({ device: id })),
  machines: z.array(z.strictObject({ when, device: id.optional(), machine: id, ...because })),
  frameworks: z.array(z.strictObject({ family: id, when, stack: id, flopConvention: z.enum(flopConventions), defaults: defaults.partial().optional(), ...because })),
  defaults,
  recipes: z.array(meaning({ recipe: z.enum(recipes) })),
  recomputes: z.array(meaning({ recompute: z.enum(recomputes), modules: z.array(z.enum(recomputeModules)).default([]) })),
  layouts: z.array(z.strictObject({ when, set: defaults.partial(), ...because })).meta({ description: "What some rows of a framework do otherwise than its default" }),
  models: z.array(meaning({ attention: numbers.optional(), experts: numbers.optional(), set: numbers.optional() })).meta({ description: "Dimensions from the model's card; a row's own numbers come first, except those that `overrides` names" }),
  overrides: z.array(meaning({ field: z.string(), got: z.number(), value: z.number() })).meta({ description: "Dimensions that a catalogue states wrongly" }),
  vocabulary: z.array(z.strictObject({ when, vocabulary: whole(1), ...because })),
  heads: z.array(z.strictObject({ when, heads: whole(1), ...because })),
  prose: z
    .array(z.strictObject({ when, workload: id, point: z.record(z.string(), z.union([z.string(), z.number()])).default({}).meta({ description: "What the source's scripts say of every row, by the keys of a point" }), ...because }))
    .default([])
    .meta({ description: "Workload documents that the words of a series mean which describes its network by words" }),
  launches: z.array(id).default([]).meta({ description: "Documents beside this one with the launch recipes of frameworks" }),
  exclusions: z
    .array(z.strictObject({ rule: id, series: pattern, point: z.record(z.string(), z.union([z.string(), z.number()])).default({}), evidence: z.string().min(10) }))
    .meta({ description: "Rows outside the score, with what shows that they are wrong or lack what decides their time" }),
});
export type CatalogueRules = z.output<typeof catalogueRulesSchema>;
