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
  /** Nothing sharded or offloaded: what is asked whether a micro-batch is valid. */
  readonly plain: OpenLayout;
  readonly count: number;
  /** Made when they are first asked for. */
  variants(): readonly Variant[];
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

interface Sharing {
  readonly sharding: Layout["sharding"];
  readonly reshardAfterForward: boolean | undefined;
  readonly offload: LayoutChoices["offload"];
}

interface Making {
  readonly problem: SearchProblem;
  readonly machine: LayoutMachine;
  readonly devices: number;
  /** Variants by what decides which are valid. */
  readonly sharings: Map<string, readonly Sharing[]>;
  readonly blocks: Map<number, readonly number[]>;
}

export const machineOf = (problem: SearchProblem, recipe: number): LayoutMachine => ({ domain: problem.recipes[recipe]?.hardware.domain ?? 1, recipes: problem.recipes.map((one) => one.recipe), supports: problem.supports });

export function makeCells(problem: SearchProblem): Cell[] {
  const cells: Cell[] = [];
  problem.recipes.forEach(({ recipe }, at) => {
    for (const devices of problem.devices) {
      const making: Making = { problem, machine: machineOf(problem, at), devices, sharings: new Map(), blocks: new Map() };
      for (const tensor of tensorDegrees(problem, devices)) {
        for (const context of contextDegrees(problem, devices / tensor)) {
          const stages = stageShapes(problem, devices / (tensor * context));
          for (const [expert, expertTensor] of expertDegrees(problem, devices)) {
            const choices: LayoutChoices = { ...problem.base, recipe, tensor, context, expert, expertTensor, recompute: "none" };
            const shapes = stages.flatMap((shape) => makeShape(making, { ...choices, ...shape }) ?? []);
            if (shapes.length > 0) cells.push({ devices, recipe: at, whole: open(making, { ...choices, pipeline: 1, virtualStages: 1 }, nothingShared), shapes });
          }
        }
      }
    }
  });
  return cells;
}

const nothingShared: Sharing = { sharding: "none", reshardAfterForward: undefined, offload: { optimizer: 0, activations: 0 } };

const open = ({ problem, devices }: Making, choices: LayoutChoices, sharing: Sharing): OpenLayout => makeLayout({ ...choices, ...sharing }, problem.architecture, devices);

function makeShape(making: Making, choices: LayoutChoices): Shape | undefined {
  const { problem, blocks } = making;
  const { architecture } = problem;
  const plain = open(making, choices, nothingShared);
  const sharings = listSharings(making, choices, plain);
  if (sharings.length === 0) return undefined;
  const recomputes = recomputesOf(problem);
  const most = mostLayersOnStage(plain, architecture.layers + architecture.encoderLayers);
  if (!blocks.has(most)) blocks.set(most, recomputes.includes("block") ? blockCounts(problem, most) : []);
  const own = blocks.get(most) ?? [];
  let variants: readonly Variant[] | undefined;
  return {
    plain,
    count: sharings.length,
    variants: () => (variants ??= sharings.map((sharing) => ({ layout: open(making, choices, sharing), lasting_bytes: -1 }))),
    blocks: own,
    ways: recomputes.length - (recomputes.includes("block") ? 1 : 0) + own.length,
  };
}

/** What data ranks may divide and the host may hold. Batch, heads and the like are judged later, with the micro-batch; here what each of them adds. */
function listSharings(making: Making, choices: LayoutChoices, plain: OpenLayout): readonly Sharing[] {
  const { problem, machine, sharings } = making;
  const { architecture, axes, base } = problem;
  const ranks = plain.data * plain.context;
  const key = `${ranks} ${plain.pipeline > 1}`;
  const known = sharings.get(key);
  if (known !== undefined) return known;
  const faults = findFaults(plain, architecture, machine);
  const list: Sharing[] = [];
  for (const one of shardingVariants(problem, ranks)) {
    for (const optimizer of axes.offloadOptimizer ?? [base.offload.optimizer]) {
      for (const activations of axes.offloadActivations ?? [base.offload.activations]) {
        const sharing: Sharing = { ...one, offload: { optimizer, activations } };
        if ((findFaults(open(making, choices, sharing), architecture, machine) & ~faults) === 0) list.push(sharing);
      }
    }
  }
  sharings.set(key, list);
  return list;
}
