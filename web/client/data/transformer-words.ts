/** Words of the transformer page: what controls and their values are called and mean, and what a term of the step means. */
import type { TransformerTerm } from "../../../model/engine/pipeline/terms.ts";
import { count } from "../format.ts";

export const controlWords: Readonly<Record<string, { name: string; help: string }>> = {
  tensor: { name: "Tensor ranks", help: "Divide every layer's products. They sum their results twice a layer and pass, so they belong inside the fast link." },
  pipeline: { name: "Pipeline stages", help: "Divide the layers. Stages wait for each other at the start and the end of a step: the bubble." },
  virtualStages: { name: "Parts a stage", help: "Each stage holds several pieces of the model, which shortens the bubble and sends more messages (interleaving)." },
  schedule: { name: "Schedule", help: "Order of forward and backward passes in the pipeline." },
  context: { name: "Context ranks", help: "Divide the tokens of a sequence; keys and values are exchanged." },
  expert: { name: "Expert ranks", help: "Divide the experts of a layer; tokens travel to them and back." },
  expertTensor: { name: "Expert tensor ranks", help: "Divide one expert's products." },
  sharding: { name: "Sharding", help: "What data ranks divide among themselves: nothing; optimizer states (ZeRO-1); gradients too (ZeRO-2); parameters too (ZeRO-3, FSDP)." },
  microBatch: { name: "Micro-batch", help: "Sequences that a pipeline passes at a time: larger ones run faster and need more memory." },
  globalBatch: { name: "Global batch", help: "Sequences of one step of the optimizer, over all ranks." },
  sequence: { name: "Sequence", help: "Tokens of a sequence." },
  sequenceParallel: { name: "Sequence parallel", help: "Tensor ranks also divide what lies between their products, by tokens: less memory, the same traffic." },
  recompute: { name: "Recompute", help: "What the backward pass computes again instead of keeping it: time for memory." },
  attentionKernel: { name: "Attention", help: "Fused (flash) keeps no scores; unfused writes them to memory." },
  recipe: { name: "Number format", help: "Format of the products." },
};

export const valueWords: Readonly<Record<string, string>> = { true: "yes", false: "no", none: "none", "1f1b": "1F1B", gpipe: "GPipe", "zero-bubble": "zero bubble", dualpipe: "DualPipe", bf16: "BF16", fp16: "FP16", fp32: "FP32", tf32: "TF32", fp8: "FP8", "fp8-block": "FP8, blocks", mxfp8: "MXFP8", nvfp4: "NVFP4", mxfp4: "MXFP4" };

/** Choices without a control of their own, as a found plan or a link may set them. */
const otherWords: Readonly<Record<string, string>> = { shardGroup: "Ranks of a shard group", reshardAfterForward: "Gather shards twice", contextScheme: "Exchange of context ranks", recomputeModules: "Recomputed modules", recomputedLayers: "Recomputed layers", split: "Split of layers", optimizer: "Optimizer", offloadOptimizer: "Optimizer in host memory", offloadActivations: "Activations in host memory", "offload.optimizer": "Optimizer in host memory", "offload.activations": "Activations in host memory", adapterRank: "Rank of adapters" };

export const choiceName = (key: string): string => controlWords[key]?.name ?? otherWords[key] ?? key;
export const choiceValue = (value: unknown): string => (typeof value === "number" ? count(value) : (valueWords[String(value)] ?? String(value)));

/** "Tensor ranks → 4"; paths that are no choice of the plan stay as they are typed. */
export const changeWords = (path: string, value: unknown): string => (path.startsWith("plan.") ? `${choiceName(path.slice(5))} → ${choiceValue(value)}` : `${path} → ${String(value)}`);

export const transformerTermMeanings: Record<TransformerTerm, string> = {
  "ideal-compute": "The step's products on the slowest stage at the data sheet's peak, recomputation included.",
  "kernel-inefficiency": "What real kernels take beyond that: a ceiling below the peak, tiles and waves that do not fill the device, short sums.",
  "memory-bound": "Norms, activations, residuals, casts and unfused scores: device memory sets their pace.",
  launch: "Host time to issue kernels that the device does not hide.",
  tensor: "Sums between tensor ranks, twice a layer and pass, as far as products do not hide them.",
  context: "Keys and values, or tokens for heads, between context ranks.",
  expert: "Tokens to their experts and back.",
  "pipeline-bubble": "The slowest stage waits for the others while the pipeline fills and drains, and where stages are uneven.",
  "pipeline-messages": "Activations and their gradients from stage to stage.",
  data: "Gradients summed over data ranks, and parameters gathered, as far as passes do not hide them.",
  optimizer: "Update of weights and states, once a step.",
  offload: "Transfers to host memory that compute does not hide.",
  head: "Embedding, vocabulary product and loss, where the slowest stage has them.",
  fixed: "What a step takes once and nothing else explains: logging, clipping, synchronisation.",
  jitter: "A step ends when the slowest node does.",
};

export const memoryWords: Readonly<Record<string, string>> = {
  weights: "Parameters as products read them.",
  gradients: "Gradients as they are added up, with the optimizer's copies.",
  optimizer: "Master weights and moments.",
  activations: "What the forward pass keeps for the backward pass, of all micro-batches in flight; and tensors of one layer that is computed again.",
  gathered: "Sharded parameters while they are gathered.",
  logits: "Logits and what the loss keeps of them.",
  workspace: "Scratch of libraries.",
  cache: "What the allocator holds besides what is in use: fragmentation.",
  context: "Kernels, communicators and the driver: memory that no tensor can have.",
};
