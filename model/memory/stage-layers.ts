/** Layers of a stage by kind: with experts, with a state-space mixer, decoder layers that attend to an encoder. Pieces of an interleaved stage stand where they stand in the model. */
import type { Layout } from "../plan/layout.ts";
import { layersBeforeStage, layersOnStage } from "../plan/stages.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";

export interface StageLayers {
  all: number;
  experts: number;
  /** Feed-forward parts without experts. */
  feedForward: number;
  stateSpace: number;
  /** With attention of their own. */
  attention: number;
  cross: number;
}

/** Doubles from the start, so that no later number changes how the object is laid out. */
export const makeStageLayers = (): StageLayers => ({ all: Number.NaN, experts: Number.NaN, feedForward: Number.NaN, stateSpace: Number.NaN, attention: Number.NaN, cross: Number.NaN });

export function countStageLayers(architecture: Architecture, layout: Layout, stage: number, into: StageLayers): void {
  const { layers, encoderLayers, stateSpace } = architecture;
  const { pipeline, virtualStages } = layout;
  const total = layers + encoderLayers;
  const held = layersOnStage(layout, total, stage);
  into.all = held;
  into.experts = into.cross = 0;
  const piece = held / virtualStages;
  const pieces = virtualStages > 1 && piece % 1 === 0 ? virtualStages : 1;
  for (let part = 0; part < pieces; part++) {
    const begin = pieces === 1 ? layersBeforeStage(layout, total, stage) : (part * pipeline + stage) * piece;
    const end = begin + held / pieces;
    into.experts += expertLayersUpTo(architecture, end) - expertLayersUpTo(architecture, begin);
    if (encoderLayers > 0) into.cross += Math.max(0, end - Math.max(begin, encoderLayers));
  }
  const mixers = stateSpace === null ? 0 : stateSpace.layers / layers;
  const alone = stateSpace === null ? 0 : stateSpace.feedForwardLayers / layers;
  into.stateSpace = held * mixers;
  into.attention = held * (1 - mixers - alone);
  into.experts = alone > 0 ? into.experts * alone : into.experts;
  into.feedForward = (alone > 0 ? held * alone : held) - into.experts;
}

/** The last layer of each group of `every` after the first dense ones has experts. */
function expertLayersUpTo({ experts, encoderLayers }: Architecture, layer: number): number {
  return experts === null ? 0 : Math.floor(Math.max(0, layer - encoderLayers - experts.firstDense) / Math.max(1, experts.every));
}
