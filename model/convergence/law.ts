/**
 * Training to a target against the global batch: E(B) = a + b B samples (or epochs, or tokens), least squares on relative errors. With a = E_min and b = S_min it is the
 * hyperbola (S / S_min - 1)(E / E_min - 1) = 1 of McCandlish et al. 2018, "An Empirical Model of Large-Batch Training" (arXiv 1812.06162, section 2): above the
 * critical batch E_min / S_min a larger batch saves few steps. Over the MLPerf reference points it misses left-out points by 4 % in the median, less than a power law (9 %).
 * Standard error: residuals of the workload, pooled with those of all (5 %, weight of four points), and the leverage of the batch. Left out: hyperparameters other
 * than the batch, and targets other than the document's.
 */
import type { Convergence } from "../schema/convergence.ts";

export interface BatchLaw {
  /** Amount at an endlessly small batch. */
  readonly least: number;
  /** Amount per sample of the batch: what every step costs at least. */
  readonly perBatch: number;
  readonly smallestBatch: number;
  readonly largestBatch: number;
  readonly points: number;
  /** Standard error of the log of a mean over runs at this batch. */
  errorAt(batch: number): number;
  /** Standard deviation of the log between two runs that differ by their seed; null where no extremes are known. */
  readonly betweenRuns: number | null;
}

export const amountAt = ({ least, perBatch }: BatchLaw, batch: number): number => least + perBatch * batch;
/** Batch at which twice the least amount is needed; endless where the amount does not grow. */
export const criticalBatch = ({ least, perBatch }: BatchLaw): number => (perBatch > 0 ? least / perBatch : Number.POSITIVE_INFINITY);

const pooledError = 0.05;
const pooledWeight = 4;

type Point = Convergence["points"][number];

export function fitBatchLaw(points: readonly Point[]): BatchLaw {
  const used = points.filter(({ excluded }) => excluded === undefined);
  const batches = used.map(({ batch }) => batch);
  // Rows (1/E, B/E) for a target of 1: errors are relative.
  let [s11, s12, s22, t1, t2] = [0, 0, 0, 0, 0];
  for (const { batch, value } of used) {
    const [x, y] = [1 / value, batch / value];
    s11 += x * x;
    s12 += x * y;
    s22 += y * y;
    t1 += x;
    t2 += y;
  }
  const determinant = s11 * s22 - s12 * s12;
  let least = determinant > 0 ? (t1 * s22 - t2 * s12) / determinant : t1 / s11;
  let perBatch = determinant > 0 ? (t2 * s11 - t1 * s12) / determinant : 0;
  if (perBatch < 0) [least, perBatch] = [t1 / s11, 0];
  else if (least < 0) [least, perBatch] = [0, t2 / s22];
  const residuals = used.reduce((sum, { batch, value }) => sum + ((least + perBatch * batch) / value - 1) ** 2, 0);
  const free = Math.max(0, used.length - 2);
  const variance = (pooledWeight * pooledError ** 2 + residuals) / (pooledWeight + free);
  const errorAt = (batch: number): number => {
    const value = least + perBatch * batch;
    const [x, y] = [1 / value, batch / value];
    const leverage = determinant > 0 ? (s22 * x * x - 2 * s12 * x * y + s11 * y * y) / determinant : 1;
    return Math.sqrt(variance * (1 + leverage));
  };
  return { least, perBatch, smallestBatch: Math.min(...batches), largestBatch: Math.max(...batches), points: used.length, errorAt, betweenRuns: spreadOfRuns(used) };
}

/** Range of n normal deviates is about 2 sqrt(2 ln n) standard deviations; the mean over the points that state extremes. */
function spreadOfRuns(points: readonly Point[]): number | null {
  const spreads = points.flatMap(({ low, high, runs }) => (low !== undefined && high !== undefined && runs !== undefined && runs > 1 ? [Math.log(high / low) / (2 * Math.sqrt(2 * Math.log(runs)))] : []));
  return spreads.length > 0 ? Math.sqrt(spreads.reduce((sum, one) => sum + one * one, 0) / spreads.length) : null;
}
