/** FLOP by convention: against published rates and utilisations, and relations that hold for every architecture. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transformerOptionsSchema, type TransformerOptions } from "../../../../model/schema/transformer.ts";
import { countTransformerParameters } from "../../../../model/workload/transformer/count-parameters.ts";
import { countTransformerFlop, nothingRecomputed, transformerConventionDescriptions, transformerFlopConventions, type Recomputed } from "../../../../model/workload/transformer/flop.ts";
import { countForwardFlop, sumLayers } from "../../../../model/workload/transformer/forward-flop.ts";
import { makeArchitecture } from "../../../../model/workload/transformer/make-architecture.ts";

const make = (options: object) => makeArchitecture(transformerOptionsSchema.parse(options));
const gpt = (layers: number, hidden: number, heads: number, vocabulary = 51_200) =>
  make({ hidden, layers, heads, inner: 4 * hidden, gated: false, vocabulary, tiedEmbeddings: true, learnedPositions: 2048, normalisation: "layer", biases: "all", sequence: 2048 });
const llama = { gated: true, normalisation: "rms", biases: "none" };
const llama405 = make({ ...llama, hidden: 16_384, layers: 126, heads: 128, keyValueHeads: 8, inner: 53_248, vocabulary: 128_256, sequence: 8192 });
const full: Recomputed = { ...nothingRecomputed, recompute: "full" };

describe("published utilisations of A100 (312 TFLOP/s) from iteration times", () => {
  /** Korthikanti et al., arXiv:2205.05198, table 5, selective recompute: model and hardware FLOP utilisation. */
  it.each([
    ["22B", gpt(48, 6144, 64), 8, 4, 1.1, 41.5, 43.7],
    ["175B", gpt(96, 12_288, 96), 64, 64, 13.75, 51.4, 52.8],
    ["530B", gpt(105, 20_480, 128), 280, 280, 37.83, 56.0, 57.0],
    ["1T", gpt(128, 25_600, 160), 512, 512, 71.49, 56.3, 57.0],
  ])("of GPT %s", (_name, architecture, devices, batch, time_s, model, hardware) => {
    const utilisation = (convention: "megatron-model" | "megatron-selective" | "model-full") => (100 * batch * countTransformerFlop(architecture, convention)) / (devices * 312e12 * time_s);
    expect(Math.abs(utilisation("megatron-model") - model)).toBeLessThan(0.25);
    expect(Math.abs(utilisation("megatron-selective") - hardware)).toBeLessThan(0.25);
    expect(utilisation("model-full")).toBeCloseTo(utilisation("megatron-model"), 9);
  });

  it("of BLOOM 176B: 149.02 TFLOP/s at 105.22 s on 384 devices (training log, iteration 12,695)", () => {
    expect((2048 * countTransformerFlop(gpt(70, 14_336, 112, 250_880), "megatron-sc21")) / (384 * 105.22) / 1e12).toBeCloseTo(149.02, 0);
  });
});

describe("BERT base with 20 of 128 tokens predicted", () => {
  const bert = { hidden: 768, layers: 12, heads: 12, inner: 3072, causal: false, gated: false, vocabulary: 30_522, learnedPositions: 512, normalisation: "layer", biases: "all", tiedEmbeddings: true, headProduct: true, sequence: 128 };

  it("by hand: 21.74 GFLOP of weights, 0.60 of scores and 0.96 of the head in a forward pass", () => {
    const forward = countForwardFlop(make({ ...bert, predictedTokens: 20 }), 128, "causal");
    expect(forward.attentionProducts + forward.feedForward).toBeCloseTo(128 * 12 * 24 * 768 ** 2, -3);
    expect(forward.coreAttention).toBeCloseTo(12 * 4 * 128 ** 2 * 768, -3);
    expect(forward.ends).toBeCloseTo(20 * 2 * 768 * (30_522 + 768), -3);
    expect(countTransformerFlop(make({ ...bert, predictedTokens: 20 }), "model-causal") / 1e9).toBeCloseTo(69.93, 1);
  });

  it("a head over all tokens is 6.4 times as much, and no sequence predicts more than it has", () => {
    const ends = (predictedTokens: number, sequence: number) => countForwardFlop(make({ ...bert, predictedTokens }), sequence, "full").ends;
    expect(ends(0, 128) / ends(20, 128)).toBeCloseTo(6.4, 9);
    expect(ends(20, 512)).toBe(ends(20, 128));
    expect(ends(20, 16)).toBe(ends(0, 16));
  });
});

