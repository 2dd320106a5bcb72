/** Decoders without experts. Sources: the configuration and modelling files of each type in Hugging Face Transformers; counts of parameters are tested against model cards. */
import { gptLike, groupedKeys, llamaLike, readBiases, readWindow, tied, untied, usualKeys, type ConfigReader, type ModelType, type OptionsByPath } from "./table.ts";

const llama: ModelType = { keys: groupedKeys, defaults: untied, fixed: llamaLike, also: (config) => readBiases(config) };
const gemma: ModelType = { ...llama, defaults: tied, also: (config) => readBiases(config) };

export const denseTypes: Readonly<Record<string, ModelType>> = {
  gpt2: {
    keys: { hidden: "n_embd", layers: "n_layer", heads: "n_head", inner: "n_inner", vocabulary: "vocab_size", tiedEmbeddings: "tie_word_embeddings", sequence: ["n_positions", "n_ctx"] },
    defaults: tied,
    fixed: gptLike,
    also: ({ number }) => ({ ...fourTimes(number("n_inner"), number("n_embd")), learnedPositions: number("n_positions") ?? number("n_ctx") }),
  },
  gpt_neox: {
    keys: usualKeys,
    defaults: { ...untied, use_parallel_residual: true },
    fixed: gptLike,
    also: ({ read }) => ({ parallelBlock: read("use_parallel_residual") }),
  },
  bloom: {
    keys: { hidden: ["hidden_size", "n_embed"], layers: ["n_layer", "num_hidden_layers"], heads: ["n_head", "num_attention_heads"], inner: "n_inner", vocabulary: "vocab_size", tiedEmbeddings: "tie_word_embeddings", sequence: "seq_length" },
    defaults: { ...tied, seq_length: 2048 },
    fixed: { ...gptLike, embeddingNormalisation: true },
    also: ({ number }) => fourTimes(number("n_inner"), number("hidden_size") ?? number("n_embed")),
    inert: ["offset_alibi", "skip_bias_add", "skip_bias_add_qkv", "unk_token_id", "apply_residual_connection_post_layernorm", "bias_dropout_fusion"],
  },
  opt: { keys: { ...usualKeys, inner: "ffn_dim" }, defaults: { ...tied, do_layer_norm_before: true, enable_bias: true }, fixed: gptLike, also: readOpt, inert: ["layerdrop", "layer_norm_elementwise_affine"] },
  mpt: {
    keys: { hidden: "d_model", layers: "n_layers", heads: "n_heads", keyValueHeads: "attn_config.kv_n_heads", vocabulary: "vocab_size", tiedEmbeddings: "tie_word_embeddings", sequence: "max_seq_len" },
    defaults: { ...tied, expansion_ratio: 4, no_bias: true },
    fixed: { gated: false, normalisation: "layer" },
    also: readMpt,
    inert: ["init_config", "init_device", "embedding_fraction", "logit_scale", "learned_pos_emb"],
  },
  falcon: { keys: { ...usualKeys, inner: "ffn_hidden_size" }, defaults: { ...tied, new_decoder_architecture: false, parallel_attn: true, multi_query: true, bias: false, max_position_embeddings: 2048 }, fixed: { gated: false, normalisation: "layer" }, also: readFalcon, inert: ["alibi", "activation"] },
  llama,
  mistral: { ...llama, also: (config) => readWindow(config, "sliding_window") },
  nemotron: { ...llama, fixed: { gated: false, normalisation: "layer", biases: "none" } },
  granite: llama,
  qwen2: { ...llama, fixed: { ...llamaLike, biases: "query-key-value" }, also: readQwenWindow, inert: ["attention_bias"] },
  qwen3: { ...llama, fixed: { ...llamaLike, queryKeyNormalisation: "head" }, also: (config) => ({ ...readBiases(config), ...readQwenWindow(config) }) },
  phi3: { ...llama, also: (config) => readWindow(config, "sliding_window") },
  olmo2: { ...llama, fixed: { ...llamaLike, queryKeyNormalisation: "all-heads" } },
  olmo3: { ...llama, fixed: { ...llamaLike, queryKeyNormalisation: "all-heads" }, also: (config) => readWindow(config, "sliding_window", 4) },
  gemma,
  gemma2: { ...gemma, defaults: { ...tied, vocab_size: 256_000, max_position_embeddings: 8192, head_dim: 256, sliding_window: 4096 }, fixed: { ...llamaLike, normsPerLayer: 4 }, also: (config) => ({ ...readBiases(config), ...readWindow(config, "sliding_window", 2) }) },
  gemma3_text: {
    ...gemma,
    defaults: { ...tied, vocab_size: 262_208, num_attention_heads: 8, num_key_value_heads: 4, head_dim: 256, max_position_embeddings: 131_072, sliding_window: 4096, sliding_window_pattern: 6 },
    fixed: { ...llamaLike, normsPerLayer: 4, queryKeyNormalisation: "head" },
    also: (config) => ({ ...readBiases(config), ...readWindow(config, "sliding_window", config.number("_sliding_window_pattern") ?? config.number("sliding_window_pattern")) }),
  },
};

