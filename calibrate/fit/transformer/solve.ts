/**
 * Maximum a posteriori effects by damped Gauss-Newton steps (Levenberg 1944, Marquardt 1963) on the logarithm of time, with a loss whose weight falls as
 * 1 / (1 + (r/c)^2) (Student's law with one degree of freedom), normal priors of the effects, and the curvature at the optimum as inverse covariance (Laplace). Unlike
 * fit/least-squares.ts it knows that a run depends on few effects, without which leaving out each series in turn would take hours.
 */
import { factorise, substitute } from "./cholesky.ts";
import { lineariseRun, residualOf, type FitProblem } from "./problem.ts";

export interface SolveOptions {
  /** Where the loss leaves the square, in multiples of its noise. */
  readonly robust: number;
  readonly iterations: number;
  /** Only these effects move; the others stay where the fit starts. */
  readonly only?: ReadonlySet<number>;
}
export const usual: SolveOptions = { robust: 2, iterations: 40 };

export interface Solution {
  readonly effects: Float64Array;
  /** Effects that the data inform at all; the others keep their priors. */
  readonly active: Int32Array;
  /** Cholesky factor of the inverse covariance of the active effects, row by row. */
  readonly factor: Float64Array;
  readonly iterations: number;
  readonly cost: number;
}

/** Residuals of all runs at some effects, and their slopes by each run's own effects. */
export interface Linearised {
  readonly effects: Float64Array;
  readonly residuals: Float64Array;
  readonly slopes: readonly Float64Array[];
}

/** Weight of each run's row: those of a series share the square root of their number; 0 leaves a run out. */
export function seriesWeights(problem: FitProblem, isIn: (run: number) => boolean): Float64Array {
  const counts = new Map<string, number>();
  problem.runs.forEach(({ run }, at) => isIn(at) && counts.set(run.series, (counts.get(run.series) ?? 0) + 1));
  return Float64Array.from(problem.runs, ({ run }, at) => (isIn(at) ? 1 / Math.sqrt(counts.get(run.series)!) : 0));
}

/** `weights`: runs of weight 0 are passed over. */
export function linearise(problem: FitProblem, effects: Float64Array, weights?: Float64Array): Linearised {
  const slopes = problem.runs.map((run) => new Float64Array(run.effects.length));
  const residuals = Float64Array.from(problem.runs, (run, at) => (weights?.[at] === 0 ? 0 : lineariseRun(run, effects, slopes[at]!)));
  return { effects, residuals, slopes };
}

function costOf(problem: FitProblem, weights: Float64Array, effects: Float64Array, { robust }: SolveOptions): number {
  let cost = 0;
  problem.runs.forEach((run, at) => {
    if (weights[at] !== 0) cost += weights[at]! * robust ** 2 * Math.log1p((residualOf(run, effects) / (robust * run.run.noise)) ** 2);
  });
  for (let at = 0; at < effects.length; at += 1) cost += (effects[at]! / problem.effects[at]!.sd) ** 2;
  return Number.isFinite(cost) ? cost : Infinity;
}

/** Inverse variance of a run's row, less where its residual is far out. */
export const weightOf = (weight: number, residual: number, noise: number, robust: number): number => weight / (noise ** 2 * (1 + (residual / (robust * noise)) ** 2));

interface System {
  readonly active: Int32Array;
  readonly curvature: Float64Array;
  readonly gradient: Float64Array;
}

