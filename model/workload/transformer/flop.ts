/**
 * FLOP of one training step per sequence, in the conventions that published rates of transformers use. Forward once, backward twice; hardware FLOP add what the backward pass
 * runs again. Experts count as far as a token goes to them. A rate means nothing without its convention: rates convert by the ratio of two counts.
 */
import type { recomputeModules, recomputes } from "../../schema/plan-layout.ts";
import type { ConventionDescription } from "../flop.ts";
import type { Architecture } from "./architecture.ts";
import { countTransformerParameters } from "./count-parameters.ts";
import { countForwardFlop, sumLayers, type ForwardFlop } from "./forward-flop.ts";

export const transformerFlopConventions = [
  "model-causal", "model-full", "hardware-causal", "hardware-full", "megatron-sc21", "megatron-model", "megatron-selective", "six-parameters", "six-parameters-without-embedding", "palm", "maxtext", "mosaicml", "nemo",
] as const;
export type TransformerFlopConvention = (typeof transformerFlopConventions)[number];

export const transformerConventionDescriptions: Readonly<Record<TransformerFlopConvention, ConventionDescription>> = {
  "model-causal": {
    title: "Model, causal",
    description: "Three times the products of the forward pass with head; of the scores only those that the mask leaves: half of the square, or the window. What Megatron-LM and Megatron-Bridge report since 2024, MaxText since 2025.",
    source: "Megatron-LM, megatron/training/training.py, num_floating_point_operations",
  },
  "model-full": {
    title: "Model, full attention",
    description: "As the causal count, but every token is scored against every other one, or against a whole window.",
    source: "Korthikanti et al., arXiv:2205.05198, appendix A, for any architecture",
  },
  "hardware-causal": { title: "Hardware, causal", description: "The causal model count, and once more what the backward pass computes again. Kernels that compute scores again by themselves (flash attention) count as if they did not.", source: "Korthikanti et al., arXiv:2205.05198, section 5" },
  "hardware-full": { title: "Hardware, full attention", description: "The full-attention model count, and once more what the backward pass computes again.", source: "Korthikanti et al., arXiv:2205.05198, section 5" },
  "megatron-sc21": {
    title: "Megatron-LM 2021",
    description: "96 s L h^2 (1 + s/6h + V/16Lh): four forward passes of the layers, so with full recompute whether it ran or not; every feed-forward part 4h wide and not gated, as many key-value heads as heads.",
    source: "Narayanan et al., SC21, arXiv:2104.04473, appendix",
  },
  "megatron-model": { title: "Megatron-LM, without recompute", description: "72 s L h^2 (1 + s/6h + V/12Lh), with the same assumptions on the layers.", source: "Korthikanti et al., arXiv:2205.05198, appendix A" },
  "megatron-selective": {
    title: "Megatron-LM, selective recompute",
    description: "72 s L h^2 (1 + s/3h + V/12Lh): scores and mix twice as often as without recompute, although running them once more in the forward pass makes it four thirds. What the published hardware utilisations of 2022 are.",
    source: "Korthikanti et al., arXiv:2205.05198, appendix A; the factor is the one that gives the published 43.7, 52.8, 57.0 and 57.0 % from the iteration times",
  },
  "six-parameters": { title: "6 N", description: "Six for every parameter that a token meets, embedding and positions included; scores do not count.", source: "Hoffmann et al., arXiv:2203.15556, section 3" },
  "six-parameters-without-embedding": { title: "6 N without embedding", description: "Six for every parameter that a token meets, without tables of words and positions; a tied matrix counts for neither end.", source: "Kaplan et al., arXiv:2001.08361, section 2.1" },
  palm: { title: "PaLM", description: "6 N and 12 L s a d: all parameters that a token meets, and full attention.", source: "Chowdhery et al., arXiv:2204.02311, appendix B" },
  maxtext: { title: "MaxText until 2024", description: "The products of layers and head three times, with full attention: the same as the full-attention model count.", source: "MaxText, maxtext_utils.py, calculate_tflops_training_per_device before attention was halved" },
  mosaicml: { title: "MosaicML", description: "6 N and 12 L s h for all parameters, with full attention and heads that together are as wide as the model.", source: "LLM Foundry, ComposerMPTCausalLM.flops_per_batch" },
  nemo: {
    title: "NeMo",
    description: "s L h^2 (12 + 12 k/a + 18 f/h + 12 s/h + 6V/Lh), 12 f/h without gate, f times the experts of a token: full attention, heads that together are as wide as the model, shared experts left out. NeMo halves the term of scores for Qwen3, and counts DeepSeek by its own formula.",
    source: "NeMo, nemo/utils/flops_formulas.py, llama3, nemotron and mixtral",
  },
};

