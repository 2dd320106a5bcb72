/**
 * What is known when a run is predicted. in-sample: all runs. series: none of its series. twins: none of the same model on the same device, whose releases are near
 * copies. machine: none of the same machine. extrapolate: nothing of its machine and stack above one eighth of its devices. cold: nothing, priors alone.
 */
import { substituteForward } from "./cholesky.ts";
import { lineariseRun, type FitProblem } from "./problem.ts";
import { linearise, refit, seriesWeights, solve, usual, type Solution, type SolveOptions } from "./solve.ts";
import type { Scored } from "./statistics.ts";

/** What protocols look at. */
export interface ProtocolRun {
  readonly case: { readonly id: string; readonly series: string; readonly model: string; readonly device: string; readonly machine: string; readonly stack: string; readonly layout: { readonly devices: number } };
}

export const protocols = ["in-sample", "leave-one-series-out", "leave-twins-out", "leave-one-machine-out", "extrapolate", "cold"] as const;
export type FitProtocol = (typeof protocols)[number];

export interface Prediction extends Scored {
  readonly id: string;
  readonly predicted_s: number;
}

/** The key of the runs that go out together. */
const groupOf: Readonly<Record<"leave-one-series-out" | "leave-twins-out" | "leave-one-machine-out", (one: ProtocolRun) => string>> = {
  "leave-one-series-out": ({ case: { series } }) => series,
  "leave-twins-out": ({ case: { model, device } }) => `${model} ${device}`,
  "leave-one-machine-out": ({ case: { machine } }) => machine,
};

/** Predictions of the runs `at`, with the uncertainty of the effects and of one run. */
export function predictRuns(problem: FitProblem, runs: readonly ProtocolRun[], at: readonly number[], { effects, active, factor }: Pick<Solution, "effects" | "active" | "factor">): Prediction[] {
  const place = new Int32Array(problem.effects.length).fill(-1);
  active.forEach((effect, index) => (place[effect] = index));
  const slopes = new Float64Array(256);
  const right = new Float64Array(active.length);
  return at.map((index) => {
    const run = problem.runs[index]!;
    const residual = lineariseRun(run, effects, slopes);
    right.fill(0);
    let variance = run.run.discrepancy ** 2;
    run.effects.forEach((effect, i) => {
      if (place[effect]! >= 0) right[place[effect]!] = slopes[i]!;
      else variance += (slopes[i]! * problem.effects[effect]!.sd) ** 2;
    });
    substituteForward(factor, active.length, right);
    variance += right.reduce((sum, value) => sum + value * value, 0);
    return { id: run.run.id, series: runs[index]!.case.series, error: Math.exp(residual) - 1, predicted_s: run.run.measured_s * Math.exp(residual), sd: Math.sqrt(variance) };
  });
}

export const priorSolution = (problem: FitProblem): Solution => ({ effects: new Float64Array(problem.effects.length), active: new Int32Array(0), factor: new Float64Array(0), iterations: 0, cost: 0 });

/** `learns`: whether a run informs the fit. `progress` hears of every refit. */
export function runProtocol(protocol: FitProtocol, problem: FitProblem, runs: readonly ProtocolRun[], learns: (run: number) => boolean, all: Solution, progress: (done: number, of: number) => void = () => {}, options: SolveOptions = usual): Prediction[] {
  const everyone = runs.map((_, at) => at);
  if (protocol === "in-sample") return predictRuns(problem, runs, everyone, all);
  if (protocol === "cold") return predictRuns(problem, runs, everyone, priorSolution(problem));
  const groups = protocol === "extrapolate" ? largerScales(runs) : groupBy(everyone, (at) => groupOf[protocol](runs[at]!));
  return predictGroups(groups, problem, runs, learns, all, exact.has(protocol), progress, options);
}

/** Each group predicted without what it leaves out, `anew` or by steps on the linearisation of the whole. */
export function predictGroups(groups: readonly Group[], problem: FitProblem, runs: readonly ProtocolRun[], learns: (run: number) => boolean, all: Solution, anew: boolean, progress: (done: number, of: number) => void = () => {}, options: SolveOptions = usual): Prediction[] {
  const predictions: Prediction[] = [];
  const linear = linearise(problem, all.effects);
  const solveWithout = (weights: Float64Array): Solution => {
    const near = refit(problem, weights, linear, 3, options);
    return anew ? solve(problem, weights, near.effects, options) : near;
  };
  groups.forEach(({ predict, leaves }, done) => {
    progress(done, groups.length);
    const out = new Set(leaves);
    const weights = seriesWeights(problem, (at) => learns(at) && !out.has(at));
    const solution = !leaves.some(learns) ? all : solveWithout(weights);
    predictions.push(...predictRuns(problem, runs, predict, solution));
  });
  return predictions;
}

export interface Group {
  readonly predict: readonly number[];
  readonly leaves: readonly number[];
}

function groupBy(runs: readonly number[], keyOf: (run: number) => string): Group[] {
  const groups = new Map<string, number[]>();
  for (const run of runs) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  return [...groups.values()].map((members) => ({ predict: members, leaves: members }));
}

/** Few and large groups are fitted anew, many and small ones by steps on the linearisation of the whole. */
const exact: ReadonlySet<FitProtocol> = new Set(["leave-one-machine-out", "extrapolate"]);

/** By series: points that have points of the series at an eighth of their devices or fewer; out goes all of the machine and stack above that. */
function largerScales(runs: readonly ProtocolRun[]): Group[] {
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