/** Normal equations of the active effects at `residuals`; the slopes are those of the linearisation. */
function makeSystem(problem: FitProblem, weights: Float64Array, { slopes }: Linearised, residuals: Float64Array, effects: Float64Array, { robust, only }: SolveOptions): System {
  const size = problem.effects.length;
  const rows = Float64Array.from(weights, (weight, at) => (weight === 0 ? 0 : weightOf(weight, residuals[at]!, problem.runs[at]!.run.noise, robust)));
  const information = new Float64Array(size);
  // What one source alone knows comes before what many share: the factor then keeps most of its zeros.
  const last = new Int32Array(size);
  problem.runs.forEach((run, at) => {
    if (rows[at] === 0) return;
    run.effects.forEach((effect, i) => {
      information[effect]! += rows[at]! * slopes[at]![i]! ** 2;
      last[effect] = at;
    });
  });
  const place = new Int32Array(size).fill(-1);
  const active = Int32Array.from([...information.keys()].filter((effect) => information[effect]! * problem.effects[effect]!.sd ** 2 > 1e-5 && (only?.has(effect) ?? true)).toSorted((a, b) => last[a]! - last[b]! || a - b));
  active.forEach((effect, at) => (place[effect] = at));
  const n = active.length;
  const curvature = new Float64Array(n * n);
  const gradient = Float64Array.from(active, (effect) => effects[effect]! / problem.effects[effect]!.sd ** 2);
  active.forEach((effect, at) => (curvature[at * n + at] = 1 / problem.effects[effect]!.sd ** 2));
  const most = problem.runs.reduce((length, { effects: own }) => Math.max(length, own.length), 0);
  const rowsOfRun = new Int32Array(most);
  const slopesOfRun = new Float64Array(most);
  problem.runs.forEach((run, at) => {
    const weight = rows[at]!;
    if (weight === 0) return;
    const own = slopes[at]!;
    let known = 0;
    for (let i = 0; i < own.length; i += 1) {
      const row = place[run.effects[i]!]!;
      if (own[i] === 0 || row < 0) continue;
      rowsOfRun[known] = row;
      slopesOfRun[known] = own[i]!;
      known += 1;
      gradient[row]! += weight * own[i]! * residuals[at]!;
    }
    for (let i = 0; i < known; i += 1) {
      const row = rowsOfRun[i]! * n;
      const scale = weight * slopesOfRun[i]!;
      for (let j = 0; j < known; j += 1) if (rowsOfRun[j]! <= rowsOfRun[i]!) curvature[row + rowsOfRun[j]!]! += scale * slopesOfRun[j]!;
    }
  });
  return { active, curvature, gradient };
}

/** Effects after one step; those that the data do not inform return to their priors. */
function step(problem: FitProblem, { active, curvature, gradient }: System, effects: Float64Array, damping: number, keep: boolean): Float64Array {
  const n = active.length;
  const damped = curvature.slice();
  for (let at = 0; at < n; at += 1) damped[at * n + at]! *= 1 + damping;
  factorise(damped, n);
  const change = gradient.slice();
  substitute(damped, n, change);
  const next = keep ? effects.slice() : new Float64Array(problem.effects.length);
  active.forEach((effect, at) => (next[effect] = effects[effect]! - change[at]!));
  return next;
}

function finish({ active, curvature }: System, effects: Float64Array, iterations: number, cost: number): Solution {
  factorise(curvature, active.length);
  return { effects, active, factor: curvature, iterations, cost };
}

export function solve(problem: FitProblem, weights: Float64Array, start: Float64Array, options: SolveOptions = usual, progress: (iteration: number, cost: number) => void = () => {}): Solution {
  let effects = start;
  let cost = costOf(problem, weights, effects, options);
  let damping = 1e-3;
  let iteration = 0;
  let linear = linearise(problem, effects, weights);
  let system = makeSystem(problem, weights, linear, linear.residuals, effects, options);
  for (; iteration < options.iterations; iteration += 1) {
    progress(iteration, cost);
    const next = step(problem, system, effects, damping, options.only !== undefined);
    const reached = costOf(problem, weights, next, options);
    if (!(reached < cost)) {
      damping *= 8;
      if (damping > 1e6) break;
      continue;
    }
    const gain = cost - reached;
    effects = next;
    cost = reached;
    damping = Math.max(damping / 5, 1e-9);
    linear = linearise(problem, effects, weights);
    system = makeSystem(problem, weights, linear, linear.residuals, effects, options);
    if (gain < 1e-5 * cost) break;
  }
  return finish(system, effects, iteration, cost);
}

/** The solution with other weights by steps on one linearisation, without new predictions: what leaving out a series does. */
export function refit(problem: FitProblem, weights: Float64Array, linear: Linearised, steps = 3, options: SolveOptions = usual): Solution {
  let effects = linear.effects;
  let residuals = linear.residuals;
  let system = makeSystem(problem, weights, linear, residuals, effects, options);
  for (let at = 0; at < steps; at += 1) {
    effects = step(problem, system, effects, 0, options.only !== undefined);
    const moved = effects.map((value, effect) => value - linear.effects[effect]!);
    residuals = linear.residuals.map((residual, run) => residual + problem.runs[run]!.effects.reduce((sum, effect, i) => sum + linear.slopes[run]![i]! * moved[effect]!, 0));
    system = makeSystem(problem, weights, linear, residuals, effects, options);
  }
  return finish(system, effects, steps, Number.NaN);
}
