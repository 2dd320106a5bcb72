/**
 * The layouts of one variant with one micro-batch: they differ in recomputation alone. None and selective recomputation are judged one by one. Of `block` more layers cost time
 * and save memory: the least number that fits is found by bisection, and further ones are judged until the pipeline alone takes longer than the best. Where layers may
 * keep less than their input (a feed-forward part alone) memory need not fall, and every number is judged.
 */
import type { Layout } from "../plan/layout.ts";
import type { OpenLayout } from "./cells.ts";
import { scoreOf, slack, type Kept, type Weights } from "./kept.ts";
import type { Meter } from "./meter.ts";
import type { Candidate, Objective, SearchCounts } from "./problem.ts";

export interface FamilyTask {
  readonly objective: Objective;
  readonly recipe: number;
  readonly weights: Weights;
  readonly recomputes: ReadonlyArray<Layout["recompute"]>;
  readonly modules: Layout["recomputeModules"];
  /** More recomputed layers never need more memory. */
  readonly falling: boolean;
  readonly kept: Kept;
  readonly meter: Meter;
  readonly counts: SearchCounts;
}

interface Family extends FamilyTask {
  readonly layout: OpenLayout;
  best: Candidate | undefined;
}

/** Judges all; gives true where something joined the best. */
export function searchFamily(task: FamilyTask, layout: OpenLayout, blocks: readonly number[]): boolean {
  const family: Family = { ...task, layout, best: undefined };
  for (const recompute of task.recomputes) {
    if (recompute === "block") judgeBlocks(family, blocks);
    else {
      setRecompute(layout, recompute, 0, task.modules);
      judge(family);
    }
  }
  return family.best !== undefined && task.kept.add(family.best, task.weights);
}

export function setRecompute(layout: OpenLayout, recompute: Layout["recompute"], layers: number, modules: Layout["recomputeModules"]): void {
  layout.recompute = recompute;
  layout.recomputedLayers = layers;
  layout.recomputeModules = recompute === "modules" ? modules : [];
}

/** One layout as it is set. Memory first, which costs less to know. */
function judge(family: Family): void {
  const { meter, layout } = family;
  if (!weigh(family) || refuses(family, 0, meter.device_bytes)) return;
  meter.time(layout);
  if (!refuses(family, meter.step_s, meter.device_bytes, meter.energy_J)) take(family);
}

function weigh({ meter, counts, layout }: Family): boolean {
  meter.weigh(layout);
  if (!meter.fits) counts.tooLarge++;
  return meter.fits;
}

/** Nothing with these least values joins the best, or is the best of this family. */
function refuses({ kept, weights, objective, best }: Family, step_s: number, device_bytes: number, energy_J?: number): boolean {
  if (kept.refuses(step_s, device_bytes, weights, energy_J)) return true;
  return !kept.several && best !== undefined && scoreOf(objective, step_s, device_bytes, weights, energy_J) * slack > scoreOf(objective, best.step_s, best.device_bytes, weights, best.energy_J);
}

function take(family: Family): void {
  const { meter, layout, recipe, weights, kept } = family;
  family.counts.judged++;
  const candidate: Candidate = { layout: { ...layout }, recipe, step_s: meter.step_s, energy_J: meter.energy_J, device_bytes: meter.device_bytes, allocated_bytes: meter.allocated_bytes };
  kept.consider(candidate, weights);
  if (kept.precedes(candidate, family.best, weights)) family.best = candidate;
}

function judgeBlocks(family: Family, blocks: readonly number[]): void {
  const { meter, layout, counts, falling, objective, kept } = family;
  const set = (index: number): void => setRecompute(layout, "block", blocks[index] as number, []);
  if (!falling || blocks.length <= 2) {
    for (let index = 0; index < blocks.length; index++) {
      set(index);
      judge(family);
    }
    return;
  }
  // 1. What already fits is better than any further recomputation, unless that hides more communication.
  if (family.best !== undefined && objective !== "memory" && !kept.several) {
    set(0);
    meter.time(layout);
    if (refuses(family, leastTime(meter), 0)) return;
  }
  // 2. The most layers need the least memory.
  const last = blocks.length - 1;
  set(last);
  meter.weigh(layout);
  if (!meter.fits) return void (counts.tooLarge += blocks.length);
  const least_bytes = meter.device_bytes;
  if (refuses(family, 0, least_bytes)) return;
  const onlyLeast = objective === "memory" && !kept.several;
  const first = firstIndex(last, (index) => {
    set(index);
    meter.weigh(layout);
    return onlyLeast ? meter.device_bytes <= least_bytes : meter.fits;
  });
  // 3. Memory that more layers do not lower any more is the same for all of them: the first is the fastest.
  if (onlyLeast) {
    set(first);
    return judge(family);
  }
  counts.tooLarge += first;
  for (let index = first; index <= last; index++) {
    set(index);
    meter.time(layout);
    if (refuses(family, leastTime(meter), least_bytes)) return;
    if (refuses(family, meter.step_s, least_bytes, meter.energy_J)) continue;
    meter.weigh(layout);
    take(family);
  }
}

/** Of the layout last timed and of all that compute more: what gradients and parameters take may hide behind them. */
export const leastTime = ({ passes_s, fixed_s, slowest }: Meter): number => (passes_s + fixed_s) * slowest;

/** The least index up to `last`, which passes, of those that pass; all above a passing one pass. */
function firstIndex(last: number, passes: (index: number) => boolean): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
