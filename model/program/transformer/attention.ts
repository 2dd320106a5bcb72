/**
 * Rows of what mixes tokens: attention (grouped queries, latent, windowed, of an encoder, across to one), fused or in separate kernels, and state-space mixers.
 * Element-wise traffic of a fused implementation: 11 bytes per token and hidden channel (norm, dropout, residual) and 10 per channel of query, key and value (rotation,
 * layout), 1.6 times that backward; casts 12 bytes per element of a product's input (PHYSICS: fitted together with the factor `elementwise`, see docs/equations.md).
 * Left out: biases, the softmax of sinks.
 */
import type { Architecture } from "../../workload/transformer/architecture.ts";
import type { Layout } from "../../plan/layout.ts";
import { addProducts, addRow, Block, Format, Operation, Phase, type TransformerProgram } from "./columns.ts";
import type { RankSizes } from "./sizes.ts";

/** Element-wise traffic of the backward pass over that of the forward pass, and how casts divide over the passes. */
export const backwardShare = 1.6;
export const castForward_bytes = 5;
export const castBackward_bytes = 7;
const betweenBytes = 11;
const headBytes = 10;
/** Latent attention in separate kernels: rotation of the part with positions (18 bytes a channel, a third of a query), joining it to queries and keys, values made contiguous. */
const latentHeadBytes = 6;
/**
 * Latent attention in fused kernels (Megatron-Core, fused_mla_yarn_rope_apply.py, read): the rotary part of a query is read and written in place, keys without positions and
 * values are read once and written once, and the shared rotary part is written to each key (backward: read from each). Both passes move the same.
 */
const turnedBytes = 6;
const joinedBytes = 4;

/** A weight matrix with its adapter, if adapters train. */
export function addLinear(program: TransformerProgram, block: number, rank: RankSizes, adapterRank: number, M: number, N: number, K: number, again: number): void {
  addProducts(program, block, rank.narrow ? Format.narrow : Format.wide, M, N, K, 1, again, rank.trained);
  if (adapterRank === 0) return;
  addProducts(program, block, Format.wide, M, adapterRank, K, 1, again, true);
  addProducts(program, block, Format.wide, M, N, adapterRank, 1, again, true);
}

/** Keys that a query sees on average. */
export function meanKeys(sequence: number, window: number, causal: boolean): number {
  if (window > 0 && window < sequence) return causal ? window - (window * window) / (2 * sequence) : window;
  return causal ? sequence / 2 : sequence;
}

/** `window` 0: everything is seen. `across`: keys and values come from the encoder. */
export function addAttention(program: TransformerProgram, block: number, architecture: Architecture, layout: Layout, rank: RankSizes, window: number, causal: boolean): void {
  const { attention, hidden } = architecture;
  const { tensor, context } = layout;
  const { tokens, bytes } = rank;
  const heads = attention.heads / tensor;
  const keyHeads = Math.max(1, attention.keyValueHeads / tensor);
  const size = attention.headSize + (attention.keyValueRank > 0 ? attention.rotaryHeadSize : 0);
  const channels = size + attention.valueHeadSize;
  const width = heads * size + keyHeads * channels;
  const adapter = layout.adapterRank;
  if (attention.keyValueRank > 0) addLatentProjections(program, block, architecture, layout, rank, heads);
  else if (block === Block.cross) {
    addLinear(program, block, rank, adapter, tokens, heads * size, hidden, rank.againProducts);
    addLinear(program, block, rank, adapter, tokens, keyHeads * channels, hidden, rank.againProducts);
  } else addLinear(program, block, rank, adapter, tokens, width, hidden, rank.againProducts);
  addLinear(program, block, rank, adapter, tokens, hidden, heads * attention.valueHeadSize, rank.againProducts);
  addCore(program, block, layout, rank, heads, channels, meanKeys(rank.sequence, window, causal), causal || window > 0);
  const between = (betweenBytes * tokens * hidden) / rank.between;
  const fused = attention.keyValueRank > 0 && layout.fusedRotation;
  const inside = fused ? 0 : (attention.keyValueRank > 0 ? latentHeadBytes : headBytes) * tokens * width;
  addElementwise(program, block, rank, between + inside, (between * rank.againNormalisation + inside * rank.againProducts) / (between + inside));
  if (fused) addFusedRotation(program, block, architecture, rank, heads);
  addCasts(program, block, rank, tokens * (hidden + heads * attention.valueHeadSize), rank.againProducts);
  if (tensor > 1) addTensorExchange(program, block, tokens * hidden * bytes, tensor, 2, rank.againProducts);
  if (context > 1) addContextExchange(program, block, layout, rank, heads * size, keyHeads * channels, heads * attention.valueHeadSize);
}

