/**
 * Parameters of a rank and activations of a layer by what they depend on, in a table of open addresses with `slots` places: a search over pipelines, replicas and sharding
 * meets the same layers again and again. An entry gives way to the next one of its place.
 */
import { copyLayerChoices, hashLayerChoices, haveSameLayers, type LayerChoices } from "../plan/layer-choices.ts";
import type { Layout } from "../plan/layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { countActivations, makeLayerActivations, type LayerActivations } from "./activations.ts";
import { countRankParameters, makeRankParameters, type RankParameters } from "./rank-parameters.ts";
import type { MemoryStack } from "./stack.ts";

export interface LayerMemory {
  architecture: Architecture;
  choices: LayerChoices;
  dropout: boolean;
  stack: MemoryStack;
  readonly rank: RankParameters;
  readonly activations: LayerActivations;
}

const slots = 1 << 11;
const table: Array<LayerMemory | null> = Array.from({ length: slots }, () => null);

/** Of this layout, until a later call takes the same place. */
export function layerMemory(architecture: Architecture, layout: Layout, stack: MemoryStack): LayerMemory {
  const slot = hashLayerChoices(layout) & (slots - 1);
  const found = table[slot] ?? null;
  if (found !== null && found.architecture === architecture && found.stack === stack && found.dropout === layout.dropout && haveSameLayers(found.choices, layout)) return found;
  const { rank, activations } = found ?? { rank: makeRankParameters(), activations: makeLayerActivations() };
  countRankParameters(architecture, layout, rank);
  countActivations(architecture, layout, stack, rank.rows, activations);
  const made = { architecture, choices: copyLayerChoices(layout), dropout: layout.dropout, stack, rank, activations };
  table[slot] = made;
  return made;
}
