/** Values whose unit a calibration states as an SI symbol ("s", "B/s", "flop/s", "1"), in the unit in which they are read best. */
import { formatNumber, type Dimension } from "../../../model/units.ts";
import { count, join, range, showIn, tickText, unitOf, type Unit } from "../format.ts";

const dimensions: Readonly<Record<string, Dimension>> = { s: "time", B: "data", "B/s": "bandwidth", flop: "work", "flop/s": "rate" };

/** A share is a number without unit that is read as per cent. */
export const share = "share";

export function siUnit(value: number, symbol: string): Unit {
  if (symbol === share) return { unit: "%", scale: 0.01 };
  const dimension = dimensions[symbol];
  return dimension === undefined ? { unit: symbol === "1" ? "" : symbol, scale: 1 } : unitOf(value, dimension);
}

export const showSi = (value: number, symbol: string, digits = 3): string => {
  const unit = siUnit(value, symbol);
  return unit.unit === "" ? (Number.isInteger(value) ? count(value) : formatNumber(value, digits)) : showIn(value, unit, digits);
};

/** "0.38 – 0.42 µs": both ends in the unit of the high one. */
export function rangeSi(low: number, high: number, symbol: string): string {
  const unit = siUnit(high, symbol);
  return join(range(low, high, unit), unit.unit);
}

const steps = ["", "Ki", "Mi", "Gi", "Ti"] as const;

/** A number of bytes as a message or a working set is named: 512 B, 64 KiB, 1.5 MiB. */
export function showBytes(bytes: number): string {
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10 + 1e-9)));
  return join(formatShort(bytes / 2 ** (10 * step)), `${steps[step] ?? ""}B`);
}

const formatShort = (value: number): string => (Number.isInteger(value) ? count(value) : formatNumber(value, 3));

/** A place on an x axis: bytes binary, anything else as a count. */
export const showPlace = (value: number, symbol: string): string => (symbol === "B" ? showBytes(value) : showSi(value, symbol));

/** A tick of a y axis, in its own unit, as short as it can be. */
export function tickSi(value: number, symbol: string): string {
  if (value === 0) return "0";
  const unit = siUnit(value, symbol);
  return join(tickText(value, unit), unit.unit);
}
