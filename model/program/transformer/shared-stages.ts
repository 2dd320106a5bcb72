/** How layers lie on a pipeline, once for each model and cut. Never written again: programs take its arrays as their own. */
import { rememberByPipeline } from "../../plan/by-pipeline.ts";
import type { Layout } from "../../plan/layout.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { makeStageRuns, type StageRuns, type TransformerProgram } from "./columns.ts";
import { addStages } from "./stages.ts";

const stageRuns = rememberByPipeline((architecture, layout): StageRuns => {
  const runs = makeStageRuns(4);
  addStages(runs, architecture, layout);
  return runs;
});

/** Gives a program, which must not be kept or written to, the stages of a layout. */
export function takeStages(program: TransformerProgram, architecture: Architecture, layout: Layout): void {
  const { runs, stages, layers, kinds, present } = stageRuns(architecture, layout);
  program.runs = runs;
  program.stages = stages;
  program.layers = layers;
  program.kinds = kinds;
  program.present = present;
}
