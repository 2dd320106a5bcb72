/** Numbers for people: three significant digits, thousands comma, true minus, narrow space before per cent, one unit per column. */
import { formatNumber, formatQuantity, parseQuantity, type Dimension } from "../../model/units.ts";
import type { Estimate } from "../../model/prediction.ts";

const narrow = "\u202f";
const fixedSpace = "\u00a0";

export interface Unit {
  unit: string;
  /** SI value of one of this unit. */
  scale: number;
}

/** The unit in which a value of this size is read best; a column takes the unit of its largest value. */
export function unitOf(value: number, dimension: Dimension): Unit {
  const { unit } = formatQuantity(value, dimension);
  if (unit === "") return { unit: "", scale: 1 };
  const parsed = parseQuantity(`1 ${unit}`, dimension);
  return { unit, scale: parsed.ok ? parsed.value : 1 };
}

export const join = (number: string, unit: string): string => (unit === "" ? number : `${number}${unit === "%" ? narrow : fixedSpace}${unit}`);

export function show(value: number, dimension: Dimension, digits = 3): string {
  if (dimension === "count") return count(value);
  const { number, unit } = formatQuantity(value, dimension, digits);
  return join(number, unit);
}

/** Three significant digits, four from 1,000 on, where three would hide a per cent. */
export function inUnit(value: number, unit: Unit, digits = 3): string {
  if (unit.unit === "" && Number.isInteger(value)) return fixed(value, 0);
  const number = value / unit.scale;
  return formatNumber(Number(number.toPrecision(Math.abs(number) >= 1000 ? digits + 1 : digits)), digits);
}

/** A tick: as short as the number allows. */
export const tickText = (value: number, unit: Unit): string => {
  const [whole = "0", fraction] = String(Number((value / unit.scale).toPrecision(6))).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",").replace("-", "−") + (fraction ? `.${fraction}` : "");
};
export const showIn = (value: number, unit: Unit, digits = 3): string => join(inUnit(value, unit, digits), unit.unit);

/** A stated value with all its digits: thousands commas, the right space before the unit, "samples/s" as "/s". */
export function stated(text: string): string {
  const [number = "", ...unit] = text.trim().split(/\s+/);
  const [whole = "", fraction] = number.split(".");
  const commas = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return join(commas + (fraction === undefined ? "" : `.${fraction}`), unit.join(" ").replace("samples/s", "/s"));
}

export const count = (value: number): string => (Number.isInteger(value) ? fixed(value, 0) : formatNumber(value));
export const percent = (fraction: number, digits = 3): string => join(formatNumber(fraction * 100, digits), "%");

/** Rounds to a fixed number of decimals, with thousands comma and true minus. A zero has no sign. */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  const [whole = "0", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? `.${fraction}` : "");
  return value < 0 && Number(text) !== 0 ? `−${grouped}` : grouped;
}

export function signedFixed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(Math.abs(value).toFixed(decimals)) !== 0 ? `+${text}` : text;
}

export const signedPercent = (fraction: number): string => join(signedFixed(fraction * 100, Math.abs(fraction) < 0.995 ? 1 : 0), "%");

/** Ends of an interval in one unit: "867 – 964". */
export const range = (low: number, high: number, unit: Unit): string => `${rangeEnd(low, unit)} – ${rangeEnd(high, unit)}`;

const rangeEnd = (value: number, unit: Unit) => (unit.unit === "" && Number.isInteger(value) ? fixed(value, 0) : formatNumber(Number((value / unit.scale).toPrecision(3))));

export const interval95 = (estimate: Estimate, unit: Unit): string => `95${narrow}%: ${range(estimate.low95, estimate.high95, unit)}${unit.unit === "" ? "" : `${unit.unit === "%" ? narrow : fixedSpace}${unit.unit}`}`;

/** A quantity as a document writes it, so that it can be parsed again: "23 GB/s", "64 MiB", "1.9 us", "1.3 %". */
export function plainQuantity(value: number, dimension: Dimension, digits = 3): string | number {
  if (dimension === "count") return Math.round(value);
  if (dimension === "fraction" && value >= 1) return String(Number(value.toPrecision(digits)));
  const unit = unitOf(value, dimension);
  const number = Number((value / unit.scale).toPrecision(digits));
  return `${number} ${unit.unit.replace("µ", "u")}`.trim();
}

export const upperPrecision = (precision: string): string => precision.toUpperCase();

const words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
export const numberWord = (value: number): string => words[value] ?? String(value);
