/**
 * What one rank of a layout has of a model: tokens, heads, channels, shares of recomputation. Scalars in one reused object, filled once per program.
 * Recomputation: `full` and `block` run the whole forward pass of (some) layers again, `selective` the core of attention (Korthikanti et al. 2022), `modules` what is named.
 */
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { paddedRows } from "../../memory/rank-parameters.ts";
import type { Layout } from "../../plan/layout.ts";
import { isNarrow } from "../../plan/recipes.ts";

export interface RankSizes {
  /** Tokens of one micro-batch on one context rank; sequences of it; tokens of a whole sequence. */
  tokens: number;
  sequences: number;
  sequence: number;
  /** Divisor of what lies between tensor-parallel products. */
  between: number;
  /** Elements are of so many bytes. */
  bytes: number;
  trained: boolean;
  /** The recipe's products are narrower than 16 bits. */
  narrow: boolean;
  vocabulary: number;
  /** Shares of the forward pass that the backward pass runs again. */
  againCore: number;
  againProducts: number;
  againNormalisation: number;
  againActivation: number;
  againUp: number;
  againDown: number;
  againExperts: number;
  againLatent: number;
}

/** Doubles from the start, so that no later number changes how the object is laid out. */
export const makeRankSizes = (): RankSizes => ({
  tokens: Number.NaN, sequences: Number.NaN, sequence: Number.NaN, between: Number.NaN, bytes: Number.NaN, trained: true, narrow: false, vocabulary: Number.NaN,
  againCore: Number.NaN, againProducts: Number.NaN, againNormalisation: Number.NaN, againActivation: Number.NaN, againUp: Number.NaN, againDown: Number.NaN, againExperts: Number.NaN, againLatent: Number.NaN,
});
const own = makeRankSizes();

/** Into `sizes`, else into the same object for every call. */
export function sizesOf(architecture: Architecture, layout: Layout, sizes: RankSizes = own): RankSizes {
  const { tensor, context, microBatch, recipe } = layout;
  sizes.sequences = microBatch;
  sizes.sequence = layout.sequence;
  sizes.tokens = (microBatch * layout.sequence) / context;
  sizes.between = layout.sequenceParallel ? tensor : 1;
  sizes.bytes = recipe === "fp32" || recipe === "tf32" ? 4 : 2;
  sizes.narrow = isNarrow(recipe);
  sizes.trained = layout.adapterRank === 0;
  sizes.vocabulary = paddedRows(architecture.vocabulary, layout);
  setRecomputation(architecture, layout, sizes);
  return sizes;
}

function setRecomputation(architecture: Architecture, layout: Layout, sizes: RankSizes): void {
  const { recompute } = layout;
  const all = recompute === "full" ? 1 : recompute === "block" ? Math.min(1, (layout.recomputedLayers * layout.pipeline) / (architecture.layers + architecture.encoderLayers)) : 0;
  sizes.againCore = recompute === "selective" ? 1 : all;
  sizes.againProducts = sizes.againNormalisation = sizes.againActivation = sizes.againUp = sizes.againDown = sizes.againExperts = sizes.againLatent = all;
  if (recompute !== "modules") return;
  for (const module of layout.recomputeModules) {
    switch (module) {
      case "core-attention":
        sizes.againCore = 1;
        break;
      case "attention-products":
        sizes.againProducts = 1;
        break;
      case "normalisation":
        sizes.againNormalisation = 1;
        break;
      case "feed-forward-activation":
        sizes.againActivation = 1;
        break;
      case "feed-forward-up":
        sizes.againUp = sizes.againActivation = 1;
        break;
      case "feed-forward":
        sizes.againUp = sizes.againDown = sizes.againActivation = 1;
        break;
      case "experts":
        sizes.againExperts = 1;
        break;
      case "latent-up-projection":
        sizes.againLatent = 1;
        break;
    }
  }
}
