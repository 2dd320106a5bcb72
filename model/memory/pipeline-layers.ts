/**
 * Layers of every stage by what they depend on, in a table of open addresses with `slots` places; stages are counted when they are asked for. Counts are never written again.
 */
import type { Layout } from "../plan/layout.ts";
import { layersOnStage } from "../plan/stages.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { countStageLayers, makeStageLayers, type StageLayers } from "./stage-layers.ts";

export interface PipelineLayers {
  readonly architecture: Architecture;
  readonly pipeline: number;
  readonly virtualStages: number;
  readonly split: Layout["split"];
  /** Stages before this one may be fuller than the first one, those from here to the last cannot. */
  readonly fuller: number;
  readonly stages: Array<StageLayers | null>;
}

const slots = 1 << 8;
const table: Array<PipelineLayers | null> = Array.from({ length: slots }, () => null);

export function pipelineLayers(architecture: Architecture, layout: Layout): PipelineLayers {
  const { pipeline, virtualStages, split } = layout;
  const slot = (Math.imul(pipeline, 7) + Math.imul(virtualStages, 61) + split.length) & (slots - 1);
  const found = table[slot] ?? null;
  if (found !== null && found.architecture === architecture && found.pipeline === pipeline && found.virtualStages === virtualStages && found.split === split) return found;
  const made = { architecture, pipeline, virtualStages, split, fuller: fullerStages(architecture, layout), stages: Array.from({ length: pipeline }, () => null) };
  table[slot] = made;
  return made;
}

export function stageLayers(known: PipelineLayers, architecture: Architecture, layout: Layout, stage: number): StageLayers {
  const found = known.stages[stage] ?? null;
  if (found !== null) return found;
  const made = makeStageLayers();
  countStageLayers(architecture, layout, stage, made);
  known.stages[stage] = made;
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