export function fourTimes(inner: number | undefined, hidden: number | undefined): OptionsByPath {
  return inner === undefined && hidden !== undefined ? { inner: 4 * hidden } : {};
}

/** The table of positions has two rows more than there are positions. */
function readOpt({ number, read, refuse }: ConfigReader): OptionsByPath {
  const [hidden, projected, positions] = [number("hidden_size"), number("word_embed_proj_dim"), number("max_position_embeddings")];
  if (projected !== undefined && projected !== hidden) refuse("word_embed_proj_dim", `hidden_size, ${hidden}: an embedding of another width is not modelled`);
  if (read("enable_bias") === false) refuse("enable_bias", "true: products without biases are not modelled for this type");
  return { ...(positions === undefined ? {} : { learnedPositions: positions + 2 }), finalNormalisation: read("_remove_final_layer_norm") !== true && read("do_layer_norm_before") === true };
}

function readMpt({ number, read }: ConfigReader): OptionsByPath {
  const [hidden, ratio, positions] = [number("d_model"), number("expansion_ratio"), number("max_seq_len")];
  const plain = read("no_bias") === true;
  return {
    ...(hidden !== undefined && ratio !== undefined ? { inner: hidden * ratio } : {}),
    biases: plain ? "none" : "all",
    normalisationBiases: !plain,
    ...(read("attn_config.alibi") === true || read("learned_pos_emb") === false || positions === undefined ? {} : { learnedPositions: positions }),
    ...(read("attn_config.qk_ln") === true ? { queryKeyNormalisation: "all-heads" } : {}),
  };
}

function readFalcon({ number, read }: ConfigReader): OptionsByPath {
  const [newer, parallel] = [read("new_decoder_architecture") === true, read("parallel_attn") === true];
  const heads = newer ? number("num_kv_heads") : read("multi_query") === true ? 1 : undefined;
  const norms = newer ? (number("num_ln_in_parallel_attn") ?? 2) : parallel ? 1 : 2;
  return { ...fourTimes(number("ffn_hidden_size"), number("hidden_size")), ...(heads === undefined ? {} : { keyValueHeads: heads }), normsPerLayer: norms, parallelBlock: newer || parallel, biases: read("bias") === true ? "all" : "none" };
}

/** Layers from max_window_layers on look back a window, where the config asks for windows at all. */
function readQwenWindow(config: ConfigReader): OptionsByPath {
  const [types, window, from, layers] = [config.list("layer_types"), config.number("sliding_window"), config.number("max_window_layers"), config.number("num_hidden_layers")];
  if (config.read("use_sliding_window") !== true || window === undefined) return {};
  if (types === undefined && from !== undefined && layers !== undefined && from < layers) config.remark("max_window_layers", `windows of the layers from ${from} on are left out: every layer sees everything`);
  return types === undefined ? {} : readWindow(config, "sliding_window");
}
