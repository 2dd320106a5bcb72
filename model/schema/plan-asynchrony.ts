/** Blocks of a plan that say how little ranks wait for each other: asynchronous schemes, and gradients that are compressed before they are summed. Both are optional: without them every step waits for one sum over all ranks. */
import { z } from "zod";
import { whole } from "./common.ts";
import { fact } from "./fact.ts";

export const asynchronySchemes = ["periodic-averaging", "elastic-averaging", "parameter-server", "independent"] as const;
export const compressionMethods = ["top-k", "low-rank", "quantised"] as const;

export const asynchronySchema = z.strictObject({
  scheme: z.enum(asynchronySchemes).meta({
    description: "periodic-averaging: groups train alone and average their weights (local SGD); elastic-averaging: groups exchange with a centre that pulls them together (EASGD); parameter-server: groups send gradients to servers and take weights, nobody waits for another group; independent: groups never talk, as in a search over hyperparameters",
  }),
  groups: whole(1, 1e7).optional().meta({ description: "Groups whose ranks work in step with one another; left out: every rank is a group" }),
  period: whole(1, 1e7).default(1).meta({ description: "Steps between two exchanges of a group" }),
  servers: whole(1, 1e6).default(1).meta({ description: "Nodes that hold the weights together, each a share of them, besides those that train; with parameter-server and elastic-averaging" }),
  serverBandwidth: fact("bandwidth").optional().meta({ description: "What one server takes in and gives out, each way; left out: the injection of a node" }),
  overlap: z.boolean().default(false).meta({ description: "An exchange runs beside the next step, on weights one exchange older" }),
  penalty: fact("fraction", { min: 0.01, max: 1000 }).optional().meta({ description: "Measured samples to the quality target over those of synchronous training at the same global batch; left out: bounded by theory" }),
  trials: whole(1, 1e9).optional().meta({ description: "Of independent: trainings that wait to be done" }),
  stepsPerTrial: whole(1, 1e12).optional().meta({ description: "Of independent: steps of one training" }),
});
export type AsynchronyPlan = z.output<typeof asynchronySchema>;

export const compressionSchema = z.strictObject({
  method: z.enum(compressionMethods).meta({ description: "top-k: the largest gradients with their places, gathered by all; low-rank: factors, summed (PowerSGD); quantised: fewer bits, summed" }),
  share: fact("fraction", { min: 1e-6, max: 1 }).meta({ description: "Of top-k: elements that are sent; of the others: bytes over those of the gradient" }),
  passes: fact("fraction", { min: 0, max: 1000 }).meta({ description: "Times that compressing and restoring move the gradient through memory" }),
});
export type CompressionPlan = z.output<typeof compressionSchema>;
