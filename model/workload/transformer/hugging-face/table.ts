/** What a row of the table of model types says, and the keys that many share. Keys of a config that lie inside another one are written "outer.inner". */

/** Options by path, as a workload document writes them: {"experts.count": 8}. */
export type OptionsByPath = Readonly<Record<string, unknown>>;

export interface ConfigReader {
  /** A key's value; null counts as left out. It is then known to have been read. */
  readonly read: (key: string) => unknown;
  readonly number: (key: string) => number | undefined;
  /** A numbered list, or undefined. */
  readonly list: (key: string) => readonly unknown[] | undefined;
  /** Something of the config that the document cannot hold, or that was taken without being stated. */
  readonly remark: (key: string, text: string) => void;
  /** A value that no architecture of the type can have. */
  readonly refuse: (key: string, expected: string) => void;
}

export interface ModelType {
  /** Option -> key of the config, or its names in turn. An option whose key is left out is left out. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  /** What the library takes where a config leaves a key out; every use is remarked. */
  readonly defaults?: OptionsByPath;
  /** What holds for every model of the type. */
  readonly fixed: OptionsByPath;
  readonly also?: (config: ConfigReader) => OptionsByPath;
  /** Keys that change nothing here, besides those of every type (inert-keys.ts). */
  readonly inert?: readonly string[];
  /** The model of words inside a config of several models. */
  readonly inside?: string;
}

export const usualKeys = {
  hidden: "hidden_size",
  layers: "num_hidden_layers",
  heads: "num_attention_heads",
  inner: "intermediate_size",
  vocabulary: "vocab_size",
  tiedEmbeddings: "tie_word_embeddings",
  sequence: "max_position_embeddings",
} as const;
export const groupedKeys = { ...usualKeys, keyValueHeads: "num_key_value_heads", headSize: "head_dim" } as const;

export const untied = { tie_word_embeddings: false };
export const tied = { tie_word_embeddings: true };

/** RMS norms, a gated feed-forward part, no biases. */
export const llamaLike = { gated: true, normalisation: "rms", biases: "none" } as const;
/** Norms and products with biases. */
export const gptLike = { gated: false, normalisation: "layer", biases: "all" } as const;

/** Biases of a model whose config names those of attention and feed-forward part apart. */
export function readBiases({ read, remark }: ConfigReader, outputToo = true): OptionsByPath {
  const [attention, feedForward] = [read("attention_bias") === true, read("mlp_bias") === true];
  if (attention && feedForward) return { biases: "all" };
  if (attention && outputToo) remark("attention_bias", "the bias of the output product (hidden numbers a layer) is left out");
  if (feedForward) remark("mlp_bias", "biases of the feed-forward part alone are left out");
  return { biases: attention ? "query-key-value" : "none" };
}

/** Which layers look back a window only: stated layer by layer, or by a period whose last layer sees everything. */
export function readWindow({ number, list, remark }: ConfigReader, key: string, period?: number): OptionsByPath {
  const tokens = number(key);
  const types = list("layer_types");
  if (tokens === undefined || tokens <= 0) return {};
  if (types === undefined) return { "window.tokens": tokens, "window.fullEvery": period ?? 0 };
  const isFull = types.map((type) => type === "full_attention");
  const full = isFull.filter(Boolean).length;
  if (full === types.length) return {};
  const every = full === 0 ? 0 : Math.round(types.length / full);
  if (isFull.some((flag, layer) => flag !== (every > 0 && (layer + 1) % every === 0))) remark("layer_types", `layers that see everything are taken as the last of every ${every}, where the config places them otherwise`);
  return { "window.tokens": tokens, "window.fullEvery": every };
}

/** Layers without experts that the config lists one by one. */
export function readDenseLayers({ list, refuse }: ConfigReader, key: string): OptionsByPath {
  const dense = list(key) ?? [];
  if (dense.some((layer, index) => layer !== index)) refuse(key, "layers from 0 on, without gaps");
  return dense.length > 0 ? { "experts.firstDense": dense.length } : {};
}
