/** The parts of a search: a node is a cell with one micro-batch and the choices that a layer's time depends on. Its layouts share one bound, and those of a pipeline a closer one. */
import { parameterIndex } from "../cost/transformer/parameters.ts";
import { findFaults, type LayoutMachine } from "../plan/find-faults.ts";
import type { Layout } from "../plan/layout.ts";
import { nearestSupported } from "../plan/stack-support.ts";
import { among, divisorsOf } from "./axes.ts";
import type { Cell, OpenLayout, Shape, Variant } from "./cells.ts";
import { leastTime, searchFamily, setRecompute } from "./family.ts";
import { scoreOf, weightsOf, type Kept, type Weights } from "./kept.ts";
import type { Meter } from "./meter.ts";
import type { SearchCounts, SearchProblem } from "./problem.ts";

export interface Run {
  readonly problem: SearchProblem;
  readonly meters: readonly Meter[];
  readonly kept: Kept;
  readonly counts: SearchCounts;
  readonly recomputes: ReadonlyArray<Layout["recompute"]>;
  readonly leastAgain: Layout["recompute"];
  readonly falling: boolean;
  readonly machines: readonly LayoutMachine[];
}

interface Choices {
  readonly microBatch: number;
  readonly sequenceParallel: boolean;
  readonly attentionKernel: Layout["attentionKernel"];
  readonly contextScheme: Layout["contextScheme"];
}

/** All layers for one micro-batch, with the share of the head that counts least, and with all of it; what each step has besides; waiting for the slowest node. */
interface Whole {
  readonly least_s: number;
  readonly whole_s: number;
  readonly fixed_s: number;
  readonly slowest: number;
  /** Products of all layers at their peak, for one micro-batch. */
  readonly ideal_s: number;
}

export interface Node extends Choices {
  readonly cell: Cell;
  readonly whole: Whole;
  /** Least step time of its layouts, and the score by which nodes are searched. */
  readonly bound_s: number;
  readonly bound: number;
  readonly weights: Weights;
}

function set(layout: OpenLayout, choices: Choices): void {
  layout.microBatch = choices.microBatch;
  layout.microBatches = layout.globalBatch / (layout.data * choices.microBatch);
  layout.sequenceParallel = choices.sequenceParallel;
  layout.attentionKernel = choices.attentionKernel;
  layout.contextScheme = choices.contextScheme;
}

/** Nodes of a cell that have a valid layout; counts all of them. */
export function makeNodes(run: Run, cell: Cell): Node[] {
  const nodes: Node[] = [];
  for (const choices of listChoices(run.problem, cell)) {
    let valid = 0;
    for (const shape of cell.shapes) {
      const layouts = shape.count * shape.ways;
      run.counts.layouts += layouts;
      if (isValid(run, cell, shape, choices)) valid += layouts;
    }
    run.counts.valid += valid;
    if (valid > 0) nodes.push(makeNode(run, cell, choices));
  }
  return nodes;
}

function listChoices({ axes, base, supports }: SearchProblem, cell: Cell): Choices[] {
  const { tensor, context, globalBatch } = cell.whole;
  const leastData = Math.min(...cell.shapes.map(({ plain }) => plain.data).filter((data) => globalBatch % data === 0));
  if (leastData === Number.POSITIVE_INFINITY) return [];
  const choices: Choices[] = [];
  for (const microBatch of among(divisorsOf(globalBatch / leastData), axes.microBatch)) {
    for (const sequenceParallel of tensor > 1 ? (axes.sequenceParallel ?? [true, false]) : [false]) {
      for (const attentionKernel of axes.attentionKernel ?? [nearestSupported(base.attentionKernel, supports.attentionKernels)]) {
        for (const contextScheme of (context > 1 ? axes.contextScheme : undefined) ?? [nearestSupported(base.contextScheme ?? "ring", supports.contextSchemes)]) choices.push({ microBatch, sequenceParallel, attentionKernel, contextScheme });
      }
    }
  }
  return choices;
}

function isValid({ problem, machines }: Run, cell: Cell, { plain }: Shape, choices: Choices): boolean {
  if (plain.globalBatch % (plain.data * choices.microBatch) !== 0) return false;
  set(plain, choices);
  return findFaults(plain, problem.architecture, machines[cell.recipe] as LayoutMachine) === 0;
}

