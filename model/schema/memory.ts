/**
 * A memory document: what a training framework of one era keeps in device memory, whatever the model, layout or machine. Bytes are per parameter, per logit or per group of
 * ranks; which ranks divide them is the layout's matter. A stack of kind "transformer" names one.
 */
import { z } from "zod";
import { head, whole } from "./common.ts";
import { fact } from "./fact.ts";

const bytes = (description: string) => fact("data", { min: 0 }).meta({ description });

export const selectiveKinds = ["core-attention", "every-second-product"] as const;

export const memorySchema = z.strictObject({
  ...head,
  weight: bytes("Copy of a parameter that products read, beside the master copy; recipes fp32 and tf32 have the master copy alone"),
  shardedWeight: bytes("Of it where ranks shard parameters: 0 B where the master copy is cast while it is gathered (FSDP)"),
  master: bytes("Master copy of a parameter"),
  moment: bytes("One moment of the optimizer; Adam has two"),
  gradient: bytes("Gradient of one parameter, all buffers together, before ranks divide it"),
  gradientFp16: bytes("The same with recipe fp16, where another optimizer runs it. Left out: as gradient").optional(),
  gradientsKept: z.boolean().meta({ description: "Gradients stay after the step; else they live from the backward pass to the update" }),
  gradientCopy: bytes("Copy of the gradient that the optimizer keeps; of its own shard where ranks divide states"),
  stepCopy: bytes("Per parameter held, while weights are updated"),
  stepLargest: bytes("Per element of the largest weight, while weights are updated"),
  activationsAtUpdate: z.boolean().meta({ description: "Activations are still held then" }),
  unusedGradients: z.boolean().meta({ description: "Products add weight gradients into the gradient buffer themselves, and each shape of weight keeps one unused 16-bit gradient" }),
  workspace: bytes("Scratch of libraries that comes from the allocator"),
  gatheredLayers: whole(0, 1000).meta({ description: "Sharded layers that are gathered at once, prefetched ones included" }),
  wholeGradientLayers: whole(0, 1000).meta({ description: "Sharded layers whose gradients are not yet divided" }),
  wholeGradient: bytes("Gradient of a parameter before it is divided, where ranks shard parameters"),
  logit: bytes("Logit with what the loss keeps of it, per token and row of the vocabulary"),
  narrowWeight: bytes("Copies of a weight in the narrow format of the recipe, beside the 16-bit one"),
  narrowInputs: z.boolean().meta({ description: "Inputs of products are kept for the backward pass in the narrow format" }),
  expertLoad: fact("fraction", { min: 1, max: 100 }).meta({ description: "Tokens of the rank whose experts get most, over the mean, where none are dropped" }),
  dividedResiduals: z.boolean().meta({ description: "Tensor ranks divide what lies between their products whether or not by tokens (sharding by a compiler)" }),
  workingShare: fact("fraction", { min: 0, max: 1 }).meta({ description: "Share of one layer's working set that is there at once, where a compiler orders operations" }),
  selective: z.enum(selectiveKinds).meta({ description: "What recompute selective means: the core of attention, or every second product (PyTorch's per-operator checkpointing)" }),
  reservedShare: fact("fraction", { min: 1, max: 3 }).meta({ description: "What the allocator reserves over what is allocated" }),
  reservedMore: bytes("What it reserves whatever the model"),
  context: bytes("Driver context and fixed buffers"),
  communicator: bytes("Each group of ranks that a device exchanges with"),
  exchange: bytes("Buffers of the exchange among experts"),
});
export type MemoryDocument = z.output<typeof memorySchema>;