/** DeepSeek-V2 (arXiv:2405.04434), figure 3: queries and keys with values through a narrow vector; that vector is on every tensor rank. */
function addLatentProjections(program: TransformerProgram, block: number, { attention, hidden }: Architecture, { adapterRank }: Layout, rank: RankSizes, heads: number): void {
  const { tokens } = rank;
  const size = attention.headSize + attention.rotaryHeadSize;
  if (attention.queryRank > 0) {
    addLinear(program, block, rank, adapterRank, tokens, attention.queryRank, hidden, rank.againProducts);
    addLinear(program, block, rank, adapterRank, tokens, heads * size, attention.queryRank, Math.max(rank.againProducts, rank.againLatent));
  } else addLinear(program, block, rank, adapterRank, tokens, heads * size, hidden, rank.againProducts);
  addLinear(program, block, rank, adapterRank, tokens, attention.keyValueRank + attention.rotaryHeadSize, hidden, rank.againProducts);
  addLinear(program, block, rank, adapterRank, tokens, heads * (attention.headSize + attention.valueHeadSize), attention.keyValueRank, Math.max(rank.againProducts, rank.againLatent));
}

function addFusedRotation(program: TransformerProgram, block: number, { attention }: Architecture, rank: RankSizes, heads: number): void {
  const traffic = rank.tokens * heads * (turnedBytes * attention.rotaryHeadSize + joinedBytes * (attention.headSize + attention.valueHeadSize)) * (rank.bytes / 2);
  addRow(program, Operation.elementwise, block, Phase.forward, Format.wide, traffic, 0, 0, 0, 1, rank.againProducts);
  addRow(program, Operation.elementwise, block, Phase.data, Format.wide, traffic, 0, 0, 0, 1, 0);
}

function addCore(program: TransformerProgram, block: number, layout: Layout, rank: RankSizes, heads: number, channels: number, keys: number, masked: boolean): void {
  if (layout.attentionKernel === "flash") {
    const narrow = rank.narrow && layout.narrowAttention;
    const format = masked ? (narrow ? Format.maskedNarrow : Format.masked) : narrow ? Format.narrow : Format.wide;
    addRow(program, Operation.flash, block, Phase.forward, format, rank.tokens, keys, heads * channels, 1, 1, rank.againCore);
    addRow(program, Operation.exponential, block, Phase.forward, format, rank.tokens, keys, heads, 0, 1, rank.againCore);
    addRow(program, Operation.flash, block, Phase.data, format, rank.tokens, keys, heads * channels, 2.5, 1, 0);
    addRow(program, Operation.exponential, block, Phase.data, format, rank.tokens, keys, heads, 0, 1, 0);
    return;
  }
  const scores = (rank.sequence * rank.sequence) / layout.context;
  addRow(program, Operation.unfused, block, Phase.forward, Format.wide, rank.sequences * heads, scores, channels, 1, 1, rank.againCore);
  addRow(program, Operation.unfused, block, Phase.data, Format.wide, rank.sequences * heads, scores, channels, 2, 1, 0);
}

