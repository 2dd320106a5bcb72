/** config.json of Hugging Face Transformers: parameters of published models, real files where they stand, and what is told about what cannot be read. */
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { showProblem } from "../../../../model/problems.ts";
import { parseDocument } from "../../../../model/schema/parse.ts";
import type { TransformerWorkload } from "../../../../model/schema/transformer.ts";
import { countTransformerParameters } from "../../../../model/workload/transformer/count-parameters.ts";
import { modelTypes } from "../../../../model/workload/transformer/hugging-face/index.ts";
import { readHuggingFaceConfig } from "../../../../model/workload/transformer/hugging-face.ts";
import { makeArchitecture } from "../../../../model/workload/transformer/make-architecture.ts";
import { publishedConfigs } from "../../../fixtures/hugging-face/configs.ts";

function architectureOf(config: unknown, name = "models/some/config.json") {
  const { document, problems } = readHuggingFaceConfig(config, name);
  expect(problems.map(showProblem)).toEqual([]);
  return makeArchitecture((parseDocument("workload", document, name).document as TransformerWorkload).options);
}
const named = (model: string): Record<string, unknown> => ({ ...publishedConfigs.find((one) => one.model === model)?.config });

describe("parameters of published models", () => {
  it.each(publishedConfigs)("$model", ({ config, exact, about, active }) => {
    const count = countTransformerParameters(architectureOf(config));
    if (exact !== undefined) expect(count.total).toBe(exact);
    if (about !== undefined) expect(Math.abs(count.total / about - 1)).toBeLessThan(0.005);
    if (active !== undefined) expect(Math.abs(count.active / active - 1)).toBeLessThan(0.012);
    expect(count.parts.reduce((sum, { count: times, each }) => sum + times * Object.values(each).reduce((total, one) => total + one, 0), 0)).toBe(count.total);
  });

  it("have every model type among them, but those that differ from another one by a window or a name", () => {
    const tried = new Set(publishedConfigs.map(({ config }) => config["model_type"]));
    expect(Object.keys(modelTypes).filter((type) => !tried.has(type))).toEqual(["olmo3", "gemma3_text", "llama4_text"]);
  });
});

describe("real config.json files", () => {
  /** Parameters by the models' cards; the file of the vision transformer has lost its 1000 classes, so that the library's 2 hold. */
  const totals: Readonly<Record<string, number>> = {
    "llama-2-7b": 6_738_415_616, "llama-3.1-70b": 70_553_706_496, "mixtral-8x7b-v0.1": 46_702_792_704, "qwen3-30b-a3b": 30_532_122_624, "qwen3-32b": 32_762_123_264, "vit-base-patch16-224": 86_567_656 - 998 * 769,
  };
  const folder = new URL("../../../../../shared/data/logs/hf-config/", import.meta.url);

  it.for(Object.entries(totals))("%s", ([id, total], context) => {
    const file = new URL(`${id}.config.json`, folder);
    if (!existsSync(file)) context.skip(`${id}.config.json does not stand in ../shared/data/logs/hf-config`);
    const config = JSON.parse(readFileSync(file, "utf8")) as unknown;
    const { document, remarks } = readHuggingFaceConfig(config, file.pathname);
    expect(document?.id).toBe(id);
    expect(countTransformerParameters(architectureOf(config)).total).toBe(total);
    expect(remarks.filter(({ text }) => text === "is not modelled")).toEqual([]);
  });
});

