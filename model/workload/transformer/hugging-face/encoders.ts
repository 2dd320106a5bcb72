/** Encoders, encoder with decoder, and images. What a pre-training needs besides the layers is counted as far as `architectures` names it. */
import { gptLike, tied, usualKeys, type ConfigReader, type ModelType, type OptionsByPath } from "./table.ts";

const bert: ModelType = {
  keys: { ...usualKeys, segments: "type_vocab_size" },
  defaults: { ...tied, type_vocab_size: 2 },
  fixed: { ...gptLike, causal: false, embeddingNormalisation: true, finalNormalisation: false },
  also: readBert,
  inert: ["directionality", "pooler_type", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head"],
};

export const encoderTypes: Readonly<Record<string, ModelType>> = {
  bert,
  roberta: { ...bert, defaults: { ...tied, type_vocab_size: 1 } },
  t5: {
    keys: { hidden: "d_model", layers: ["num_decoder_layers", "num_layers"], encoderLayers: "num_layers", heads: "num_heads", headSize: "d_kv", inner: "d_ff", vocabulary: "vocab_size", tiedEmbeddings: "tie_word_embeddings", relativePositions: "relative_attention_num_buckets", sequence: "n_positions" },
    defaults: { ...tied, relative_attention_num_buckets: 32, n_positions: 512, feed_forward_proj: "relu" },
    fixed: { normalisation: "rms", biases: "none" },
    also: ({ read }) => ({ gated: String(read("feed_forward_proj")).startsWith("gated") }),
    inert: ["relative_attention_max_distance", "is_gated_act"],
  },
  vit: { keys: { ...without(usualKeys, "vocabulary", "tiedEmbeddings", "sequence"), "image.size": "image_size", "image.patch": "patch_size", "image.channels": "num_channels" }, defaults: { qkv_bias: true }, fixed: { ...gptLike, causal: false }, also: readVit, inert: ["encoder_stride", "tie_word_embeddings", "pooler_act", "pooler_output_size"] },
};

function without(keys: Readonly<Record<string, string>>, ...left: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(keys).filter(([option]) => !left.includes(option)));
}

/** A model without named architecture is taken as in its pre-training: head on all tokens, and for BERT the next sentence. */
function readBert({ read, list, number, remark }: ConfigReader): OptionsByPath {
  const name = String((list("architectures") ?? [])[0] ?? "");
  const isBert = read("model_type") === "bert";
  const pooled = isBert && !name.includes("MaskedLM");
  if (name !== "" && !/ForMaskedLM|ForPreTraining/.test(name)) remark("architectures", `${name} is taken as in pre-training, with its head`);
  return { learnedPositions: number("max_position_embeddings"), headProduct: true, headBias: true, pooledClasses: pooled ? 2 : 0 };
}

/** The library takes two classes where none are listed. */
function readVit({ read, number, remark, refuse }: ConfigReader): OptionsByPath {
  const labels = read("id2label");
  const listed = typeof labels === "object" && labels !== null ? Object.keys(labels).length : number("num_labels");
  if (listed === undefined) remark("id2label", "no classes are listed: 2, as the library takes");
  if (read("qkv_bias") === false) refuse("qkv_bias", "true: a vision transformer without these biases is not modelled");
  return { "image.classes": listed ?? 2 };
}
