/**
 * Sums up errors of predicted against measured times. An error is predicted / measured - 1, so a time that is predicted too short
 * can be wrong by at most 100 % and one predicted too long by any amount; medians do not mind, means do.
 */

export interface ErrorSummary {
  readonly n: number;
  /** Mean, median and 90th percentile of the absolute error. */
  readonly mape: number;
  readonly median: number;
  readonly p90: number;
  /** Error of the sum of all times, with its sign. */
  readonly sumError: number;
}

/** Linear interpolation between order statistics; NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function summariseErrors(pairs: readonly { readonly predicted: number; readonly measured: number }[]): ErrorSummary {
  const absolute = pairs.map(({ predicted, measured }) => Math.abs(predicted / measured - 1));
  const sum = (pick: (pair: { predicted: number; measured: number }) => number): number => pairs.reduce((total, pair) => total + pick(pair), 0);
  return {
    n: pairs.length,
    mape: absolute.reduce((total, value) => total + value, 0) / pairs.length,
    median: median(absolute),
    p90: quantile(absolute, 0.9),
    sumError: sum((pair) => pair.predicted) / sum((pair) => pair.measured) - 1,
  };
}