/** Traffic in bytes of 16-bit elements. */
export function addElementwise(program: TransformerProgram, block: number, rank: RankSizes, traffic: number, again: number): void {
  const bytes = (traffic * rank.bytes) / 2;
  addRow(program, Operation.elementwise, block, Phase.forward, Format.wide, bytes, 0, 0, 0, 1, again);
  addRow(program, Operation.elementwise, block, Phase.data, Format.wide, bytes * backwardShare, 0, 0, 0, 1, 0);
}

export function addCasts(program: TransformerProgram, block: number, rank: RankSizes, elements: number, again: number): void {
  if (!rank.narrow) return;
  addRow(program, Operation.cast, block, Phase.forward, Format.wide, castForward_bytes * elements, 0, 0, 0, 1, again);
  addRow(program, Operation.cast, block, Phase.data, Format.wide, castBackward_bytes * elements, 0, 0, 0, 1, 0);
}

/** One all-reduce (or gather and scatter) in the forward pass and one in the backward pass. */
export function addTensorExchange(program: TransformerProgram, block: number, payload: number, ranks: number, halves: number, again: number): void {
  addRow(program, Operation.tensor, block, Phase.forward, Format.wide, payload, ranks, halves, 0, 1, again);
  addRow(program, Operation.tensor, block, Phase.data, Format.wide, payload, ranks, halves, 0, 1, 0);
}

/**
 * Ring (Liu et al. 2023): keys and values pass all ranks beside attention, and with their gradients backward. All-gather (Llama 3, arXiv:2407.21783): the same bytes
 * before attention. All-to-all (Ulysses, arXiv:2309.14509): each rank trades its tokens of all heads for all tokens of its heads.
 */
function addContextExchange(program: TransformerProgram, block: number, layout: Layout, rank: RankSizes, query: number, keyValue: number, output: number): void {
  const { context, contextScheme, tensor } = layout;
  const perToken = contextScheme === "all-to-all" ? (query + keyValue + output) / context : keyValue;
  const bytes = perToken * rank.tokens * rank.bytes * (context - 1);
  const ring = contextScheme === "ring" ? 1 : 0;
  addRow(program, Operation.context, block, Phase.forward, Format.wide, bytes, context, tensor, ring, 1, Math.max(rank.againCore, rank.againProducts));
  addRow(program, Operation.context, block, Phase.data, Format.wide, contextScheme === "all-to-all" ? bytes : 2 * bytes, context, tensor, ring, 1, 0);
}

/**
 * Mamba-2 (arXiv:2405.21060, section 7): one projection in, a short convolution, the scan in chunks (products within a chunk and with its state), a projection out.
 * The scan's products run at the rate of fused attention.
 */
export function addStateSpace(program: TransformerProgram, architecture: Architecture, layout: Layout, rank: RankSizes): void {
  const space = architecture.stateSpace;
  if (!space) return;
  const { hidden } = architecture;
  const { tensor, adapterRank } = layout;
  const { tokens } = rank;
  const inner = space.inner / tensor;
  const mixed = inner + (2 * space.groups * space.state) / tensor;
  addLinear(program, Block.stateSpace, rank, adapterRank, tokens, inner + mixed + space.inner / space.headSize / tensor, hidden, rank.againProducts);
  addLinear(program, Block.stateSpace, rank, adapterRank, tokens, hidden, inner, rank.againProducts);
  const channels = (scanChunk / 2) * (inner + (space.groups * space.state) / tensor) + 2 * space.state * inner;
  addRow(program, Operation.flash, Block.stateSpace, Phase.forward, Format.wide, tokens, 1, channels, 1, 1, rank.againCore);
  addRow(program, Operation.flash, Block.stateSpace, Phase.data, Format.wide, tokens, 1, channels, 2, 1, 0);
  addElementwise(program, Block.stateSpace, rank, (betweenBytes * tokens * hidden) / rank.between + headBytes * tokens * (mixed + inner), rank.againNormalisation);
  addCasts(program, Block.stateSpace, rank, tokens * (hidden + inner), rank.againProducts);
  if (tensor > 1) addTensorExchange(program, Block.stateSpace, tokens * hidden * rank.bytes, tensor, 2, rank.againProducts);
}
const scanChunk = 256;
