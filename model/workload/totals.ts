/**
 * What a network holds and moves, from its layers: parameters, gradient tensors in the order the backward pass makes them ready, activations, input.
 * The order of readiness is the reverse of the forward order; branches that run side by side would only swap neighbours.
 */
import type { Layer } from "./layer.ts";
import { multiplies } from "./flop.ts";

export interface GradientTensor {
  /** Index into the layers of the layer whose backward pass yields it. */
  readonly layer: number;
  readonly name: string;
  readonly elements: number;
}

export function countParameters(layers: readonly Layer[]): number {
  return sum(layers, (layer) => layer.parameters.reduce((total, elements) => total + elements, 0));
}

/** One tensor per trainable tensor, first ready first. */
export function listGradientTensors(layers: readonly Layer[]): GradientTensor[] {
  return layers
    .flatMap((layer, index) => layer.parameters.map((elements, tensor) => ({ layer: index, name: `${layer.name}#${tensor}`, elements })))
    .toReversed();
}

export function countGradientBytes(layers: readonly Layer[], bytesPerElement: number): number {
  return countParameters(layers) * bytesPerElement;
}

/** Elements that convolutions, dense layers and products of activations read: what the gradients need again. An input read by several layers counts for each. */
export function countMultiplierInputs(layers: readonly Layer[]): number {
  return sum(layers, (layer) => (multiplies(layer) ? countInputElements(layer) + countSecondFactor(layer) : 0));
}

/** Elements of the other activation of a batched product; 0 for other layers. */
function countSecondFactor(layer: Layer): number {
  if (layer.kind !== "batched-product") return 0;
  const { matrices, inner, columns } = batchedSizes(layer);
  return matrices * inner * columns;
}

export interface BatchedSizes {
  readonly matrices: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** A batched product as so many independent products, rows x inner times inner x columns, of one sample. */
export function batchedSizes({ groups, inChannels, outChannels, outSize }: Layer): BatchedSizes {
  return { matrices: groups, rows: outSize.reduce((product, extent) => product * extent, 1), inner: inChannels / groups, columns: outChannels / groups };
}

/** Elements written by all other layers. */
export function countPointwiseOutputs(layers: readonly Layer[]): number {
  return sum(layers, (layer) => (multiplies(layer) ? 0 : countOutputElements(layer)));
}

/** Bytes of one raw sample without its label. */
export function countSampleBytes(layers: readonly Layer[], bytesPerElement: number): number {
  const first = layers[0];
  return first ? countInputElements(first) * bytesPerElement : 0;
}

export function countInputElements(layer: Layer): number {
  return layer.inSize.reduce((product, extent) => product * extent, layer.inChannels);
}

export function countOutputElements(layer: Layer): number {
  return layer.outSize.reduce((product, extent) => product * extent, layer.outChannels);
}

function sum(layers: readonly Layer[], of: (layer: Layer) => number): number {
  return layers.reduce((total, layer) => total + of(layer), 0);
}
