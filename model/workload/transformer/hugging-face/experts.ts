/** Decoders with experts. */
import { groupedKeys, llamaLike, readBiases, readDenseLayers, readWindow, untied, type ConfigReader, type ModelType, type OptionsByPath } from "./table.ts";

const { inner: _, ...withoutInner } = groupedKeys;
const routed = { "experts.topK": "num_experts_per_tok", "experts.inner": "moe_intermediate_size" } as const;
const deepseekKeys = {
  ...groupedKeys, ...routed, "experts.count": "n_routed_experts", "experts.firstDense": "first_k_dense_replace", headSize: "qk_nope_head_dim", "latentAttention.queryRank": "q_lora_rank", "latentAttention.keyValueRank": "kv_lora_rank",
  "latentAttention.rotaryHeadSize": "qk_rope_head_dim", "latentAttention.valueHeadSize": "v_head_dim", extraPredictions: "num_nextn_predict_layers",
} as const;
const deepseek: ModelType = { keys: deepseekKeys, defaults: untied, fixed: llamaLike, also: readDeepseek, inert: ["head_dim", "attention_bias"] };

export const expertTypes: Readonly<Record<string, ModelType>> = {
  mixtral: {
    keys: { ...withoutInner, "experts.count": "num_local_experts", "experts.topK": "num_experts_per_tok", "experts.inner": "intermediate_size" },
    defaults: untied,
    fixed: llamaLike,
    also: (config) => readWindow(config, "sliding_window"),
  },
  qwen2_moe: {
    keys: { ...groupedKeys, ...routed, "experts.count": "num_experts", "experts.sharedInner": "shared_expert_intermediate_size", "experts.every": "decoder_sparse_step" },
    defaults: untied,
    fixed: { ...llamaLike, biases: "query-key-value", "experts.sharedGate": true },
    also: readQwen,
  },
  qwen3_moe: {
    keys: { ...groupedKeys, ...routed, "experts.count": ["num_experts", "num_local_experts"], "experts.every": "decoder_sparse_step" },
    defaults: untied,
    fixed: { ...llamaLike, queryKeyNormalisation: "head" },
    also: (config) => ({ ...readBiases(config), ...readQwen(config) }),
    inert: ["use_qk_norm"],
  },
  gpt_oss: {
    keys: { ...withoutInner, "experts.count": ["num_local_experts", "num_experts"], "experts.topK": ["num_experts_per_tok", "experts_per_token"], "experts.inner": "intermediate_size" },
    defaults: untied,
    fixed: { ...llamaLike, biases: "all", sinks: true, "experts.routerBias": true },
    also: (config) => readWindow(config, "sliding_window", 2),
    inert: ["attention_bias", "experts_per_token", "initial_context_length"],
  },
  deepseek_v3: { ...deepseek, fixed: { ...llamaLike, "experts.routerBias": true } },
  deepseek_v2: deepseek,
  kimi_k2: { ...deepseek, fixed: { ...llamaLike, "experts.routerBias": true } },
  glm4_moe: {
    keys: { ...groupedKeys, ...routed, "experts.count": "n_routed_experts", "experts.firstDense": "first_k_dense_replace", extraPredictions: "num_nextn_predict_layers" },
    defaults: untied,
    fixed: { ...llamaLike, "experts.routerBias": true },
    also: (config) => ({ ...readBiases(config, false), ...readShared(config), ...(config.read("use_qk_norm") === true ? { queryKeyNormalisation: "head" } : {}) }),
  },
  llama4_text: {
    keys: { ...groupedKeys, inner: "intermediate_size_mlp", "experts.count": "num_local_experts", "experts.topK": "num_experts_per_tok", "experts.inner": "intermediate_size", "experts.sharedInner": "intermediate_size", "experts.every": "interleave_moe_layer_step" },
    defaults: untied,
    fixed: llamaLike,
    also: readLlama4,
    inert: ["for_llm_compressor", "moe_layers", "use_qk_norm"],
  },
  dbrx: {
    keys: {
      hidden: "d_model", layers: "n_layers", heads: "n_heads", keyValueHeads: "attn_config.kv_n_heads", vocabulary: "vocab_size", tiedEmbeddings: "tie_word_embeddings", sequence: "max_seq_len", "experts.count": "ffn_config.moe_num_experts",
      "experts.topK": "ffn_config.moe_top_k", "experts.inner": "ffn_config.ffn_hidden_size",
    },
    defaults: untied,
    fixed: { gated: true, normalisation: "layer", normalisationBiases: false, biases: "none" },
    inert: ["attn_config.clip_qkv", "attn_config.rope_theta", "attn_config.attn_pdrop", "ffn_config.ffn_act_fn", "ffn_config.moe_loss_weight", "ffn_config.moe_jitter_eps", "ffn_config.moe_normalize_expert_weights", "ffn_config.uniform_expert_assignment"],
  },
};

function readQwen(config: ConfigReader): OptionsByPath {
  if (config.read("use_sliding_window") === true) config.remark("use_sliding_window", "windows are left out: every layer sees everything");
  config.read("sliding_window");
  return readDenseLayers(config, "mlp_only_layers");
}

function readShared({ number }: ConfigReader): OptionsByPath {
  const [shared, inner] = [number("n_shared_experts"), number("moe_intermediate_size")];
  return shared !== undefined && inner !== undefined ? { "experts.sharedInner": shared * inner } : {};
}

/** Queries, keys and values have as many heads each, whatever num_key_value_heads says of a cache. */
function readDeepseek(config: ConfigReader): OptionsByPath {
  const step = config.number("moe_layer_freq");
  if (step !== undefined && step !== 1) config.refuse("moe_layer_freq", "1: every layer after the first dense ones has experts");
  return { ...readShared(config), keyValueHeads: undefined };
}

/** Chunks count as windows of their size: a token sees half of it on average, where a window shows it all. */
function readLlama4(config: ConfigReader): OptionsByPath {
  const chunk = config.number("attention_chunk_size");
  const flags = config.list("no_rope_layers");
  config.list("layer_types");
  const rotary = flags === undefined || flags.length === 0 ? (config.number("no_rope_layer_interval") ?? 4) : Math.max(0, flags.indexOf(0) + 1);
  if (chunk !== undefined) config.remark("attention_chunk_size", `layers that attend within chunks of ${chunk} tokens are taken as looking back as many`);
  return { ...readBiases(config), ...(chunk === undefined ? {} : { "window.tokens": chunk, "window.fullEvery": rotary }) };
}
