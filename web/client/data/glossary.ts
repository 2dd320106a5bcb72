/** What a term of the step means, for readers who have not seen this model. */
import type { TermId } from "../../../model/prediction.ts";

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
