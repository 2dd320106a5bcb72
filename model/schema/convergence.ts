/**
 * A convergence document: how much training one workload needs to reach its quality target at several global batches, each with hyperparameters tuned for it.
 * The law through them is computed (model/convergence); what a document leaves out it cannot answer, such as steps where no one says what an epoch holds.
 */
import { z } from "zod";
import { head, id, whole } from "./common.ts";
import { fact } from "./fact.ts";

export const convergenceUnits = ["epochs", "samples", "tokens"] as const;

const point = z.strictObject({
  batch: whole(1, 1e9).meta({ description: "Global batch in samples" }),
  value: z.number().positive().meta({ description: "Mean over runs" }),
  low: z.number().positive().optional(),
  high: z.number().positive().optional().meta({ description: "low and high: extremes over the runs" }),
  runs: whole(1, 1e6).optional(),
  excluded: z.string().min(1).optional().meta({ description: "Why the law is not fitted to this point" }),
  note: z.string().optional(),
});

export const convergenceSchema = z
  .strictObject({
    ...head,
    workloads: z.array(id).meta({ description: "Workload documents that it speaks of; empty where this library has none" }),
    target: z.string().min(1).meta({ description: "The quality that ends training" }),
    unit: z.enum(convergenceUnits),
    samplesPerEpoch: fact("count", { min: 1 }).optional().meta({ description: "Samples of one epoch, for a count in epochs" }),
    tokensPerSample: fact("count", { min: 1 }).optional().meta({ description: "Tokens of one sample, for a count in tokens" }),
    points: z.array(point).min(2),
  })
  .superRefine(({ points }, context) => {
    const seen = new Set<number>();
    points.forEach(({ batch, value, low, high }, index) => {
      const refuse = (path: string, got: string, expected: string): void => context.addIssue({ code: "custom", path: ["points", index, path], message: expected, params: { problem: { code: "wrong-value", got, expected } } });
      if (seen.has(batch)) refuse("batch", String(batch), "a batch that no other point has");
      seen.add(batch);
      if ((low ?? value) > value || (high ?? value) < value) refuse("value", `low ${low}, value ${value}, high ${high}`, "low <= value <= high");
    });
  });
export type Convergence = z.output<typeof convergenceSchema>;