function makeNode(run: Run, cell: Cell, choices: Choices): Node {
  const { problem } = run;
  const whole = timeWhole(run, cell, choices, run.leastAgain);
  const rounds = (cell.whole.globalBatch * cell.whole.tensor * cell.whole.context) / (cell.devices * choices.microBatch);
  const bound_s = (whole.least_s * rounds + whole.fixed_s) * whole.slowest;
  const weights = weightsOf(problem, cell.devices, whole.ideal_s * rounds);
  return { ...choices, cell, whole, bound_s, weights, bound: scoreOf(problem.objective === "memory" ? "time" : problem.objective, bound_s, 0, weights) };
}

/** One rank of a pipeline with one micro-batch: every layer once. Experts may overlap their dispatch in some schedules only: the lesser time counts. */
function timeWhole(run: Run, { recipe, whole }: Cell, choices: Choices, recompute: Layout["recompute"]): Whole {
  const { problem } = run;
  const meter = run.meters[recipe] as Meter;
  const before = whole.overlap;
  let [whole_s, head_s, ideal_s] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
  for (const expert of problem.architecture.experts === null ? [before.expert] : [false, true]) {
    set(whole, choices);
    whole.microBatches = 1;
    whole.overlap = { ...before, expert };
    setRecompute(whole, recompute, 0, problem.base.recomputeModules);
    meter.timeOnce(whole);
    if (meter.passes_s < whole_s) [whole_s, head_s] = [meter.passes_s, meter.head_s];
    ideal_s = Math.min(ideal_s, meter.ideal_s);
  }
  whole.overlap = before;
  const headShare = problem.recipes[recipe]?.values[parameterIndex.headShare] ?? 1;
  return { whole_s, least_s: whole_s - Math.max(0, 1 - headShare) * head_s, fixed_s: meter.fixed_s, slowest: meter.slowest, ideal_s };
}

/** Micro-batches that a stage of the mean length takes time for, bubble included; the other schedules fill theirs. */
function roundsOf({ pipeline, virtualStages, schedule, microBatches }: Layout): number {
  if (schedule === "1f1b" || schedule === "gpipe") return microBatches + pipeline - 1;
  return schedule === "interleaved" ? microBatches + (pipeline - 1) / virtualStages : microBatches;
}

/** Least step time of a stage shape: equal stages, and nothing but the layers and the bubble. */
function leastOfShape(layout: Layout, { least_s, whole_s, fixed_s, slowest }: Whole): number {
  return (((layout.virtualStages > 1 ? least_s : whole_s) / layout.pipeline) * roundsOf(layout) + fixed_s) * slowest;
}

/** Every layout of a node. */
export function searchNode(run: Run, node: Node): boolean {
  const { problem, kept, counts, recomputes } = run;
  const { cell } = node;
  const { weights } = node;
  const meter = run.meters[cell.recipe] as Meter;
  const task = { objective: problem.objective, recipe: cell.recipe, weights, modules: problem.base.recomputeModules, falling: run.falling, kept, meter, counts };
  const wholes = recomputes.map((recompute) => (recompute === "block" || recompute === run.leastAgain ? node.whole : timeWhole(run, cell, node, recompute)));
  let better = false;
  for (const shape of cell.shapes) {
    if (!isValid(run, cell, shape, node)) continue;
    if (kept.refuses(leastOfShape(shape.plain, node.whole), 0, weights)) continue;
    const possible = recomputes.filter((_, index) => !kept.refuses(leastOfShape(shape.plain, wholes[index] as Whole), 0, weights));
    let passes_s = 0;
    for (const variant of shape.variants()) {
      const least_bytes = lastingBytes(variant, meter);
      if (least_bytes === Number.POSITIVE_INFINITY) counts.tooLarge += shape.ways;
      else if (!kept.refuses(passes_s, least_bytes, weights)) {
        set(variant.layout, node);
        if (passes_s === 0) {
          setRecompute(variant.layout, run.leastAgain, 0, problem.base.recomputeModules);
          meter.time(variant.layout);
          passes_s = leastTime(meter);
          if (kept.refuses(passes_s, least_bytes, weights)) continue;
        }
        better = searchFamily({ ...task, recomputes: possible }, variant.layout, shape.blocks) || better;
      }
    }
  }
  return better;
}

/** Device memory of a variant whatever micro-batch and recomputation; infinite where it can never fit. */
function lastingBytes(variant: Variant, meter: Meter): number {
  if (variant.lasting_bytes < 0) {
    const bytes = meter.weighLasting(variant.layout);
    variant.lasting_bytes = meter.fits ? bytes : Number.POSITIVE_INFINITY;
  }
  return variant.lasting_bytes;
}
