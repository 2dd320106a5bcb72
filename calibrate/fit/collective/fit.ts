/**
 * Fits the parameters of model/network/library/protocol-time.ts to published times of one stack: most likely values on the logarithm of the time under priors,
 * soft-L1 loss, standard errors from the curvature (Laplace). The start, hop, extra hop and share of low latency go together in one file's times: single
 * errors are large where only their sum is seen. Several starts, because a soft minimum of two protocols has more than one valley.
 */
import { timeOfCollective, weightOf } from "../../../model/network/library/protocol-time.ts";
import type { CollectiveForm, CollectiveShape, StackParameters } from "../../../model/network/library/protocol-time.ts";
import { median, quantile } from "../errors.ts";
import { fitLeastSquares } from "../least-squares.ts";
import type { LeastSquaresFit, Prior } from "../least-squares.ts";
import { smallestStart_bytes } from "./rules.ts";

export interface TimedCollective {
  readonly shape: CollectiveShape;
  readonly form: CollectiveForm;
  readonly bytes: number;
  readonly time_s: number;
}

export interface Residual {
  readonly nodes: number;
  readonly bytes: number;
  readonly measured_s: number;
  readonly predicted_s: number;
  /** predicted / measured - 1 */
  readonly error: number;
}

export interface SeriesErrors {
  readonly n: number;
  readonly median: number;
  readonly p90: number;
  readonly worst: number;
  /** Mean of the signed errors. */
  readonly bias: number;
}

export const parameterNames = ["start_s", "hop_s", "channelHop_s", "channelFill_bytes", "simpleHop_s", "lowLatencyShare", "chunk_bytes", "rate_bytes_per_s", "ringStep_s"] as const;
export type ParameterName = (typeof parameterNames)[number];

export interface CollectiveFit {
  readonly stack: StackParameters;
  /** Standard errors of the natural logarithms. */
  readonly standardErrors: Readonly<Record<ParameterName, number>>;
  /** Parameters whose standard error is hardly below that of their prior. */
  readonly atPrior: readonly ParameterName[];
  readonly covariance: readonly (readonly number[])[];
  readonly residuals: readonly Residual[];
  readonly errors: SeriesErrors;
  readonly converged: boolean;
}

/** Scale in the logarithm at which the loss turns from square to linear. */
const noise = 0.1;
const starts: readonly (readonly [share: number, chunk: number])[] = [[0, 0], [0, -2], [0, 2], [-2, 0], [-2, -2], [-2, 2], [1, 0], [1, -2], [1, 2]];

const stackOf = (logs: ArrayLike<number>): StackParameters =>
  Object.fromEntries(parameterNames.map((name, index) => [name, Math.exp(logs[index]!)])) as unknown as StackParameters;

/** Values that a cold guess takes, with their spread in the logarithm: from the least time, the largest size, and what such stacks have shown elsewhere. */
export function priorsOf(rows: readonly TimedCollective[]): Record<ParameterName, Prior> {
  const least = rows.reduce((a, b) => (b.time_s < a.time_s ? b : a));
  const largest = rows.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const { nodes, devicesPerNode } = largest.shape;
  const n = nodes * devicesPerNode;
  const weight = largest.form === "ring" ? (2 * (n - 1)) / n : weightOf(largest.shape.operation, nodes, devicesPerNode);
  const prior = (value: number, sd: number): Prior => ({ mean: Math.log(value), sd });
  return {
    // The least time is the start where some size is small; else such stacks start within tens of microseconds.
    start_s: prior(least.bytes <= smallestStart_bytes ? 0.8 * least.time_s : 20e-6, 1),
    hop_s: prior(nodes > 1 ? 5e-6 : 1e-6, 0.5),
    channelHop_s: prior(nodes > 1 ? 5e-6 : 1e-6, 1.5),
    channelFill_bytes: prior(8192, 2),
    simpleHop_s: prior(10e-6, 1.5),
    lowLatencyShare: prior(0.3, 0.7),
    chunk_bytes: prior(4e6, 2),
    rate_bytes_per_s: prior((weight * largest.bytes) / largest.time_s, 0.3),
    ringStep_s: prior(14e-6, 1),
  };
}

export function residualsOf(rows: readonly TimedCollective[], stack: StackParameters): Residual[] {
  return rows.map(({ shape, form, bytes, time_s }) => {
    const predicted_s = timeOfCollective(bytes, shape, stack, form);
    return { nodes: shape.nodes, bytes, measured_s: time_s, predicted_s, error: predicted_s / time_s - 1 };
  });
}

export function errorsOf(residuals: readonly Residual[]): SeriesErrors {
  const sizes = residuals.map(({ error }) => Math.abs(error));
  return { n: sizes.length, median: median(sizes), p90: quantile(sizes, 0.9), worst: Math.max(...sizes), bias: residuals.reduce((sum, { error }) => sum + error, 0) / sizes.length };
}

export function fitCollective(rows: readonly TimedCollective[], priors: Readonly<Record<ParameterName, Prior>> = priorsOf(rows)): CollectiveFit {
  const list = parameterNames.map((name) => priors[name]);
  let best: LeastSquaresFit | undefined;
  for (const [share, chunk] of starts) {
    const start = list.map(({ mean }, index) => mean + (parameterNames[index] === "lowLatencyShare" ? share : parameterNames[index] === "chunk_bytes" ? chunk : 0));
    const fit = fitLeastSquares({
      priors: list, count: rows.length, noise, start, iterations: 200,
      residuals: (logs, out) => {
        const stack = stackOf(logs);
        for (const [index, { shape, form, bytes, time_s }] of rows.entries()) out[index] = Math.log(timeOfCollective(bytes, shape, stack, form) / time_s);
      },
    });
    if (best === undefined || fit.cost < best.cost) best = fit;
  }
  const fit = best!;
  const stack = stackOf(fit.parameters);
  const residuals = residualsOf(rows, stack);
  const errors = parameterNames.map((name, index) => [name, Math.sqrt(fit.covariance[index]![index]!)] as const);
  return {
    stack,
    standardErrors: Object.fromEntries(errors) as Record<ParameterName, number>,
    atPrior: errors.filter(([name, error]) => error > 0.9 * priors[name].sd).map(([name]) => name),
    covariance: fit.covariance,
    residuals,
    errors: errorsOf(residuals),
    converged: fit.converged,
  };
}