describe("published rates over tokens", () => {
  /** Megatron-Bridge performance summary: TFLOP/s and tokens/s of one device. */
  it("of Megatron-Bridge count causal attention: Llama 3.1 405B", () => {
    const perToken = countTransformerFlop(llama405, "model-causal") / 8192;
    for (const [tflop, tokens] of [[2646, 1048], [2403, 952], [3575, 1413], [822, 326]] as const) expect(perToken / ((tflop * 1e12) / tokens)).toBeCloseTo(1, 2);
  });

  it("of Megatron-Bridge count further predictions: DeepSeek-V3", () => {
    const deepseek = make({
      ...llama, hidden: 7168, layers: 61, heads: 128, headSize: 128, latentAttention: { queryRank: 1536, keyValueRank: 512, rotaryHeadSize: 64, valueHeadSize: 128 }, inner: 18_432,
      experts: { count: 256, topK: 8, inner: 2048, sharedInner: 2048, firstDense: 3 }, vocabulary: 129_280, extraPredictions: 1, sequence: 4096,
    });
    expect(countTransformerFlop(deepseek, "model-causal") / 4096 / (1635e12 / 6288)).toBeCloseTo(1, 2);
  });

  /** Chowdhery et al., arXiv:2204.02311, section 4.1 and table 3: 238.3 thousand tokens/s on 6,144 TPU v4 (275 TFLOP/s); 46.2 %, and 45.7 % without scores. */
  it("of PaLM 540B", () => {
    const palm = make({
      hidden: 18_432, layers: 118, heads: 48, keyValueHeads: 1, headSize: 256, inner: 73_728, gated: true, vocabulary: 256_000, tiedEmbeddings: true, normalisation: "layer", normalisationBiases: false,
      normsPerLayer: 1, biases: "none", parallelBlock: true, sequence: 2048,
    });
    const utilisation = (convention: "palm" | "six-parameters") => (100 * 238_300 * countTransformerFlop(palm, convention)) / 2048 / (6144 * 275e12);
    expect(countTransformerParameters(palm).total / 540.35e9).toBeCloseTo(1, 3);
    expect(utilisation("palm")).toBeCloseTo(46.2, 1);
    expect(utilisation("six-parameters")).toBeCloseTo(45.7, 1);
  });

  /** LLM Foundry, benchmarking README, H100 80 GB: 8 devices, 11,072 tokens/s at 8,192 tokens is 29.92 % of 989.5 TFLOP/s, MPT-30B with learned positions and biases. */
  it("of MosaicML: MPT-30B at three lengths", () => {
    for (const [sequence, devices, rate, utilisation] of [[8192, 8, 11_072, 29.92], [4096, 8, 14_419, 35.86], [2048, 32, 73_860, 43.92]] as const) {
      const mpt = make({ hidden: 7168, layers: 48, heads: 56, inner: 28_672, gated: false, vocabulary: 50_368, tiedEmbeddings: true, learnedPositions: sequence, normalisation: "layer", biases: "all", sequence });
      const found = (100 * rate * countTransformerFlop(mpt, "mosaicml")) / sequence / (devices * 989.5e12);
      expect(Math.abs(found - utilisation)).toBeLessThan(0.02);
    }
  });

  /** Brown et al., arXiv:2005.14165, table D.1: 3.14e23 FLOP for 300 billion tokens. */
  it("of GPT-3 as six per parameter", () => {
    expect((300e9 * countTransformerFlop(gpt(96, 12_288, 96, 50_257), "six-parameters")) / 2048 / 3.14e23).toBeCloseTo(1, 2);
  });
});

