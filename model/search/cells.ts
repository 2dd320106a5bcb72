/**
 * The space of a search as a tree: a cell has the degrees that divide a layer, its shapes how a pipeline is cut and run, and a shape's variants what data ranks divide and the
 * host holds. Layouts of one variant differ in micro-batch and recomputation, which are written into one layout object: nothing is allocated per layout.
 */
import { findFaults, type LayoutMachine } from "../plan/find-faults.ts";
import type { Layout } from "../plan/layout.ts";
import { makeLayout } from "../plan/make-layout.ts";
import { mostLayersOnStage } from "../plan/stages.ts";
import type { LayoutChoices } from "../schema/plan-layout.ts";
import { blockCounts, contextDegrees, expertDegrees, recomputesOf, shardingVariants, stageShapes, tensorDegrees } from "./axes.ts";
import type { SearchProblem } from "./problem.ts";

export type OpenLayout = { -readonly [Key in keyof Layout]: Layout[Key] };

export interface Variant {
  readonly layout: OpenLayout;
  /** Device memory whatever micro-batch and recomputation; -1: not yet asked. */
  lasting_bytes: number;
}

export interface Shape {
  readonly pipeline: number;
  readonly variants: readonly Variant[];
  /** Numbers of layers that recompute `block` may have. */
  readonly blocks: readonly number[];
  /** Layouts per variant and micro-batch: ways to recompute. */
  readonly ways: number;
}

export interface Cell {
  readonly devices: number;
  readonly recipe: number;
  /** All layers on one rank of a pipeline, one micro-batch: what a bound is made of. */
  readonly whole: OpenLayout;
  readonly shapes: readonly Shape[];
}

export const machineOf = (problem: SearchProblem, recipe: number): LayoutMachine => ({ domain: problem.recipes[recipe]?.hardware.domain ?? 1, recipes: problem.recipes.map((one) => one.recipe) });

export function makeCells(problem: SearchProblem): Cell[] {
  const cells: Cell[] = [];
  problem.recipes.forEach(({ recipe }, at) => {
    for (const devices of problem.devices) {
      for (const tensor of tensorDegrees(problem, devices)) {
        for (const context of contextDegrees(problem, devices / tensor)) {
          for (const [expert, expertTensor] of expertDegrees(problem, devices)) {
            const choices: LayoutChoices = { ...problem.base, recipe, tensor, context, expert, expertTensor };
            const shapes = stageShapes(problem, devices / (tensor * context)).flatMap((shape) => makeShape(problem, { ...choices, ...shape }, devices, at) ?? []);
            if (shapes.length > 0) cells.push({ devices, recipe: at, whole: makeWhole(problem, choices, devices), shapes });
          }
        }
      }
    }
  });
  return cells;
}

const open = (problem: SearchProblem, choices: LayoutChoices, devices: number): OpenLayout => ({ ...makeLayout(choices, problem.architecture, devices) });

function makeWhole(problem: SearchProblem, choices: LayoutChoices, devices: number): OpenLayout {
  return open(problem, { ...choices, pipeline: 1, virtualStages: 1, sharding: "none", recompute: "none", offload: { optimizer: 0, activations: 0 } }, devices);
}

function makeShape(problem: SearchProblem, given: LayoutChoices, devices: number, recipe: number): Shape | undefined {
  const { architecture, axes } = problem;
  const machine = machineOf(problem, recipe);
  const choices: LayoutChoices = { ...given, recompute: "none" };
  const plain = open(problem, { ...choices, sharding: "none", shardGroup: undefined }, devices);
  const faults = findFaults(plain, architecture, machine);
  const variants: Variant[] = [];
  for (const one of shardingVariants(problem, plain.data * plain.context)) {
    for (const optimizer of axes.offloadOptimizer ?? [choices.offload.optimizer]) {
      for (const activations of axes.offloadActivations ?? [choices.offload.activations]) {
        const layout = open(problem, { ...choices, ...one, offload: { optimizer, activations } }, devices);
        // Batch, heads and the like are judged later, with the micro-batch; here what the variant adds.
        if ((findFaults(layout, architecture, machine) & ~faults) === 0) variants.push({ layout, lasting_bytes: -1 });
      }
    }
  }
  if (variants.length === 0) return undefined;
  const recomputes = recomputesOf(problem);
  const blocks = recomputes.includes("block") ? blockCounts(problem, mostLayersOnStage(plain, architecture.layers + architecture.encoderLayers)) : [];
  const ways = recomputes.length - (recomputes.includes("block") ? 1 : 0) + blocks.length;
  return { pipeline: plain.pipeline, variants, blocks, ways };
}