describe("what a config says besides", () => {
  it("windows, shared experts, further predictions", () => {
    const oss = architectureOf(named("gpt-oss-120b"));
    expect([oss.attention.window, oss.attention.fullEvery, oss.attention.sinks]).toEqual([128, 2, true]);
    expect(architectureOf({ ...named("gpt-oss-120b"), layer_types: undefined }).attention.fullEvery).toBe(2);
    const deepseek = architectureOf({ ...named("DeepSeek-V3 without its further prediction"), num_nextn_predict_layers: 1, n_shared_experts: 2 });
    expect([deepseek.extraPredictions, deepseek.experts?.sharedInner, deepseek.experts?.firstDense, deepseek.attention.rotaryHeadSize]).toEqual([1, 4096, 3, 64]);
    const maverick = architectureOf(named("Llama-4-Maverick (model of words)"));
    expect([maverick.experts?.every, maverick.attention.window, maverick.attention.fullEvery, maverick.inner]).toEqual([2, 8192, 4, 16_384]);
    expect(architectureOf({ ...named("Qwen3-30B-A3B"), mlp_only_layers: [0, 1] }).experts?.firstDense).toBe(2);
    expect(architectureOf({ ...named("gpt-neox-20b") }).parallelBlock).toBe(true);
    expect(architectureOf({ ...named("t5-base"), num_decoder_layers: 6 })).toMatchObject({ layers: 6, encoderLayers: 12 });
    expect(architectureOf({ ...named("Nemotron-H-8B") }).stateSpace).toMatchObject({ layers: 24, feedForwardLayers: 24, inner: 8192 });
  });

  it("is told: what was assumed, what is not modelled, what the layers' places were taken for", () => {
    const remarksOf = (config: Record<string, unknown>) => readHuggingFaceConfig(config, "config.json").remarks.map(({ path, text }) => `${path}: ${text}`);
    expect(remarksOf(named("gpt2"))).toContain("config.json: tie_word_embeddings: left out: true, as the library takes");
    expect(remarksOf({ ...named("Qwen3-32B"), new_trick: 7, quantization_config: { bits: 8 }, bos_token_id: 1 })).toEqual(
      expect.arrayContaining(["config.json: new_trick: is not modelled", "config.json: quantization_config: is not modelled"]),
    );
    expect(remarksOf({ ...named("Qwen3-32B"), bos_token_id: 1, new_trick: false }).join()).not.toMatch(/bos_token|new_trick/);
    expect(remarksOf({ ...named("gpt-oss-20b"), layer_types: ["full_attention", ...Array.from({ length: 23 }, () => "sliding_attention")] }).join()).toMatch(/layer_types.*taken as the last/);
    expect(remarksOf({ ...named("Meta-Llama-3-8B"), attention_bias: true }).join()).toMatch(/attention_bias: the bias of the output/);
    expect(remarksOf({ ...named("Qwen2.5-7B"), use_sliding_window: true, max_window_layers: 20 }).join()).toMatch(/max_window_layers.*left out/);
    expect(remarksOf(named("Llama-4-Scout (model of words)")).join()).toMatch(/vision_config: is not modelled/);
  });
});

describe("what cannot be read", () => {
  const cases: [what: string, config: unknown, path: string, expected: RegExp, hint?: RegExp][] = [
    ["no object", [1], "config.json", /object/],
    ["no model type", {}, "config.json: model_type", /type/],
    ["a model type that is no text", { model_type: 3 }, "config.json: model_type", /type/],
    ["an unknown model type", { model_type: "qwen3moe" }, "config.json: model_type", /model type/, /"qwen3_moe"/],
    ["a model of words that is missing", { model_type: "gemma3" }, "config.json: text_config", /words/],
    ["a missing size", { ...named("Qwen3-32B"), hidden_size: undefined }, "config.json: hidden_size", /a number/],
    ["a size that is text", { ...named("Qwen3-32B"), num_hidden_layers: "64" }, "config.json: num_hidden_layers", /a number/],
    ["heads that do not divide", { ...named("Meta-Llama-3-8B"), num_key_value_heads: 5 }, "config.json: num_key_value_heads", /divisor of heads, 32/, /4 is the nearest/],
    ["more experts a token than there are", { ...named("Mixtral-8x7B-v0.1"), num_experts_per_tok: 9 }, "config.json: num_experts_per_tok", /at most the experts, 8/],
    ["experts in every second layer, counted from the first", { ...named("DeepSeek-V2"), moe_layer_freq: 2 }, "config.json: moe_layer_freq", /1/],
    ["dense layers in the middle", { ...named("Qwen3-30B-A3B"), mlp_only_layers: [3] }, "config.json: mlp_only_layers", /without gaps/],
    ["an embedding of another width", { ...named("opt-125m"), word_embed_proj_dim: 512 }, "config.json: word_embed_proj_dim", /768/],
    ["a pattern of another length", { ...named("Nemotron-H-8B"), hybrid_override_pattern: "M-*-" }, "config.json: hybrid_override_pattern", /52 letters/],
    ["experts of a latent width", { ...named("Nemotron-3-Nano-30B-A3B"), moe_latent_size: 1024 }, "config.json: moe_latent_size", /not modelled/],
  ];
  it.each(cases)("%s", (_what, config, path, expected, hint) => {
    const { document, problems } = readHuggingFaceConfig(config, "config.json");
    expect(document).toBeUndefined();
    const found = problems.find((problem) => problem.path === path);
    expect(found?.expected).toMatch(expected);
    if (hint) expect(found?.hint).toMatch(hint);
  });

  it("is told all at once", () => {
    const { problems } = readHuggingFaceConfig({ ...named("Qwen3-32B"), hidden_size: -1, vocab_size: null, num_key_value_heads: 3 }, "config.json");
    expect(problems.map(({ path }) => path).toSorted()).toEqual(["config.json: hidden_size", "config.json: num_key_value_heads", "config.json: vocab_size"]);
  });

  it("never throws, whatever the config holds", () => {
    const values = fc.oneof(fc.jsonValue(), fc.integer(), fc.constantFrom("M-*E", "__proto__", null));
    fc.assert(
      fc.property(fc.constantFrom(...publishedConfigs), fc.nat(), values, (published, index, value) => {
        const keys = Object.keys(published.config);
        const key = keys[index % keys.length] as string;
        const { document, problems } = readHuggingFaceConfig({ ...published.config, [key]: value }, "x");
        expect(document === undefined).toBe(problems.length > 0);
      }),
    );
  });
});
