/** Layers of every stage of a pipeline; stages are counted when they are asked for, and never written again. */
import { rememberByPipeline } from "../plan/by-pipeline.ts";
import type { Layout } from "../plan/layout.ts";
import { layersOnStage } from "../plan/stages.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { countStageLayers, makeStageLayers, type StageLayers } from "./stage-layers.ts";

export interface PipelineLayers {
  /** Stages before this one may be fuller than the first one, those from here to the last cannot. */
  readonly fuller: number;
  readonly stages: Array<StageLayers | null>;
}

export const pipelineLayers = rememberByPipeline((architecture, layout): PipelineLayers => ({ fuller: fullerStages(architecture, layout), stages: Array.from({ length: layout.pipeline }, () => null) }));

export function stageLayers({ stages }: PipelineLayers, architecture: Architecture, layout: Layout, stage: number): StageLayers {
  const found = stages[stage] ?? null;
  if (found !== null) return found;
  const made = makeStageLayers();
  countStageLayers(architecture, layout, stage, made);
  stages[stage] = made;
  return made;
}

/** Stages between differ from a neighbour by nothing that adds (fewer in flight, as many layers), unless the first ones hold less. */
function fullerStages(architecture: Architecture, layout: Layout): number {
  const { pipeline } = layout;
  const total = architecture.layers + architecture.encoderLayers;
  const dense = architecture.experts === null ? 0 : architecture.experts.firstDense + architecture.encoderLayers;
  const more = dense > 0 || layersOnStage(layout, total, 1) > layersOnStage(layout, total, 0);
  return more ? Math.min(pipeline - 1, 2 + Math.ceil((dense * pipeline) / total)) : 0;
}
