/**
 * How layers lie on a pipeline by what that depends on, in a table of open addresses with `slots` places. An entry is never written again: programs take its arrays as
 * their own, and a later entry of the same place is a new one.
 */
import type { Layout } from "../../plan/layout.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { makeStageRuns, type StageRuns, type TransformerProgram } from "./columns.ts";
import { addStages } from "./stages.ts";

interface SharedStages {
  readonly architecture: Architecture;
  readonly pipeline: number;
  readonly virtualStages: number;
  readonly split: Layout["split"];
  readonly runs: StageRuns;
}

const slots = 1 << 8;
const table: Array<SharedStages | null> = Array.from({ length: slots }, () => null);

/** Gives a program, which must not be kept or written to, the stages of a layout. */
export function takeStages(program: TransformerProgram, architecture: Architecture, layout: Layout): void {
  const { pipeline, virtualStages, split } = layout;
  const slot = (Math.imul(pipeline, 7) + Math.imul(virtualStages, 61) + split.length) & (slots - 1);
  let found = table[slot] ?? null;
  if (found === null || found.architecture !== architecture || found.pipeline !== pipeline || found.virtualStages !== virtualStages || found.split !== split) {
    const runs = makeStageRuns(4);
    addStages(runs, architecture, layout);
    table[slot] = found = { architecture, pipeline, virtualStages, split, runs };
  }
  const { runs } = found;
  program.runs = runs.runs;
  program.stages = runs.stages;
  program.layers = runs.layers;
  program.kinds = runs.kinds;
  program.present = runs.present;
}
