/** Models of tests as numbers: what a test does not name is that of a GPT-like dense decoder. */
import { layoutChoicesSchema, type LayoutChoices } from "../../model/schema/plan-layout.ts";
import type { Architecture, Attention, Experts } from "../../model/workload/transformer/architecture.ts";

type Sizes = Partial<Omit<Architecture, "attention" | "experts">> & Pick<Architecture, "hidden" | "layers" | "vocabulary" | "sequence"> & { attention: Pick<Attention, "heads"> & Partial<Attention>; experts?: Pick<Experts, "count" | "topK" | "inner"> & Partial<Experts> };

export function architectureOf({ attention, experts, ...sizes }: Sizes): Architecture {
  const { heads } = attention;
  return {
    encoderLayers: 0, inner: 4 * sizes.hidden, gated: false, stateSpace: null, tiedEmbeddings: true, learnedPositions: 0, normalisation: "layer", biases: "all", parallelBlock: false, extraPredictions: 0, ...sizes,
    attention: {
      keyValueHeads: heads, headSize: sizes.hidden / heads, valueHeadSize: attention.headSize ?? sizes.hidden / heads, queryRank: 0, keyValueRank: 0, rotaryHeadSize: 0, window: 0, fullEvery: 1, causal: true,
      queryKeyNormalisation: false, sinks: false, ...attention,
    },
    experts: experts ? { sharedInner: 0, firstDense: 0, every: 1, capacityFactor: 0, ...experts } : null,
  };
}

/** Sizes that Llama-like models share. */
export const llamaLike = { gated: true, normalisation: "rms", biases: "none", tiedEmbeddings: false } as const;

export const gpt3 = architectureOf({ hidden: 12_288, layers: 96, vocabulary: 51_200, sequence: 2048, learnedPositions: 2048, attention: { heads: 96 } });
export const llama70 = architectureOf({ ...llamaLike, hidden: 8192, layers: 80, inner: 28_672, vocabulary: 128_256, sequence: 8192, attention: { heads: 64, keyValueHeads: 8 } });
export const llama405 = architectureOf({ ...llamaLike, hidden: 16_384, layers: 126, inner: 53_248, vocabulary: 128_256, sequence: 8192, attention: { heads: 128, keyValueHeads: 8 } });
export const mixtral = architectureOf({ ...llamaLike, hidden: 4096, layers: 32, inner: 14_336, vocabulary: 32_000, sequence: 4096, attention: { heads: 32, keyValueHeads: 8 }, experts: { count: 8, topK: 2, inner: 14_336 } });

/** Sizes of DeepSeek-V3 (arXiv:2412.19437). */
export const deepseek3 = architectureOf({
  ...llamaLike, hidden: 7168, layers: 61, inner: 18_432, vocabulary: 129_280, sequence: 4096, extraPredictions: 1,
  attention: { heads: 128, headSize: 128, valueHeadSize: 128, queryRank: 1536, keyValueRank: 512, rotaryHeadSize: 64 }, experts: { count: 256, topK: 8, inner: 2048, sharedInner: 2048, firstDense: 3 },
});

/** Choices of a plan; what is not named is as the document's defaults say. */
export const choicesOf = (choices: Partial<LayoutChoices> = {}): LayoutChoices => ({ ...layoutChoicesSchema.parse({ microBatch: 1, globalBatch: 1, recipe: "bf16" }), ...choices });