describe("conventions of any architecture", () => {
  const architectures = fc
    .record({ layers: fc.integer({ min: 1, max: 12 }), heads: fc.integer({ min: 1, max: 8 }), headSize: fc.integer({ min: 4, max: 64 }), gated: fc.boolean(), sequence: fc.integer({ min: 2, max: 4096 }), experts: fc.boolean(), window: fc.integer({ min: 0, max: 512 }) })
    .map(({ experts, window, heads, headSize, ...rest }) => ({
      ...rest, heads, headSize, hidden: heads * headSize, inner: 3 * heads * headSize, vocabulary: 1000, normalisation: "rms", biases: "none",
      ...(experts ? { experts: { count: 8, topK: 2, inner: 64, firstDense: Math.min(1, rest.layers - 1) } } : {}), ...(window > 0 ? { window: { tokens: window } } : {}),
    }));

  it("stand in order: causal below full, model below hardware, and full recompute adds one forward pass of the layers", () => {
    fc.assert(
      fc.property(architectures, (options) => {
        const architecture = make(options);
        const of = (convention: (typeof transformerFlopConventions)[number], recomputed = full) => countTransformerFlop(architecture, convention, undefined, recomputed);
        expect(of("model-causal")).toBeLessThan(of("model-full"));
        expect(of("hardware-full") - of("model-full")).toBeCloseTo(sumLayers(countForwardFlop(architecture, architecture.sequence, "full")), -3);
        expect(of("hardware-causal", nothingRecomputed)).toBe(of("model-causal"));
        expect(of("maxtext")).toBe(of("model-full"));
        const each = of("hardware-full", { recompute: "modules", recomputeModules: ["core-attention", "attention-products", "latent-up-projection", "feed-forward", "experts", "normalisation"], blockShare: 0 });
        const routers = countForwardFlop(architecture, architecture.sequence, "full").router;
        expect(each + routers).toBeCloseTo(of("hardware-full"), -3);
        expect(of("hardware-full", { ...full, recompute: "block", blockShare: 0.5 })).toBeCloseTo((of("hardware-full") + of("model-full")) / 2, -3);
      }),
    );
  });

  it("agree on a plain GPT, where the closed formulas hold", () => {
    const architecture = gpt(4, 512, 8);
    expect(countTransformerFlop(architecture, "megatron-model")).toBeCloseTo(countTransformerFlop(architecture, "model-full"), -3);
    expect(countTransformerFlop(architecture, "nemo")).toBeCloseTo(countTransformerFlop(architecture, "model-full"), -3);
    expect(countTransformerFlop(architecture, "hardware-full", 2048, full)).toBeCloseTo(countTransformerFlop(architecture, "megatron-sc21"), -3);
    expect(countTransformerFlop(architecture, "palm")).toBe(countTransformerFlop(architecture, "mosaicml"));
  });

  it("see a window, an encoder, a latent, a further prediction, an image and a state space", () => {
    const base = { hidden: 64, layers: 4, heads: 4, inner: 256, gated: false, vocabulary: 512, normalisation: "layer", biases: "all", sequence: 256 } as const;
    const of = (extra: Partial<Record<keyof TransformerOptions, unknown>>) => countTransformerFlop(make({ ...base, ...extra }), "model-causal");
    expect(of({ window: { tokens: 32 } })).toBeLessThan(of({ window: { tokens: 32, fullEvery: 2 } }));
    expect(of({ window: { tokens: 32, fullEvery: 2 } })).toBeLessThan(of({}));
    expect(of({ encoderLayers: 4 })).toBeGreaterThan(2 * (of({}) - of({ layers: 1 })));
    expect(of({ extraPredictions: 1 }) - of({})).toBeCloseTo(of({ layers: 5 }) - of({}) + 6 * 256 * (512 * 64 + 2 * 64 * 64), -1);
    expect(of({ causal: false })).toBe(countTransformerFlop(make(base), "model-full"));
    expect(of({ headSize: 16, latentAttention: { keyValueRank: 8, rotaryHeadSize: 4, valueHeadSize: 16 } })).not.toBe(of({}));
    const space = { inner: 128, state: 16, groups: 2, headSize: 16 };
    expect(of({ stateSpace: { ...space, layers: 3, feedForwardLayers: 0 } })).not.toBe(of({}));
    expect(of({ layers: 8, stateSpace: { ...space, layers: 3, feedForwardLayers: 4 } })).toBeCloseTo(of({ stateSpace: { ...space, layers: 3 } }), -1);
  });

  it("are described, each with a source", () => {
    for (const convention of transformerFlopConventions) expect(transformerConventionDescriptions[convention].source.length).toBeGreaterThan(10);
    expect(Object.keys(transformerConventionDescriptions)).toEqual([...transformerFlopConventions]);
  });
});
