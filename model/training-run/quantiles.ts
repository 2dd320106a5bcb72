/** Quantiles of drawn values; between two order statistics they follow the line (type 7 of Hyndman and Fan, 1996). */
import type { Estimate } from "../prediction.ts";

export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] as number;
  return low + (at - below) * (high - low);
}

/** A value with the ends that drawn ones give it; they are moved so far that they hold the value. */
export function estimateFrom(value: number, drawn: readonly number[]): Estimate {
  const sorted = drawn.toSorted((a, b) => a - b);
  return { value, low80: Math.min(value, quantile(sorted, 0.1)), high80: Math.max(value, quantile(sorted, 0.9)), low95: Math.min(value, quantile(sorted, 0.025)), high95: Math.max(value, quantile(sorted, 0.975)) };
}
