/** Hybrids of attention and Mamba-2 mixers. */
import { groupedKeys, llamaLike, untied, type ConfigReader, type ModelType, type OptionsByPath } from "./table.ts";

export const hybridTypes: Readonly<Record<string, ModelType>> = {
  nemotron_h: {
    keys: { ...groupedKeys, headSize: ["attention_head_dim", "head_dim"], "stateSpace.state": "ssm_state_size", "stateSpace.groups": "n_groups", "stateSpace.headSize": "mamba_head_dim", "stateSpace.convolution": "conv_kernel" },
    defaults: { ...untied, conv_kernel: 4 },
    fixed: { gated: false, normalisation: "rms", biases: "none", normsPerLayer: 1 },
    also: readNemotron,
    inert: ["expand", "mamba_num_heads", "use_conv_bias", "mamba_proj_bias", "use_bias", "attention_bias", "mlp_bias", "moe_shared_expert_overlap", "chunk_size", "norm_before_gate", "head_dim", "sliding_window", "layers_block_type"],
  },
  bamba: {
    keys: { ...groupedKeys, "stateSpace.state": "mamba_d_state", "stateSpace.groups": "mamba_n_groups", "stateSpace.headSize": "mamba_d_head", "stateSpace.convolution": "mamba_d_conv" },
    defaults: { ...untied, mamba_expand: 2, mamba_d_conv: 4, mamba_n_groups: 1 },
    fixed: llamaLike,
    also: readBamba,
    inert: ["mamba_chunk_size", "mamba_conv_bias", "mamba_proj_bias", "attention_bias", "attn_rotary_emb", "mamba_n_heads"],
  },
};

/** One letter a layer: M a mixer, * attention, - a feed-forward part, E experts. */
function readNemotron({ read, number, list, refuse, remark }: ConfigReader): OptionsByPath {
  const pattern = read("hybrid_override_pattern");
  const letters = typeof pattern === "string" ? [...pattern] : (list("layers_block_type") ?? []).map((kind) => ({ mamba: "M", attention: "*", mlp: "-", moe: "E" })[String(kind)] ?? "?");
  const layers = number("num_hidden_layers");
  const count = (letter: string) => letters.filter((one) => one === letter).length;
  if (letters.length === 0) refuse("hybrid_override_pattern", "one letter a layer: M, *, - or E");
  else if (layers !== undefined && letters.length !== layers) refuse("hybrid_override_pattern", `${layers} letters, one a layer`);
  if (letters.some((letter) => !"M*-E".includes(letter))) refuse("hybrid_override_pattern", "the letters M, *, - and E");
  if (number("moe_latent_size") !== undefined) refuse("moe_latent_size", "nothing: experts of a latent width are not modelled");
  const [plain, experts] = [count("-"), count("E")];
  if (plain > 0 && experts > 0) remark("hybrid_override_pattern", `the ${plain} feed-forward parts without experts are taken before those with`);
  const [heads, headSize] = [number("mamba_num_heads"), number("mamba_head_dim")];
  return {
    "stateSpace.layers": count("M"),
    "stateSpace.feedForwardLayers": plain + experts,
    ...(heads !== undefined && headSize !== undefined ? { "stateSpace.inner": heads * headSize } : {}),
    ...(experts > 0 ? readExperts({ number }, plain) : {}),
  };
}

function readExperts({ number }: Pick<ConfigReader, "number">, firstDense: number): OptionsByPath {
  const [shared, inner] = [number("n_shared_experts") ?? 0, number("moe_shared_expert_intermediate_size") ?? 0];
  return { "experts.count": number("n_routed_experts"), "experts.topK": number("num_experts_per_tok"), "experts.inner": number("moe_intermediate_size"), "experts.sharedInner": shared * inner, "experts.firstDense": firstDense };
}

function readBamba({ number, list, refuse }: ConfigReader): OptionsByPath {
  const attention = list("attn_layer_indices");
  if (attention === undefined) refuse("attn_layer_indices", "the numbers of the layers with attention");
  const [layers, hidden, expand] = [number("num_hidden_layers"), number("hidden_size"), number("mamba_expand")];
  return { ...(layers === undefined ? {} : { "stateSpace.layers": layers - (attention ?? []).length }), ...(hidden !== undefined && expand !== undefined ? { "stateSpace.inner": hidden * expand } : {}) };
}
