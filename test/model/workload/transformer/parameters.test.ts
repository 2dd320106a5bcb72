/** Parameters of the stored transformers by component, against model cards and papers, and what each key of an architecture adds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../../../../model/schema/parse.ts";
import { transformerOptionsSchema, type TransformerOptions, type TransformerWorkload } from "../../../../model/schema/transformer.ts";
import type { Architecture } from "../../../../model/workload/transformer/architecture.ts";
import { countTransformerParameters } from "../../../../model/workload/transformer/count-parameters.ts";
import { layerCounts } from "../../../../model/workload/transformer/layer-counts.ts";
import { makeArchitecture } from "../../../../model/workload/transformer/make-architecture.ts";
import { library } from "../../../support/library.ts";

const stored = Object.entries(library.documents.workload).flatMap(([id, raw]): [string, Architecture][] => {
  const { document } = parseDocument("workload", raw, id);
  return document?.family === "transformer" ? [[id, makeArchitecture((document as TransformerWorkload).options)]] : [];
});
const architectureOf = (id: string) => stored.find(([name]) => name === id)?.[1] as Architecture;

/** To the unit: checkpoints on the Hugging Face hub, and for MPT the table of the LLM Foundry benchmark. */
const exact: Readonly<Record<string, number>> = {
  "bloom-176b": 176_247_271_424, "llama2-7b": 6_738_415_616, "llama2-13b": 13_015_864_320, "llama2-70b": 68_976_648_192, "llama3-8b": 8_030_261_248, "llama3-70b": 70_553_706_496, "llama3-405b": 405_853_388_800,
  "mixtral-8x7b": 46_702_792_704, "qwen3-30b-a3b": 30_532_122_624, "qwen3-235b-a22b": 235_093_634_560, "gpt-oss-20b": 20_914_757_184, "gpt-oss-120b": 116_829_156_672, "deepseek-v2": 235_741_434_880,
  "kimi-k2": 1_026_408_232_448, "bert-base": 110_106_428, "bert-large": 336_226_108, "t5-11b": 11_307_321_344, "vit-h14": 632_045_800, "nemotron3-nano-30b-a3b": 31_577_937_344,
  "mpt-1b": 1_315_950_592, "mpt-3b": 2_651_837_440, "mpt-7b": 6_658_859_008, "mpt-13b": 12_853_954_560, "mpt-30b": 29_975_214_080, "mpt-70b": 64_862_437_376,
};
/** As titles, papers and cards round them: Brown et al. 2020; Narayanan et al. 2021, tables 1 and 2; Korthikanti et al. 2022; Smith et al. 2022; Chowdhery et al. 2022; Nemotron-4 and Nemotron-H reports; xAI; Meta; OLMo 2's card. */
const about: Readonly<Record<string, number>> = {
  "gpt3-175b": 174.6e9, "gpt-1t": 1008e9, "gpt-22b": 22e9, "gpt-530b": 529.6e9, "mt-nlg-530b": 530e9, "palm-540b": 540.35e9, "nemotron4-15b": 15.6e9, "nemotron4-340b": 341e9, "nemotron-h-8b": 8.1e9, "nemotron-h-56b": 56e9,
  "grok-1": 314e9, "olmo2-7b": 7.3e9, "llama4-scout": 108e9, "llama4-maverick": 400e9, "mixtral-8x22b": 140.6e9, "deepseek-v3": 682.6e9,
};
/** Per token, in billions: both ends included, for gpt-oss (whose card leaves the embedding out) without it. */
const active: Readonly<Record<string, number>> = { "mixtral-8x7b": 12.9, "qwen3-30b-a3b": 3.3, "qwen3-235b-a22b": 22.2, "deepseek-v2": 21.4, "kimi-k2": 32.9, "llama4-scout": 17.2, "llama4-maverick": 17.2 };

describe("the stored transformers", () => {
  it("each have a published number of parameters", () => {
    expect(stored.map(([id]) => id).toSorted()).toEqual([...Object.keys(exact), ...Object.keys(about)].toSorted());
  });
  it.each(Object.entries(exact))("%s to the unit", (id, parameters) => expect(countTransformerParameters(architectureOf(id)).total).toBe(parameters));
  it.each(Object.entries(about))("%s as rounded", (id, parameters) => expect(Math.abs(countTransformerParameters(architectureOf(id)).total / parameters - 1)).toBeLessThan(0.012));
  it.each(Object.entries(active))("%s per token", (id, billions) => expect(Math.abs(countTransformerParameters(architectureOf(id)).active / 1e9 / billions - 1)).toBeLessThan(0.02));

  it("of gpt-oss are active as its card says, without embedding: 5.13 and 3.61 billion", () => {
    for (const [id, billions] of [["gpt-oss-120b", 5.13], ["gpt-oss-20b", 3.61]] as const) {
      const { active: all, activeComponents } = countTransformerParameters(architectureOf(id));
      expect((all - activeComponents.embedding) / 1e9).toBeCloseTo(billions, 2);
    }
  });

  it("of DeepSeek-V3 are 671 billion without its further prediction, of which 37.55 are active", () => {
    const { total, active: each } = countTransformerParameters({ ...architectureOf("deepseek-v3"), extraPredictions: 0 });
    expect(total).toBe(671_026_419_200);
    expect(each / 1e9).toBeCloseTo(37.55, 2);
  });

  it("of MPT follow the rows of positions: 1B and 7B at eight lengths (LLM Foundry benchmark)", () => {
    const at = (id: string, rows: number) => countTransformerParameters({ ...architectureOf(id), learnedPositions: rows }).total;
    expect([512, 1024, 4096, 8192, 16_384, 65_536].map((rows) => at("mpt-1b", rows))).toEqual([1_312_804_864, 1_313_853_440, 1_320_144_896, 1_328_533_504, 1_345_310_720, 1_445_974_016]);
    expect([512, 8192, 65_536].map((rows) => at("mpt-7b", rows))).toEqual([6_652_567_552, 6_684_024_832, 6_918_905_856]);
  });
});

