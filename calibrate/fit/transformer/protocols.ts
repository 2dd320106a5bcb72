/**
 * What is known when a run is predicted. in-sample: all runs. series: none of its series. twins: none of the same model on the same device, whose releases are near
 * copies. machine: none of the same machine. extrapolate: nothing of its machine and stack above one eighth of its devices. cold: nothing, priors alone. Groups are
 * refitted from the optimum of all runs.
 */
import type { CaseRun } from "./runs.ts";
import { factorise, substituteForward } from "./cholesky.ts";
import { lineariseRun, type FitProblem } from "./problem.ts";
import { seriesWeights, solve, usual, type Solution } from "./solve.ts";
import type { Scored } from "./statistics.ts";

export const protocols = ["in-sample", "leave-one-series-out", "leave-twins-out", "leave-one-machine-out", "extrapolate", "cold"] as const;
export type FitProtocol = (typeof protocols)[number];

export interface Prediction extends Scored {
  readonly id: string;
  readonly predicted_s: number;
}

const refit = { ...usual, iterations: 6 };

/** The key of the runs that go out together. */
const groupOf: Readonly<Record<"leave-one-series-out" | "leave-twins-out" | "leave-one-machine-out", (one: CaseRun) => string>> = {
  "leave-one-series-out": ({ case: { series } }) => series,
  "leave-twins-out": ({ case: { model, device } }) => `${model} ${device}`,
  "leave-one-machine-out": ({ case: { machine } }) => machine,
};

/** Predictions of the runs `at`, with the uncertainty of the effects and of one run. */
export function predictRuns(problem: FitProblem, runs: readonly CaseRun[], at: readonly number[], { effects, factor }: Pick<Solution, "effects" | "factor">): Prediction[] {
  const size = problem.effects.length;
  const slopes = new Float64Array(256);
  const right = new Float64Array(size);
  return at.map((index) => {
    const run = problem.runs[index]!;
    const residual = lineariseRun(run, effects, slopes);
    right.fill(0);
    run.effects.forEach((effect, i) => (right[effect] = slopes[i]!));
    substituteForward(factor, size, right);
    const variance = right.reduce((sum, value) => sum + value * value, 0);
    return { id: run.run.id, series: runs[index]!.case.series, error: Math.exp(residual) - 1, predicted_s: run.run.measured_s * Math.exp(residual), sd: Math.sqrt(variance + usual.noise ** 2) };
  });
}

export function priorSolution(problem: FitProblem): Solution {
  const size = problem.effects.length;
  const factor = new Float64Array(size * size);
  for (let at = 0; at < size; at += 1) factor[at * size + at] = 1 / problem.effects[at]!.sd ** 2;
  factorise(factor, size);
  return { effects: new Float64Array(size), factor, iterations: 0, cost: 0 };
}

/** `learns`: whether a run informs the fit. `progress` hears of every refit. */
export function runProtocol(protocol: FitProtocol, problem: FitProblem, runs: readonly CaseRun[], learns: (run: number) => boolean, all: Solution, progress: (done: number, of: number) => void = () => {}): Prediction[] {
  const everyone = runs.map((_, at) => at);
  if (protocol === "in-sample") return predictRuns(problem, runs, everyone, all);
  if (protocol === "cold") return predictRuns(problem, runs, everyone, priorSolution(problem));
  const groups = protocol === "extrapolate" ? largerScales(runs) : groupBy(everyone, (at) => groupOf[protocol](runs[at]!));
  const predictions: Prediction[] = [];
  groups.forEach(({ predict, leaves }, done) => {
    progress(done, groups.length);
    const out = new Set(leaves);
    const solution = leaves.some(learns) ? solve(problem, seriesWeights(problem, (at) => learns(at) && !out.has(at)), all.effects, refit) : all;
    predictions.push(...predictRuns(problem, runs, predict, solution));
  });
  return predictions;
}

interface Group {
  readonly predict: readonly number[];
  readonly leaves: readonly number[];
}

function groupBy(runs: readonly number[], keyOf: (run: number) => string): Group[] {
  const groups = new Map<string, number[]>();
  for (const run of runs) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  return [...groups.values()].map((members) => ({ predict: members, leaves: members }));
}

/** By series: points that have points of the series at an eighth of their devices or fewer; out goes all of the machine and stack above that. */
function largerScales(runs: readonly CaseRun[]): Group[] {
  const groups = new Map<string, { predict: number[]; leaves: number[] }>();
  runs.forEach(({ case: one }, at) => {
    const most = one.layout.devices / 8;
    if (!runs.some(({ case: other }) => other.series === one.series && other.layout.devices <= most)) return;
    const key = `${one.machine} ${one.stack} ${most}`;
    const leaves = groups.get(key)?.leaves ?? runs.flatMap(({ case: other }, index) => (other.machine === one.machine && other.stack === one.stack && other.layout.devices > most ? [index] : []));
    groups.set(key, { predict: [...(groups.get(key)?.predict ?? []), at], leaves });
  });
  return [...groups.values()];
}
