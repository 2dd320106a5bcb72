/**
 * Builds the layer list of a network in forward order. Each method adds one layer that reads tensors and returns the tensor that it writes,
 * so sizes and channels chain by construction; a layer that cannot follow its input is refused with its name.
 * "same" padding gives ceil(size / stride), "valid" only whole windows; which side the padding is on has no effect on any count.
 * A gradient reaches a tensor only if some trainable layer lies before it: the raw sample needs none.
 */
import type { Layer, LayerKind } from "./layer.ts";

export interface Tensor {
  readonly channels: number;
  readonly size: readonly number[];
  readonly needsGradient: boolean;
}

/** A number: elements on each side. */
export type Padding = "same" | "valid" | number;

export interface FilterOptions {
  /** Taps along every spatial dimension. */
  readonly kernel: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly padding?: Padding;
}

export interface ConvolutionLayerOptions extends Omit<FilterOptions, "kernel"> {
  readonly channels: number;
  /** Along every spatial dimension the same, or one by one. */
  readonly kernel: number | readonly number[];
}

export interface Graph {
  readonly sample: Tensor;
  /** Layers added from here on belong to this part of the network. */
  enter(part: string): void;
  conv(name: string, from: Tensor, options: ConvolutionLayerOptions): Tensor;
  transposedConv(name: string, from: Tensor, options: { readonly channels: number; readonly kernel: number; readonly stride: number }): Tensor;
  depthwise(name: string, from: Tensor, options: FilterOptions): Tensor;
  dense(name: string, from: Tensor, channels: number): Tensor;
  /** A dense layer at every position. */
  linear(name: string, from: Tensor, channels: number): Tensor;
  /** Scores of attention: in each head every position's `from` times every position's `other`. */
  scores(name: string, from: Tensor, other: Tensor, heads: number): Tensor;
  /** Mix of attention: in each head every position's scores times what stands at the positions. */
  mix(name: string, scores: Tensor, values: Tensor, heads: number): Tensor;
  /** A trainable vector for each number of a vocabulary, looked up at every position. */
  embedding(name: string, from: Tensor, options: { readonly vocabulary: number; readonly channels: number }): Tensor;
  /** A trainable number for every position and channel. */
  positions(name: string, from: Tensor): Tensor;
  layerNorm(name: string, from: Tensor): Tensor;
  gelu(name: string, from: Tensor): Tensor;
  /** Over the channels, in groups that do not change the count of elements. */
  softmax(name: string, from: Tensor): Tensor;
  /** The same elements in another order in memory. */
  copy(name: string, from: Tensor): Tensor;
  bias(name: string, from: Tensor): Tensor;
  batchNorm(name: string, from: Tensor): Tensor;
  activation(name: string, from: Tensor): Tensor;
  /** Multiplies by a constant or, when trainable, by one number per channel. */
  scale(name: string, from: Tensor, trainable?: boolean): Tensor;
  add(name: string, from: readonly Tensor[]): Tensor;
  concatenate(name: string, from: readonly Tensor[]): Tensor;
  dropout(name: string, from: Tensor): Tensor;
  maxPool(name: string, from: Tensor, options: FilterOptions): Tensor;
  /** Mean over all positions. */
  meanPool(name: string, from: Tensor): Tensor;
  /** Interpolates, or repeats where the input has one position. */
  resize(name: string, from: Tensor, size: readonly number[]): Tensor;
  softmaxLoss(name: string, from: Tensor): Tensor;
  list(): Layer[];
}

interface Change {
  readonly channels?: number;
  readonly size?: readonly number[];
  readonly kernel?: number | readonly number[];
  readonly stride?: number;
  readonly dilation?: number;
  readonly groups?: number;
  readonly parameters?: readonly number[];
}

