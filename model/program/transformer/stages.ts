/**
 * How many layers of each kind the stages of a pipeline hold, as runs of equal stages. Layers with experts, windows and state-space mixers are counted where they stand in
 * the model; a stage of an interleaved pipeline holds several pieces. Where a model mixes more than two patterns, kinds are combined in proportion.
 */
import type { Architecture } from "../../workload/transformer/architecture.ts";
import type { Layout } from "../../plan/layout.ts";
import { layersOnStage } from "../../plan/stages.ts";
import { encoderKind, layerKindCount, reserveRuns, type StageRuns } from "./columns.ts";

const kinds = { attention: 0, windowed: 1, stateSpace: 2, experts: 3, encoder: encoderKind, attentionAlone: 7, stateSpaceAlone: 8, feedForwardAlone: 9, expertsAlone: 10 } as const;

export function addStages(program: StageRuns, architecture: Architecture, layout: Layout): void {
  const { pipeline } = layout;
  const total = architecture.layers + architecture.encoderLayers;
  reserveRuns(program, Math.max(4, pipeline));
  program.runs = 0;
  if (isUniform(architecture)) addUniformRuns(program, architecture, layout, total);
  else {
    let first = 0;
    for (let stage = 0; stage < pipeline; stage++) {
      const held = layersOnStage(layout, total, stage);
      addRun(program, 1);
      addPieces(program, architecture, layout, stage, first, held);
      first += held;
    }
    listKinds(program);
  }
}

function listKinds(program: StageRuns): void {
  program.kinds = 0;
  for (let kind = 0; kind < layerKindCount; kind++) {
    for (let run = 0; run < program.runs; run++) {
      if ((program.layers[run * layerKindCount + kind] as number) === 0) continue;
      program.present[program.kinds++] = kind;
      break;
    }
  }
}

/** Every layer is of one kind. */
function isUniform({ experts, attention, stateSpace, encoderLayers }: Architecture): boolean {
  return stateSpace === null && encoderLayers === 0 && (experts === null || (experts.firstDense === 0 && experts.every === 1)) && (attention.window === 0 || attention.fullEvery <= 0);
}

function addUniformRuns(program: StageRuns, { experts, attention }: Architecture, layout: Layout, total: number): void {
  const { pipeline, split } = layout;
  const kind = (attention.window > 0 ? kinds.windowed : kinds.attention) + (experts === null ? 0 : kinds.experts);
  program.kinds = 1;
  program.present[0] = kind;
  const units = split === "embedding-as-layer" ? total + 2 : total;
  const longer = split === "last-short" ? pipeline - 1 : units % pipeline;
  if (split === "last-short" && Math.ceil(total / pipeline) * (pipeline - 1) > total) {
    for (let stage = 0; stage < pipeline; stage++) addAlike(program, layout, total, kind, stage, stage + 1);
    return;
  }
  const last = pipeline - 1;
  const turn = Math.min(Math.max(1, longer), last);
  addAlike(program, layout, total, kind, 0, 1);
  addAlike(program, layout, total, kind, 1, turn);
  addAlike(program, layout, total, kind, turn, last);
  if (last > 0) addAlike(program, layout, total, kind, last, pipeline);
}

/** Stages [first, end), which hold as many layers as the first of them. */
function addAlike(program: StageRuns, layout: Layout, total: number, kind: number, first: number, end: number): void {
  if (end <= first) return;
  addRun(program, end - first);
  program.layers[(program.runs - 1) * layerKindCount + kind] = layersOnStage(layout, total, first);
}

function addRun(program: StageRuns, stages: number): void {
  const run = program.runs++;
  program.stages[run] = stages;
  const { layers } = program;
  for (let at = run * layerKindCount; at < (run + 1) * layerKindCount; at++) layers[at] = 0;
}

/** Interleaving: piece c of stage i begins at layer (c * stages + i) * (layers of a piece). Where pieces are not whole, as without it. */
function addPieces(program: StageRuns, architecture: Architecture, layout: Layout, stage: number, first: number, held: number): void {
  const { pipeline, virtualStages } = layout;
  const piece = held / virtualStages;
  if (virtualStages === 1 || piece !== Math.floor(piece)) return addLayers(program, architecture, first, first + held);
  for (let part = 0; part < virtualStages; part++) {
    const begin = (part * pipeline + stage) * piece;
    addLayers(program, architecture, begin, begin + piece);
  }
}

/** Layers [begin, end) of encoder and decoder in order. */
function addLayers(program: StageRuns, architecture: Architecture, begin: number, end: number): void {
  const { encoderLayers, experts, attention, stateSpace, layers } = architecture;
  const row = (program.runs - 1) * layerKindCount;
  program.layers[row + kinds.encoder] = (program.layers[row + kinds.encoder] as number) + Math.max(0, Math.min(end, encoderLayers) - begin);
  const from = Math.max(0, begin - encoderLayers);
  const to = Math.max(from, end - encoderLayers);
  const count = to - from;
  if (count === 0) return;
  const withExperts = experts === null ? 0 : countEvery(to - experts.firstDense, experts.every) - countEvery(from - experts.firstDense, experts.every);
  if (stateSpace !== null && stateSpace.feedForwardLayers > 0) return addAlone(program, architecture, row, count, withExperts / count);
  const mixed = stateSpace === null ? 0 : (count * Math.min(stateSpace.layers, layers)) / layers;
  const windowed = attention.window === 0 ? 0 : ((count - countEvery(to, attention.fullEvery) + countEvery(from, attention.fullEvery)) * (count - mixed)) / count;
  const share = withExperts / count;
  addMixed(program, row + kinds.attention, count - mixed - windowed, share);
  addMixed(program, row + kinds.windowed, windowed, share);
  addMixed(program, row + kinds.stateSpace, mixed, share);
}

/** Layers that are a mixer alone or a feed-forward part alone stand in proportion everywhere. */
function addAlone({ layers }: StageRuns, { stateSpace, layers: all }: Architecture, row: number, count: number, share: number): void {
  if (stateSpace === null) return;
  const following = (count * stateSpace.feedForwardLayers) / all;
  const mixing = (count * stateSpace.layers) / all;
  layers[row + kinds.feedForwardAlone] = (layers[row + kinds.feedForwardAlone] as number) + following * (1 - share);
  layers[row + kinds.expertsAlone] = (layers[row + kinds.expertsAlone] as number) + following * share;
  layers[row + kinds.stateSpaceAlone] = (layers[row + kinds.stateSpaceAlone] as number) + mixing;
  layers[row + kinds.attentionAlone] = (layers[row + kinds.attentionAlone] as number) + count - following - mixing;
}

/** Layers of one mixer, of which a share has experts. */
function addMixed({ layers }: StageRuns, at: number, count: number, share: number): void {
  layers[at] = (layers[at] as number) + count * (1 - share);
  layers[at + kinds.experts] = (layers[at + kinds.experts] as number) + count * share;
}

/** How many of the first n layers are the last one of a group of `every`. */
const countEvery = (n: number, every: number): number => (n <= 0 || every <= 0 ? 0 : Math.floor(n / every));
