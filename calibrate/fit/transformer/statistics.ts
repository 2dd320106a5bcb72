/** Errors of predictions in plain numbers: relative, predicted over measured minus one. */
export interface Scored {
  readonly error: number;
  readonly series: string;
  /** Standard deviation of the logarithm of predicted over measured. */
  readonly sd: number;
}

export interface ErrorStatistics {
  readonly points: number;
  readonly series: number;
  readonly mape: number;
  readonly median: number;
  readonly p90: number;
  readonly bias: number;
  readonly worst: number;
  readonly coverage80: number;
  readonly coverage95: number;
}

export const normal80 = 1.2816;
export const normal95 = 1.96;

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

export function describeErrors(scored: readonly Scored[]): ErrorStatistics | undefined {
  if (scored.length === 0) return undefined;
  const sizes = scored.map(({ error }) => Math.abs(error)).toSorted((a, b) => a - b);
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const within = (factor: number): number => mean(scored.map(({ error, sd }) => (Math.abs(Math.log1p(error)) <= factor * sd ? 1 : 0)));
  return {
    points: scored.length,
    series: new Set(scored.map(({ series }) => series)).size,
    mape: mean(sizes),
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    bias: mean(scored.map(({ error }) => error)),
    worst: scored.reduce((worst, { error }) => (Math.abs(error) > Math.abs(worst) ? error : worst), 0),
    coverage80: within(normal80),
    coverage95: within(normal95),
  };
}
