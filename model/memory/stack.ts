/** What a training framework keeps in device memory, as numbers: bytes per parameter and per logit, copies, and what its allocator and the driver add. A stack document states them as facts. */
export interface MemoryStack {
  /** Copy of a parameter that products read, beside the master copy; none where recipe fp32 or tf32 trains the master copy itself. */
  readonly weight_bytes: number;
  /** Of it where parameters are sharded: 0 where the master copy is cast while it is gathered (FSDP). */
  readonly shardedWeight_bytes: number;
  readonly master_bytes: number;
  /** One moment of the optimizer. */
  readonly moment_bytes: number;
  /** Gradient of one parameter, all buffers together, before ranks divide it. */
  readonly gradient_bytes: number;
  /** The same with recipe fp16. */
  readonly gradientFp16_bytes: number;
  /** Gradients stay after the step; else they live from the backward pass to the step. */
  readonly gradientsKept: boolean;
  /** Copy of the gradient that the optimizer makes: where states are sharded, of its own shard. */
  readonly gradientCopy_bytes: number;
  /** While weights are updated: per parameter held, and per element of the largest weight. */
  readonly stepCopy_bytes: number;
  readonly stepLargest_bytes: number;
  /** Activations are still held then. */
  readonly activationsAtUpdate: boolean;
  /** Weight gradients are added into the gradient buffer by the product itself, and every weight shape keeps one unused 16-bit gradient. */
  readonly unusedGradients: boolean;
  /** Scratch of libraries that comes from the allocator. */
  readonly workspace_bytes: number;
  /** Sharded parameters: layers that are gathered at once, layers of gradients not yet divided, bytes of such a gradient. */
  readonly gatheredLayers: number;
  readonly wholeGradientLayers: number;
  readonly wholeGradient_bytes: number;
  /** Logits with what the loss keeps of them, per token and row of the vocabulary. */
  readonly logit_bytes: number;
  /** Copies of a weight in a narrow format, beside the 16-bit one. */
  readonly narrowWeight_bytes: number;
  /** Inputs of products are kept in the narrow format. */
  readonly narrowInputs: boolean;
  /** Tokens of the rank whose experts get most, over the mean. */
  readonly expertLoad: number;
  /** Tensor ranks divide what lies between their products whether or not by tokens (sharding by a compiler). */
  readonly dividedResiduals: boolean;
  /** Of one layer's working set, where a compiler orders its operations. */
  readonly workingShare: number;
  /** Selective recomputation: the core of attention, or every second product (PyTorch's per-operator checkpointing). */
  readonly selective: "core-attention" | "every-second-product";
  /** Reserved over allocated memory, and what is reserved whatever the model. */
  readonly reservedShare: number;
  readonly reservedMore_bytes: number;
  /** Driver context, each communicator, and buffers of an exchange among experts. */
  readonly context_bytes: number;
  readonly communicator_bytes: number;
  readonly exchange_bytes: number;
}

/** Moments of an optimizer, in values per parameter. Adafactor keeps two vectors per matrix: nothing beside the others. */
export const momentsOf = { adam: 2, "sgd-momentum": 1, adafactor: 0, muon: 1 } as const;
