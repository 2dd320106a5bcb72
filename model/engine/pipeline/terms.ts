/** The parts that the time of a transformer step is told in. They add up to the step. Order of the numbers that `timeStep` gives: the step, then these. */
export const transformerTerms = [
  "ideal-compute", "kernel-inefficiency", "memory-bound", "launch", "tensor", "context", "expert", "pipeline-bubble", "pipeline-messages", "data", "optimizer", "offload", "head", "fixed", "jitter",
] as const;
export type TransformerTerm = (typeof transformerTerms)[number];

/** Position of the step and of each term in a result. */
export const Result = { step: 0, ideal: 1, inefficiency: 2, memory: 3, launch: 4, tensor: 5, context: 6, expert: 7, bubble: 8, messages: 9, data: 10, optimizer: 11, offload: 12, head: 13, fixed: 14, jitter: 15, passes: 16 } as const;
/** After the terms: what of the step all micro-batches take together on their stages, with bubble and messages. */
export const resultLength = 17;
