/** Numbers of a column in one unit, which stands in the head. Chosen by the middle value, so that a curve over four decades has no "0.000065". */
import { formatNumber, formatQuantity, parseQuantity, type Dimension } from "../../model/units.ts";

export interface Scaled {
  unit: string;
  show: (value: number, digits?: number) => string;
}

export function unitFor(values: readonly number[], dimension: Dimension): Scaled {
  const sorted = values.filter(Number.isFinite).map(Math.abs).toSorted((a, b) => a - b);
  const { unit } = formatQuantity(sorted[Math.floor(sorted.length / 2)] ?? 0, dimension);
  const parsed = parseQuantity(`1 ${unit}`, dimension);
  const scale = parsed.ok && parsed.value > 0 ? parsed.value : 1;
  return { unit, show: (value, digits = 3) => formatNumber(value / scale, digits) };
}

export const showInterval = (low: number, high: number, scaled: Scaled, digits = 3): string => `${scaled.show(low, digits)} – ${scaled.show(high, digits)}`;

/** A relative error with its sign, in per cent. */
export function showError(error: number): string {
  const percent = (Math.abs(error) * 100).toFixed(1);
  return `${percent === "0.0" ? "" : error < 0 ? "−" : "+"}${percent}`;
}

export const showCount = (value: number): string => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
