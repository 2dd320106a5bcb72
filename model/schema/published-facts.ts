/**
 * Published figures that predictions are compared with but never read: counts of failures, times of checkpoints, metered energies. Their units are as various as their sources
 * ("1/(1000 node-d)"), so a figure is a plain number with the unit as text; the check that uses it converts it.
 */
import { z } from "zod";
import { head } from "./common.ts";

const published = z
  .strictObject({
    subject: z.string().min(1).meta({ description: "What was observed: system, run, size" }),
    quantity: z.string().min(1),
    value: z.number(),
    unit: z.string().min(1).meta({ description: "As the source prints it" }),
    low: z.number().optional().meta({ description: "Stated range, or the extremes over runs" }),
    high: z.number().optional(),
    bound: z.enum(["at-least", "at-most"]).optional().meta({ description: "The source states the value as a bound" }),
    date: z.string().optional(),
    source: z.string().meta({ description: "Id in sources.json" }),
    note: z.string().optional(),
  })
  .superRefine(({ value, low, high }, context) => {
    if ((low ?? value) <= value && value <= (high ?? value)) return;
    const problem = { code: "wrong-interval", got: `low ${low}, value ${value}, high ${high}`, expected: "low <= value <= high" };
    context.addIssue({ code: "custom", message: problem.expected, params: { problem } });
  });
export type PublishedFact = z.output<typeof published>;

export const publishedFactsSchema = z.strictObject({ ...head, facts: z.record(z.string(), published) });
export type PublishedFacts = z.output<typeof publishedFactsSchema>;
