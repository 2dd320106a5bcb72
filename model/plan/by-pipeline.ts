/**
 * What hangs on nothing but the model and how its layers are cut into stages is made once, in a table of open addresses with `slots` places: a search meets the same
 * pipelines under many other choices. An entry gives way to the next one of its place.
 */
import type { Architecture } from "../workload/transformer/architecture.ts";
import type { Layout } from "./layout.ts";

interface Entry<Made> {
  readonly architecture: Architecture;
  readonly pipeline: number;
  readonly virtualStages: number;
  readonly split: Layout["split"];
  readonly made: Made;
}

const slots = 1 << 8;

export function rememberByPipeline<Made>(make: (architecture: Architecture, layout: Layout) => Made): (architecture: Architecture, layout: Layout) => Made {
  const table: Array<Entry<Made> | null> = Array.from({ length: slots }, () => null);
  return (architecture, layout) => {
    const { pipeline, virtualStages, split } = layout;
    const slot = (Math.imul(pipeline, 7) + Math.imul(virtualStages, 61) + split.length) & (slots - 1);
    const found = table[slot] ?? null;
    if (found !== null && found.architecture === architecture && found.pipeline === pipeline && found.virtualStages === virtualStages && found.split === split) return found.made;
    const made = make(architecture, layout);
    table[slot] = { architecture, pipeline, virtualStages, split, made };
    return made;
  };
}
