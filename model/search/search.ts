/**
 * Exhaustive search of a transformer's plans: every valid layout of the space is timed, refused by memory, or left out because a bound shows that it is not among the best.
 * Bounds: all layers on one pipeline without bubble, messages and what ranks exchange (per degrees and micro-batch); that with the bubble of equal stages (per pipeline);
 * the exact passes without recomputation (per schedule); memory that neither micro-batch nor recomputation changes. Best bounds first, so that good plans refuse the
 * others early. Calculon (Isaev et al., SC23) enumerates the same kind of space one by one.
 */
import { machineOf, makeCells } from "./cells.ts";
import { recomputesOf } from "./axes.ts";
import { makeKept } from "./kept.ts";
import { makeMeter } from "./meter.ts";
import { makeNodes, searchNode, type Node, type Run } from "./nodes.ts";
import type { Candidate, SearchCounts, SearchProblem } from "./problem.ts";

export interface SearchState {
  /** Part of the work that is done, 0 to 1. */
  readonly part: number;
  readonly counts: Readonly<SearchCounts>;
  /** The best so far. */
  readonly best: readonly Candidate[];
  /** Asked for several objectives: what no other beats. */
  readonly front: readonly Candidate[];
}

/** What a host answers to a step: true ends the search with what was found so far. */
export type Stop = boolean | undefined;

export interface Searched {
  readonly state: SearchState;
  readonly stopped: boolean;
}

/** Yields between pieces of work, so that a host stays awake; at the end part is 1. */
export function* searchSteps(problem: SearchProblem): Generator<SearchState, Searched, Stop> {
  const recomputes = recomputesOf(problem);
  const run: Run = {
    problem,
    meters: problem.recipes.map((one) => makeMeter(problem, one)),
    kept: makeKept(problem),
    counts: { layouts: 0, valid: 0, tooLarge: 0, judged: 0, bounded: 0, times: 0, footprints: 0 },
    recomputes,
    leastAgain: leastOf(recomputes),
    falling: (problem.architecture.stateSpace?.feedForwardLayers ?? 0) === 0,
    machines: problem.recipes.map((_, recipe) => machineOf(problem, recipe)),
  };
  const nodes: Node[] = [];
  for (const cell of makeCells(problem)) nodes.push(...makeNodes(run, cell));
  nodes.sort((a, b) => a.bound - b.bound);
  if (yield stateOf(run, 0)) return { state: stateOf(run, 0), stopped: true };
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Node;
    if (run.kept.refuses(node.bound_s, 0, node.weights)) continue;
    searchNode(run, node);
    const part = (at + 1) / nodes.length;
    if (yield stateOf(run, part)) return { state: stateOf(run, part), stopped: true };
  }
  return { state: stateOf(run, 1), stopped: false };
}

/** What every layout runs again at least. */
function leastOf(recomputes: Run["recomputes"]): Run["leastAgain"] {
  if (recomputes.length === 1 && recomputes[0] !== "block") return recomputes[0] ?? "none";
  return recomputes.every((one) => one === "selective" || one === "full") ? "selective" : "none";
}

function stateOf({ counts, kept, meters }: Run, part: number): SearchState {
  const times = meters.reduce((sum, meter) => sum + meter.times, 0);
  const footprints = meters.reduce((sum, meter) => sum + meter.footprints, 0);
  return { part, counts: { ...counts, bounded: counts.valid - counts.tooLarge - counts.judged, times, footprints }, best: kept.best, front: kept.front };
}

export interface SearchHost {
  readonly progress?: ((state: SearchState) => void) | undefined;
  /** An AbortSignal, or anything like it. */
  readonly stop?: { readonly aborted: boolean } | undefined;
}

/** Walks steps to their end; a host that must stay awake walks them itself. */
export function walk<Result>(steps: Generator<SearchState, Result, Stop>, host: SearchHost): Result {
  let next = steps.next();
  while (next.done !== true) {
    host.progress?.(next.value);
    next = steps.next(host.stop?.aborted);
  }
  return next.value;
}

export const search = (problem: SearchProblem, host: SearchHost = {}): Searched => walk(searchSteps(problem), host);