export function createGraph(inputChannels: number, inputSize: readonly number[]): Graph {
  const layers: Layer[] = [];
  const names = new Set<string>();
  let currentPart = "network";

  const append = (kind: LayerKind, name: string, from: Tensor, change: Change = {}): Tensor => {
    if (names.has(name)) throw new RangeError(`two layers are named ${name}`);
    const channels = change.channels ?? from.channels;
    const size = change.size ?? from.size;
    for (const extent of [channels, ...size]) {
      if (!Number.isInteger(extent) || extent < 1) throw new RangeError(`${name} would have size ${channels} x ${size.join(" x ")}`);
    }
    const parameters = change.parameters ?? [];
    names.add(name);
    layers.push({
      name,
      part: currentPart,
      kind,
      inChannels: from.channels,
      outChannels: channels,
      inSize: from.size,
      outSize: size,
      kernel: size.map((_, axis) => tapsAlong(change.kernel ?? 1, axis)),
      stride: change.stride ?? 1,
      dilation: change.dilation ?? 1,
      groups: change.groups ?? 1,
      parameters,
      differentiatesInput: from.needsGradient,
    });
    return { channels, size, needsGradient: from.needsGradient || parameters.length > 0 };
  };

  const joinAll = (name: string, from: readonly Tensor[]): { readonly first: Tensor; readonly needsGradient: boolean } => {
    const [first, ...others] = from;
    if (!first) throw new RangeError(`${name} has no input`);
    for (const other of others) {
      if (other.size.join() !== first.size.join()) throw new RangeError(`${name} joins ${first.size.join(" x ")} with ${other.size.join(" x ")}`);
    }
    return { first, needsGradient: from.some((tensor) => tensor.needsGradient) };
  };

  const multiplyPair = (name: string, from: Tensor, other: Tensor, heads: number, channels: number): Tensor => {
    const { needsGradient } = joinAll(name, [from, other]);
    if (from.channels % heads !== 0 || other.channels % heads !== 0) throw new RangeError(`${name} splits ${from.channels} and ${other.channels} channels into ${heads} heads`);
    return append("batched-product", name, { ...from, needsGradient }, { channels, groups: heads });
  };

  const convolve = (name: string, from: Tensor, channels: number, groups: number, options: Window): Tensor => {
    const taps = from.size.reduce((product, _, axis) => product * tapsAlong(options.kernel, axis), 1);
    return append("convolution", name, from, {
      channels,
      size: slideWindow(from.size, options),
      kernel: options.kernel,
      stride: options.stride ?? 1,
      dilation: options.dilation ?? 1,
      groups,
      parameters: [(taps * from.channels * channels) / groups],
    });
  };

  return {
    sample: { channels: inputChannels, size: inputSize, needsGradient: false },
    enter(part) {
      currentPart = part;
    },
    conv: (name, from, options) => convolve(name, from, options.channels, 1, options),
    depthwise: (name, from, options) => convolve(name, from, from.channels, from.channels, options),
    transposedConv: (name, from, { channels, kernel, stride }) =>
      append("transposed-convolution", name, from, {
        channels,
        size: from.size.map((extent) => extent * stride),
        kernel,
        stride,
        parameters: [kernel ** from.size.length * from.channels * channels],
      }),
    dense: (name, from, channels) => {
      const flat = { ...from, channels: from.size.reduce((product, extent) => product * extent, from.channels), size: [1] };
      return append("dense", name, flat, { channels, parameters: [flat.channels * channels] });
    },
    linear: (name, from, channels) => append("dense", name, from, { channels, parameters: [from.channels * channels] }),
    scores: (name, from, other, heads) => {
      if (from.channels !== other.channels) throw new RangeError(`${name} multiplies ${from.channels} by ${other.channels} channels`);
      return multiplyPair(name, from, other, heads, heads * countPositions(from));
    },
    mix: (name, scores, values, heads) => {
      if (scores.channels !== heads * countPositions(values)) throw new RangeError(`${name} mixes ${countPositions(values)} positions in ${heads} heads with ${scores.channels} scores`);
      return multiplyPair(name, scores, values, heads, values.channels);
    },
    embedding: (name, from, { vocabulary, channels }) => append("embedding", name, from, { channels, parameters: [vocabulary * channels] }),
    positions: (name, from) => append("bias", name, from, { parameters: [countPositions(from) * from.channels] }),
    layerNorm: (name, from) => append("layer-normalisation", name, from, { parameters: [from.channels, from.channels] }),
    gelu: (name, from) => append("gelu", name, from),
    softmax: (name, from) => append("softmax", name, from),
    copy: (name, from) => append("copy", name, from),
    bias: (name, from) => append("bias", name, from, { parameters: [from.channels] }),
    batchNorm: (name, from) => append("batch-normalisation", name, from, { parameters: [from.channels, from.channels] }),
    activation: (name, from) => append("activation", name, from),
    scale: (name, from, trainable = false) => append("scale", name, from, { parameters: trainable ? [from.channels] : [] }),
    add: (name, from) => {
      const { first, needsGradient } = joinAll(name, from);
      if (from.some((tensor) => tensor.channels !== first.channels)) throw new RangeError(`${name} adds different channel counts`);
      return append("add", name, { ...first, needsGradient });
    },
    concatenate: (name, from) => {
      const { first, needsGradient } = joinAll(name, from);
      const channels = from.reduce((sum, tensor) => sum + tensor.channels, 0);
      return append("concatenate", name, { ...first, channels, needsGradient });
    },
    dropout: (name, from) => append("dropout", name, from),
    maxPool: (name, from, options) =>
      append("max-pool", name, from, { size: slideWindow(from.size, options), kernel: options.kernel, stride: options.stride ?? 1 }),
    meanPool: (name, from) => append("mean-pool", name, from, { size: from.size.map(() => 1) }),
    resize: (name, from, size) => append("resize", name, from, { size }),
    softmaxLoss: (name, from) => append("softmax-loss", name, from),
    list: () => layers,
  };
}

function countPositions({ size }: Tensor): number {
  return size.reduce((product, extent) => product * extent, 1);
}

type Window = Omit<ConvolutionLayerOptions, "channels">;

const tapsAlong = (kernel: number | readonly number[], axis: number): number => (typeof kernel === "number" ? kernel : (kernel[axis] ?? 1));

function slideWindow(size: readonly number[], { kernel, stride = 1, dilation = 1, padding = "same" }: Window): number[] {
  return size.map((extent, axis) => (padding === "same" ? Math.ceil(extent / stride) : Math.floor((extent + 2 * (padding === "valid" ? 0 : padding) - (tapsAlong(kernel, axis) - 1) * dilation - 1) / stride) + 1));
}
