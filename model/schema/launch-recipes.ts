/**
 * How the releases of a framework launched their published runs: choices of the layout that tables of results leave out. A row of a catalogue that names no
 * recomputation, dispatch or graphs takes those of the recipe with its release, model, device, number format and layout.
 */
import { z } from "zod";
import { head, id, whole } from "./common.ts";
import { expertDispatches, launchGraphs, layerSplits, layoutOptimizers, recipes, recomputeModules, recomputes, shardings } from "./plan-layout.ts";
import { pattern, when } from "./catalogue-rules.ts";

const degree = whole(1, 65_536);

export const launchRecipesSchema = z.strictObject({
  ...head,
  sources: z.array(z.strictObject({ title: z.string(), url: z.string(), where: z.string() })).min(1),
  when: when.meta({ description: "Rows that these recipes may speak about" }),
  release: z.strictObject({ field: z.string(), matches: pattern }).meta({ description: "Where a row names its release: the pattern's first group" }),
  releases: z.array(z.string()).min(1).meta({ description: "In their order: a row of another release takes the nearest" }),
  recipes: z.array(
    z.strictObject({
      releases: z.array(z.string()).min(1),
      model: pattern,
      device: id,
      recipes: z.array(z.enum(recipes)).min(1),
      note: z.string().optional(),
      layout: z.strictObject({ tensor: degree, pipeline: degree, context: degree, virtualStages: degree, expert: degree, microBatch: whole(1) }),
      set: z.strictObject({
        recompute: z.enum(recomputes),
        recomputeModules: z.array(z.enum(recomputeModules)).default([]),
        recomputedLayers: whole(1, 100_000).optional(),
        offloadedLayers: whole(1, 100_000).optional().meta({ description: "Layers of a stage whose activations wait in host memory" }),
        optimizer: z.enum(layoutOptimizers).optional(),
        sharding: z.enum(shardings).optional(),
        split: z.enum(layerSplits).optional(),
        graphs: z.enum(launchGraphs),
        narrowAttention: z.boolean().default(false),
        narrowHead: z.boolean().default(false),
        fusedRotation: z.boolean().default(false),
        expertDispatch: z.enum(expertDispatches).optional(),
        overlapExpert: z.boolean().optional(),
        extraPredictions: whole(0, 8).optional(),
      }),
    }),
  ),
});
export type LaunchRecipes = z.output<typeof launchRecipesSchema>;
