/**
 * Maximum a posteriori effects by damped Gauss-Newton steps (Levenberg 1944, Marquardt 1963) on the logarithm of time, with a loss whose weight falls as
 * 1 / (1 + (r/c)^2) (Student's law with one degree of freedom), normal priors of the effects, and the curvature at the optimum as inverse covariance (Laplace). Unlike
 * fit/least-squares.ts it knows that a run depends on few effects, without which leaving out each series in turn would take hours.
 */
import { factorise, substitute } from "./cholesky.ts";
import { lineariseRun, residualOf, type FitProblem } from "./problem.ts";

export interface SolveOptions {
  /** Standard deviation of one run, and where the loss leaves the square. */
  readonly noise: number;
  readonly robust: number;
  readonly iterations: number;
}
export const usual: SolveOptions = { noise: 0.05, robust: 0.1, iterations: 40 };

export interface Solution {
  readonly effects: Float64Array;
  /** Cholesky factor of the inverse covariance, row by row. */
  readonly factor: Float64Array;
  readonly iterations: number;
  readonly cost: number;
}

/** Weight of each run's row: those of a series share the square root of their number. */
export function seriesWeights(problem: FitProblem, isIn: (run: number) => boolean): Float64Array {
  const counts = new Map<string, number>();
  problem.runs.forEach(({ run }, at) => isIn(at) && counts.set(run.series, (counts.get(run.series) ?? 0) + 1));
  return Float64Array.from(problem.runs, ({ run }, at) => (isIn(at) ? 1 / Math.sqrt(counts.get(run.series)!) : 0));
}

function costOf(problem: FitProblem, weights: Float64Array, effects: Float64Array, { noise, robust }: SolveOptions): number {
  let cost = 0;
  problem.runs.forEach((run, at) => {
    if (weights[at] === 0) return;
    const residual = residualOf(run, effects);
    cost += weights[at]! * (robust / noise) ** 2 * Math.log1p((residual / robust) ** 2);
  });
  for (let at = 0; at < effects.length; at += 1) cost += (effects[at]! / problem.effects[at]!.sd) ** 2;
  return Number.isFinite(cost) ? cost : Infinity;
}

export function solve(problem: FitProblem, weights: Float64Array, start: Float64Array, options: SolveOptions = usual): Solution {
  const size = problem.effects.length;
  const widest = problem.runs.reduce((most, run) => Math.max(most, run.effects.length), 0);
  const slopes = new Float64Array(widest);
  const curvature = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const damped = new Float64Array(size * size);
  const change = new Float64Array(size);
  let effects = Float64Array.from(start);
  let cost = costOf(problem, weights, effects, options);
  let damping = 1e-3;
  let iteration = 0;
  const linearise = (): void => {
    curvature.fill(0);
    problem.runs.forEach((run, at) => {
      if (weights[at] === 0) return;
      const residual = lineariseRun(run, effects, slopes);
      const weight = weights[at]! / (options.noise ** 2 * (1 + (residual / options.robust) ** 2));
      addRun(curvature, gradient, size, run.effects, slopes, weight, residual);
    });
    for (let at = 0; at < size; at += 1) {
      const precision = 1 / problem.effects[at]!.sd ** 2;
      curvature[at * size + at]! += precision;
      gradient[at]! += precision * effects[at]!;
    }
  };
  linearise();
  for (; iteration < options.iterations; iteration += 1) {
    damped.set(curvature);
    for (let at = 0; at < size; at += 1) damped[at * size + at]! *= 1 + damping;
    factorise(damped, size);
    change.set(gradient);
    substitute(damped, size, change);
    const next = effects.map((value, at) => value - change[at]!);
    const reached = costOf(problem, weights, next, options);
    if (reached < cost) {
      const gain = cost - reached;
      effects = next;
      cost = reached;
      damping = Math.max(damping / 5, 1e-9);
      gradient.fill(0);
      linearise();
      if (gain < 1e-4 * cost) break;
    } else {
      damping *= 8;
      if (damping > 1e6) break;
    }
  }
  factorise(curvature, size);
  return { effects, factor: curvature, iterations: iteration, cost };
}

function addRun(curvature: Float64Array, gradient: Float64Array, size: number, effects: readonly number[], slopes: Float64Array, weight: number, residual: number): void {
  for (let i = 0; i < effects.length; i += 1) {
    const slope = slopes[i]!;
    if (slope === 0) continue;
    const row = effects[i]!;
    gradient[row]! += weight * slope * residual;
    for (let j = 0; j < effects.length; j += 1) if (slopes[j] !== 0) curvature[row * size + effects[j]!]! += weight * slope * slopes[j]!;
  }
}
