/**
 * Intervals of outputs from intervals of inputs. Each input is moved alone to both ends of its 95 % interval; the changes of the logarithm of an output add up
 * as independent variances, upward and downward apart, so that a one-sided input gives a one-sided interval (first-order propagation, JCGM 100:2008, with
 * finite steps instead of derivatives). Left out: correlation between inputs, and errors of the equations that no input stands for.
 */
import { z80, z95 } from "../resolve/parameters.ts";
import type { Estimate } from "../prediction.ts";

export interface Spread {
  /** Sums of squared changes of the log. */
  up: number;
  down: number;
}

export const noSpread = (): Spread => ({ up: 0, down: 0 });

/** Adds one input's effect: the output at its low and high end, and at its value. */
export function addEffect(spread: Spread, atLow: number, atHigh: number, value: number): void {
  if (!(value > 0)) return;
  const low = Math.log(Math.max(atLow, Number.MIN_VALUE) / value);
  const high = Math.log(Math.max(atHigh, Number.MIN_VALUE) / value);
  spread.up += Math.max(low, high, 0) ** 2;
  spread.down += Math.min(low, high, 0) ** 2;
}

/** An estimate with a further independent error, of this standard deviation of the logarithm. */
export function widen(estimate: Estimate, sd: number): Estimate {
  if (sd === 0) return estimate;
  const { value } = estimate;
  return toEstimate(value, { up: Math.log(estimate.high95 / value) ** 2 + (z95 * sd) ** 2, down: Math.log(estimate.low95 / value) ** 2 + (z95 * sd) ** 2 });
}

export function toEstimate(value: number, spread: Spread): Estimate {
  const up = Math.sqrt(spread.up);
  const down = Math.sqrt(spread.down);
  const narrow = z80 / z95;
  return { value, low80: value * Math.exp(-down * narrow), high80: value * Math.exp(up * narrow), low95: value * Math.exp(-down), high95: value * Math.exp(up) };
}