/** What the backward pass runs again, as a layout says it. `blockShare`: part of the layers that recompute `block` covers. */
export interface Recomputed {
  readonly recompute: (typeof recomputes)[number];
  readonly recomputeModules: ReadonlyArray<(typeof recomputeModules)[number]>;
  readonly blockShare: number;
}
export const nothingRecomputed: Recomputed = { recompute: "none", recomputeModules: [], blockShare: 0 };

/** Of one sequence; a step has as many as its global batch. */
export function countTransformerFlop(architecture: Architecture, convention: TransformerFlopConvention, sequence = architecture.sequence, recomputed: Recomputed = nothingRecomputed): number {
  switch (convention) {
    case "model-causal":
    case "model-full":
    case "maxtext":
      return countModel(architecture, sequence, convention === "model-causal" ? "causal" : "full", nothingRecomputed);
    case "hardware-causal":
    case "hardware-full":
      return countModel(architecture, sequence, convention === "hardware-causal" ? "causal" : "full", recomputed);
    case "megatron-sc21":
      return countMegatron(architecture, sequence, 4, 4);
    case "megatron-model":
      return countMegatron(architecture, sequence, 3, 3);
    case "megatron-selective":
      return countMegatron(architecture, sequence, 3, 6);
    case "nemo":
      return countNemo(architecture, sequence);
    default:
      return countByParameters(architecture, convention, sequence);
  }
}

function countModel(architecture: Architecture, sequence: number, pairs: "causal" | "full", recomputed: Recomputed): number {
  const forward = countForwardFlop(architecture, sequence, pairs);
  return 3 * (sumLayers(forward) + forward.ends) + countAgain(forward, recomputed);
}

function countAgain(forward: ForwardFlop, { recompute, recomputeModules, blockShare }: Recomputed): number {
  switch (recompute) {
    case "none":
      return 0;
    case "selective":
      return forward.coreAttention;
    case "block":
      return blockShare * sumLayers(forward);
    case "full":
      return sumLayers(forward);
    case "modules":
      return recomputeModules.reduce((total, module) => total + flopOfModule(forward, module, recomputeModules), 0);
  }
}

/** Norms and activations have no products; the way out of the latent is one of the attention's products and counts once. */
function flopOfModule(forward: ForwardFlop, module: (typeof recomputeModules)[number], all: Recomputed["recomputeModules"]): number {
  switch (module) {
    case "core-attention":
      return forward.coreAttention;
    case "attention-products":
      return forward.attentionProducts;
    case "latent-up-projection":
      return all.includes("attention-products") ? 0 : forward.latentUpProjection;
    case "feed-forward":
      return forward.feedForward;
    case "feed-forward-up":
      return all.includes("feed-forward") ? 0 : forward.feedForwardUp;
    case "experts":
      return forward.experts;
    case "normalisation":
    case "feed-forward-activation":
      return 0;
  }
}

function countMegatron({ layers, encoderLayers, hidden, vocabulary }: Architecture, sequence: number, passes: number, scorePasses: number): number {
  return (layers + encoderLayers) * sequence * hidden * (24 * passes * hidden + 4 * scorePasses * sequence) + 6 * sequence * vocabulary * hidden;
}

function countNemo({ layers, encoderLayers, hidden, inner, gated, experts, vocabulary, attention }: Architecture, sequence: number): number {
  const wide = experts === null ? inner : experts.topK * experts.inner;
  return sequence * (layers + encoderLayers) * hidden * (hidden * (12 + (12 * attention.keyValueHeads) / attention.heads) + (gated ? 18 : 12) * wide + 12 * sequence) + 6 * sequence * vocabulary * hidden;
}

function countByParameters(architecture: Architecture, convention: "six-parameters" | "six-parameters-without-embedding" | "palm" | "mosaicml", sequence: number): number {
  const { active, activeComponents } = countTransformerParameters(architecture);
  const { hidden, attention } = architecture;
  const parameters = convention === "six-parameters-without-embedding" ? active - activeComponents.embedding - activeComponents.positions : active;
  const width = convention === "palm" ? attention.heads * attention.headSize : convention === "mosaicml" ? hidden : 0;
  return sequence * (6 * parameters + 12 * (architecture.layers + architecture.encoderLayers) * sequence * width);
}
