/** Rounds rows so that they add up as printed: the last digit is closed in the largest row, where it is the smallest lie. */
export function closeRounded(values: readonly number[], decimals: number): { rows: number[]; total: number } {
  const factor = 10 ** decimals;
  const whole = values.map((value) => Math.round(value * factor));
  const total = Math.round(values.reduce((sum, value) => sum + value, 0) * factor);
  const missing = total - whole.reduce((sum, value) => sum + value, 0);
  const largest = values.reduce((best, value, index) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? index : best), 0);
  if (whole.length > 0) whole[largest] = (whole[largest] ?? 0) + missing;
  return { rows: whole.map((value) => value / factor), total: total / factor };
}
