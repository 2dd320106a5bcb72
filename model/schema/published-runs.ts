/**
 * Published runs of one source, as the catalogue that they were collected in states them: series of points, whose words rules read (catalogues/*.json). Transformers have the
 * numbers of a `model`, vision and science networks the prose of a `workload`. What a source does not state is left out; further keys are kept as they are.
 */
import { z } from "zod";
import { head } from "./common.ts";

const words = z.record(z.string(), z.unknown());
const text = z.string().min(1);

const point = z.looseObject({
  accelerators: z.number().positive().optional(),
  metric: text.meta({ description: "What was measured, such as s_per_iteration or samples_per_s" }),
  value: z.number().optional().meta({ description: "Left out where the run has another outcome than a figure, such as out of memory" }),
  unit: text.optional().meta({ description: "As the source prints it" }),
  how: text.meta({ description: "stated, derived: formula, or read off plot" }),
});

const series = z
  .strictObject({
    id: text.meta({ description: "Unique over all documents" }),
    title: text,
    year: z.number().int(),
    source: z.strictObject({
      title: text,
      authors: text.optional(),
      url: z.union([z.url(), z.array(z.url()).min(1)]),
      where: text.optional().meta({ description: "Section, table or file" }),
      verified: z.enum(["in-source", "secondary"]).meta({ description: "Read in the source, or quoted by another" }),
    }),
    machine: z.union([text, words]),
    model: words.optional(),
    workload: words.optional(),
    setup: words.optional(),
    scaling: z.array(text).optional().meta({ description: "What the points of the series differ in" }),
    provenance: text.optional().meta({ description: "Where the numbers are not of a clock, such as computed" }),
    notes: text.optional(),
    points: z.array(point).min(1),
  })
  .superRefine(({ model, workload }, context) => {
    if ((model === undefined) !== (workload === undefined)) return;
    const problem = { code: "wrong-value", got: model === undefined ? "neither model nor workload" : "both model and workload", expected: "model (of a transformer) or workload (of another network)" };
    context.addIssue({ code: "custom", message: problem.expected, params: { problem } });
  });
export type PublishedSeries = z.output<typeof series>;

export const publishedRunsSchema = z.strictObject({
  ...head,
  series: z.array(series),
  leftOut: z
    .array(z.strictObject({ id: text, points: z.number().int().min(1), why: text }))
    .default([])
    .meta({ description: "Series of the same source that its catalogue has and this document has not" }),
});
export type PublishedRuns = z.output<typeof publishedRunsSchema>;
