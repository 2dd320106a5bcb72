/**
 * Step times of one log: the first reported step carries compilation and warm-up and is marked; so are steps far from the median on a robust scale (median absolute
 * deviation of the logarithm, at least 2 %), such as those that wrote a checkpoint. They are kept.
 */
import type { Emit, ImportedRow, Mark } from "../reader.ts";

/** How many robust deviations away a step is an outlier. */
const far = 8;
const leastDeviation = 0.02;
/** Scale of a normal law over its median absolute deviation. */
const normal = 1.4826;

/** `quantity`: the value that steps are compared by. Rows without it pass as they are. */
export function emitSteps(rows: readonly ImportedRow[], quantity: string, emit: Emit): void {
  const logs = rows.flatMap(({ values }, index) => (index > 0 && (values[quantity] ?? 0) > 0 ? [Math.log(values[quantity] ?? 1)] : []));
  const centre = median(logs);
  const deviation = Math.max(leastDeviation, normal * median(logs.map((log) => Math.abs(log - centre))));
  rows.forEach((row, index) => {
    const value = row.values[quantity];
    const marks: Mark[] = [...(row.marks ?? [])];
    if (index === 0 && rows.length > 1) marks.push("warm-up");
    else if (value !== undefined && value > 0 && logs.length >= 5 && Math.abs(Math.log(value) - centre) > far * deviation) marks.push("outlier");
    emit(marks.length === 0 ? row : { ...row, marks });
  });
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).toSorted();
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
