/** Names of what device memory holds at its fullest moment, and their columns in a footprint. Together they are what is allocated. */
export const column = {
  weights: 0, gradients: 1, optimizer: 2, gradientCopies: 3, narrowWeights: 4, unusedGradients: 5, workspace: 6, gathered: 7, activations: 8, working: 9, logits: 10, update: 11,
} as const;
export type MemoryPart = keyof typeof column;
export const memoryParts = Object.keys(column) as MemoryPart[];

/** After the parts: allocated (peak), resident after a step, reserved, device, and the stage they are of. */
export const footprintColumns = { allocated: 12, resident: 13, reserved: 14, device: 15, stage: 16 } as const;
export const footprintLength = 17;

export const memoryPartMeans: Readonly<Record<MemoryPart, string>> = {
  weights: "Parameters as products read them",
  gradients: "Gradients as they are added up",
  optimizer: "Master weights and moments of the optimizer",
  gradientCopies: "Copies of gradients that the optimizer makes",
  narrowWeights: "Copies of weights in a narrow format",
  unusedGradients: "Gradient buffers that fused accumulation leaves unused, one for each shape of weight",
  workspace: "Scratch of libraries that comes from the allocator",
  gathered: "Sharded parameters while they are gathered, and their gradients before they are divided",
  activations: "What the forward pass keeps for the backward pass, of all micro-batches in flight",
  working: "Tensors of one layer while it is computed again or gone through backward",
  logits: "Logits and what the loss keeps of them",
  update: "Copies while weights are updated",
};
