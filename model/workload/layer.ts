/**
 * One node of a network's forward graph, for ONE sample. A workload is an ordered list of these (execution order of the forward pass);
 * parameters, FLOP, bytes and the step program are all computed from the list, so a network is described once.
 * Left out: control flow and recurrent state. Sizes are spatial only, [height, width] or [depth, height, width]; [1] where there is none.
 */
import type { layerKinds } from "../schema/layer-list.ts";

export type LayerKind = (typeof layerKinds)[number];

export interface Layer {
  /** Path in the network, such as "block2/unit1/conv2". Unique in a workload. */
  readonly name: string;
  /** The part of the network a reader would name: "encoder", "aspp", "decoder", "full-resolution"... */
  readonly part: string;
  readonly kind: LayerKind;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly inSize: readonly number[];
  readonly outSize: readonly number[];
  /** Filter taps per spatial dimension; all 1 where the kind has no filter. */
  readonly kernel: readonly number[];
  readonly stride: number;
  readonly dilation: number;
  /** 1 for a full convolution, inChannels for a depth-wise one; in a batched product its matrices, each of which has its share of the channels. */
  readonly groups: number;
  /** Elements of each trainable tensor of this layer (weights; bias; scale and offset of a normalisation). */
  readonly parameters: readonly number[];
  /** False where no gradient reaches the input: layers that read the raw sample. They have no data-gradient pass. */
  readonly differentiatesInput: boolean;
}
