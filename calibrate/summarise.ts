/** Errors of predictions on step time in plain numbers, and how often the intervals hold. */
import { quantileSorted } from "simple-statistics";
import type { Validation, ValidationCase } from "../model/prediction.ts";

export function summarise(cases: readonly ValidationCase[]): Validation["summary"] {
  const n = cases.length;
  if (n === 0) return { n: 0, mape: 0, median: 0, p90: 0, bias: 0, worst: 0, coverage80: 0, coverage95: 0 };
  const errors = cases.map(({ stepTimeError }) => stepTimeError);
  const sizes = errors.map(Math.abs).toSorted((a, b) => a - b);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const share = (inside: (one: ValidationCase) => boolean) => cases.filter(inside).length / n;
  return {
    n,
    mape: mean(sizes),
    median: quantileSorted(sizes, 0.5),
    p90: quantileSorted(sizes, 0.9),
    bias: mean(errors),
    worst: errors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0),
    coverage80: share(({ measured, low80, high80 }) => low80 <= measured && measured <= high80),
    coverage95: share(({ measured, low95, high95 }) => low95 <= measured && measured <= high95),
  };
}
