/** What a term of the step means, for readers who have not seen this model. */
import type { TermId } from "../../../model/prediction.ts";
import type { KindName } from "../../../model/simulate/record.ts";

export const termMeanings: Record<TermId, string> = {
  "ideal-compute": "The step if every multiply-add of the convolutions ran at the peak rate of the data sheet.",
  "kernel-inefficiency": "What real kernels take beyond that: tiles that do not fit, short sums, channels that tensor cores cannot use, and the stack's own factor.",
  "memory-bound": "Operations that only move data: activations, normalisation, additions, layout copies. Device memory sets their pace.",
  optimizer: "Reads and writes of weights and optimizer state once a step.",
  launch: "Host time to start kernels that the device waits for.",
  "normalisation-exchange": "Batch statistics shared between GPUs, twice a layer.",
  communication: "The sum of all gradients over all GPUs, as far as it is not hidden behind the backward pass or, with lag 1, behind the next step.",
  "control-plane": "Ranks agree which gradients are ready before they are summed. At a flat root the messages of all ranks queue up; a tree divides them.",
  input: "Waiting for the next batch: read, decode, copy to the device; the slowest of the three counts, less what the step hides.",
  stragglers: "A synchronous step ends when the slowest GPU does; among many equal GPUs the slowest is further behind.",
};

/** Kinds of operations of a timeline. */
export const kindMeanings: Partial<Record<KindName, string>> = {
  convolution: "Work that multiplies: forward, and backward once for the data and once for the weights.",
  memory: "Operations that only move data: activations, normalisation, additions, layout copies.",
  optimizer: "Applies the summed gradients to the weights; it needs every sum.",
  launch: "Host time to start kernels that the device waits for.",
  normalisationExchange: "Batch statistics shared between devices.",
  classExchange: "Each device has a part of the classes: features of all samples come to it, and the parts of each sample's loss are joined.",
  dividedUpdate: "Each device updates its part of the classes.",
  negotiate: "A rank tells the root that one gradient is ready.",
  answer: "The root's word to all ranks that a buffer of gradients is agreed; it goes out when the last rank has announced.",
  allReduce: "The sum of one buffer of gradients over all ranks; it begins when the last rank is ready.",
  read: "The next batch from storage.",
  decode: "The next batch made ready by reader processes.",
  copy: "The next batch to the device.",
  bucketCopy: "A gradient copied into the buffer that is summed, or back.",
  accumulate: "A gradient added to those of earlier local batches.",
};

/** Words of the timeline's sheet and tables. */
export const timelineMeanings: Readonly<Record<string, string>> = {
  waits: "The rank is ready and others are not: a sum begins when the last has come.",
  binds: "The limit that sets how long the operation takes.",
  slack: "How much later it could end without making the step longer, all else as it is.",
  "fullest link": "Of the links that carry the largest sum, the one closest to its capacity.",
  "on path": "Time on the critical path: the chain of operations, each begun when the one before ended, that makes the step as long as it is. It adds up to the step.",
  busy: "Time in which the slowest rank does this, on the critical path or beside it.",
  wait: "The slowest rank is ready for a sum and others are not.",
  idle: "The compute stream of the slowest rank has nothing to do.",
};