describe("parts", () => {
  const small = { hidden: 64, layers: 6, heads: 4, inner: 256, gated: false, vocabulary: 100, normalisation: "layer", biases: "all", sequence: 32 } as const;
  const count = (extra: Partial<Record<keyof TransformerOptions, unknown>>) => countTransformerParameters(makeArchitecture(transformerOptionsSchema.parse({ ...small, ...extra })));
  const more = (extra: Partial<Record<keyof TransformerOptions, unknown>>) => count(extra).total - count({}).total;

  it("add what they are made of", () => {
    expect(count({}).total).toBe(2 * 100 * 64 + 6 * (4 * 64 * 65 + 256 * 65 + 64 * 257 + 4 * 64) + 2 * 64);
    expect(more({ tiedEmbeddings: true })).toBe(-6400);
    expect(more({ gated: true })).toBe(6 * 256 * 65);
    expect(more({ biases: "query-key-value" })).toBe(-6 * (64 + 256 + 64));
    expect(more({ sinks: true })).toBe(24);
    expect(more({ queryKeyNormalisation: "head" })).toBe(6 * 2 * 2 * 16);
    expect(more({ queryKeyNormalisation: "all-heads", keyValueHeads: 2 }) - more({ keyValueHeads: 2 })).toBe(6 * 2 * (64 + 32));
    expect(more({ embeddingNormalisation: true })).toBe(128);
    expect(more({ finalNormalisation: false })).toBe(-128);
    expect(more({ normsPerLayer: 4 })).toBe(6 * 256);
    expect(more({ learnedPositions: 32, segments: 2 })).toBe(34 * 64);
    expect(more({ relativePositions: 8, encoderLayers: 1 }) - more({ encoderLayers: 1 })).toBe(2 * 8 * 4);
    expect(more({ headBias: true, headProduct: true, pooledClasses: 2 })).toBe(100 + 64 * 65 + 128 + 64 * 65 + 2 * 65);
    expect(more({ extraPredictions: 1 })).toBe(2 * 64 * 64 + (count({ layers: 7 }).total - count({}).total) + 3 * 128);
  });

  it("of experts are routed, shared, gated and biased", () => {
    const experts = { count: 8, topK: 2, inner: 32, firstDense: 2, every: 2 };
    const { components, active, total } = count({ biases: "none", experts: { ...experts, sharedInner: 48, routerBias: true, sharedGate: true } });
    expect(components).toMatchObject({ router: 2 * 8 * 65, experts: 2 * 8 * 2 * 64 * 32, sharedExperts: 2 * (2 * 64 * 48 + 64), feedForward: 4 * 2 * 64 * 256 });
    expect(total - active).toBe((components.experts * 6) / 8);
  });

  it("of a hybrid stand where its layers are", () => {
    const space = { inner: 128, state: 16, groups: 2, headSize: 16 };
    const options = (extra: object) => makeArchitecture(transformerOptionsSchema.parse({ ...small, ...extra }));
    expect(layerCounts(options({ stateSpace: { ...space, layers: 4 } }))).toMatchObject({ attention: 2, stateSpace: 4, feedForward: 6, experts: 0 });
    expect(layerCounts(options({ stateSpace: { ...space, layers: 2, feedForwardLayers: 3 } }))).toMatchObject({ attention: 1, stateSpace: 2, feedForward: 3 });
    expect(layerCounts(options({ window: { tokens: 8, fullEvery: 3 } }))).toMatchObject({ attention: 6, windowed: 4 });
    expect(count({ stateSpace: { ...space, layers: 1 } }).components.stateSpace).toBe(64 * (2 * 128 + 2 * 2 * 16 + 8) + (128 + 64) * 5 + 3 * 8 + 128 * 64);
  });

  it("always add up, and grow with each size", () => {
    fc.assert(
      fc.property(fc.constantFrom(...stored), fc.constantFrom("hidden", "inner", "vocabulary", "layers"), ([, architecture], key) => {
        const { total, active: each, components, parts } = countTransformerParameters(architecture);
        expect(Object.values(components).reduce((sum, one) => sum + one, 0)).toBe(total);
        expect(parts.reduce((sum, part) => sum + part.count * Object.values(part.each).reduce((inner, one) => inner + one, 0), 0)).toBe(total);
        expect(each).toBeLessThanOrEqual(total);
        if (architecture[key] > 0 && (key !== "inner" || layerCounts(architecture).feedForward + architecture.encoderLayers > 0)) expect(countTransformerParameters({ ...architecture, [key]: 2 * architecture[key] }).total).toBeGreaterThan(total);
      }),
    );
  });
});
