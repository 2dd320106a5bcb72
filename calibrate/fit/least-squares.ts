/**
 * Maximum a posteriori fit by damped least squares (Levenberg 1944, Marquardt 1963) with a numeric Jacobian:
 * residuals under a soft-L1 loss, Gaussian priors on the parameters, covariance from the curvature at the optimum (Laplace).
 * Parameters are unbounded: pass logarithms of positive ones. The covariance takes the residuals as independent.
 */
import { invertSymmetric, solveSymmetric } from "./matrix.ts";

export interface Prior {
  readonly mean: number;
  readonly sd: number;
}

export interface LeastSquaresProblem {
  readonly priors: readonly Prior[];
  /** Writes the residuals at the given parameters into `out`. */
  readonly residuals: (parameters: Float64Array, out: Float64Array) => void;
  readonly count: number;
  /** Standard deviation of each residual, or one for all. Also where the loss turns from square to linear. */
  readonly noise: number | readonly number[];
  readonly start?: readonly number[];
  readonly iterations?: number;
}

export interface LeastSquaresFit {
  readonly parameters: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly residuals: readonly number[];
  readonly cost: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const step = 1e-4;

/** Soft-L1: z for small z, 2 sqrt(z) for large, z the square of the scaled residual. */
function softL1(z: number): number {
  return 2 * (Math.sqrt(1 + z) - 1);
}

export function fitLeastSquares(problem: LeastSquaresProblem): LeastSquaresFit {
  const { priors, count } = problem;
  const size = priors.length;
  const noiseOf = (row: number): number => (typeof problem.noise === "number" ? problem.noise : problem.noise[row]!);
  let parameters: Float64Array = Float64Array.from(problem.start ?? priors.map((prior) => prior.mean));
  let residuals = new Float64Array(count);
  let trial = new Float64Array(count);
  const above = new Float64Array(count);
  const below = new Float64Array(count);
  const jacobian = priors.map(() => new Float64Array(count));

  const cost = (at: Float64Array, values: Float64Array): number => {
    let total = 0;
    for (let row = 0; row < count; row += 1) total += softL1((values[row]! / noiseOf(row)) ** 2);
    for (let i = 0; i < size; i += 1) total += ((at[i]! - priors[i]!.mean) / priors[i]!.sd) ** 2;
    return Number.isFinite(total) ? total : Infinity;
  };
  /** Curvature and slope of half the cost, with each row weighted by the slope of its loss. */
  const linearise = (): { curvature: number[][]; slope: number[] } => {
    for (let i = 0; i < size; i += 1) {
      const moved = Float64Array.from(parameters);
      moved[i] = parameters[i]! + step;
      problem.residuals(moved, above);
      moved[i] = parameters[i]! - step;
      problem.residuals(moved, below);
      for (let row = 0; row < count; row += 1) jacobian[i]![row] = (above[row]! - below[row]!) / (2 * step);
    }
    const weights = new Float64Array(count);
    for (let row = 0; row < count; row += 1) {
      const noise = noiseOf(row);
      weights[row] = 1 / (noise * noise * Math.sqrt(1 + (residuals[row]! / noise) ** 2));
    }
    const curvature = priors.map(() => priors.map(() => 0));
    const slope = priors.map(() => 0);
    for (let i = 0; i < size; i += 1) {
      for (let j = i; j < size; j += 1) {
        let sum = 0;
        for (let row = 0; row < count; row += 1) sum += weights[row]! * jacobian[i]![row]! * jacobian[j]![row]!;
        curvature[i]![j] = sum;
        curvature[j]![i] = sum;
      }
      let sum = 0;
      for (let row = 0; row < count; row += 1) sum += weights[row]! * jacobian[i]![row]! * residuals[row]!;
      const precision = 1 / priors[i]!.sd ** 2;
      slope[i] = sum + precision * (parameters[i]! - priors[i]!.mean);
      curvature[i]![i]! += precision;
    }
    return { curvature, slope };
  };

  problem.residuals(parameters, residuals);
  let best = cost(parameters, residuals);
  let damping = 1e-2;
  let converged = false;
  let iteration = 0;
  let system = linearise();
  for (; iteration < (problem.iterations ?? 60) && !converged; iteration += 1) {
    const damped = system.curvature.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) : value)));
    const change = solveSymmetric(damped, system.slope);
    const next = parameters.map((value, i) => value - change[i]!);
    problem.residuals(next, trial);
    const reached = cost(next, trial);
    if (reached < best) {
      converged = best - reached < 1e-6 * best;
      parameters = next;
      [residuals, trial] = [trial, residuals];
      best = reached;
      damping = Math.max(damping / 4, 1e-9);
      system = linearise();
    } else {
      damping *= 6;
      converged = damping > 1e8;
    }
  }
  return {
    parameters: [...parameters],
    covariance: invertSymmetric(system.curvature),
    residuals: [...residuals],
    cost: best,
    iterations: iteration,
    converged,
  };
}
