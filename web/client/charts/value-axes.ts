/** Axes of values with units: decades and their parts on a log axis, bytes at powers of two, anything else at the places that were measured. */
import { scaleLinear, scaleLog } from "d3";
import { showPlace, tickSi } from "../data/si.ts";
import { crisp, label, rule, thinTicks, type Ruler } from "./kit.ts";

export type AxisKind = "log" | "linear";
export interface Axis {
  (value: number): number;
  readonly kind: AxisKind;
  readonly domain: readonly [number, number];
  invert(position: number): number;
}

function axis(kind: AxisKind, domain: readonly [number, number], ends: readonly [number, number]): Axis {
  const scale = kind === "log" ? scaleLog([...domain], [...ends]) : scaleLinear([...domain], [...ends]);
  return Object.assign((value: number) => scale(value), { kind, domain, invert: (position: number) => scale.invert(position) });
}

export function placeAxis(places: readonly number[], kind: AxisKind, left: number, right: number): Axis {
  const [low, high] = [Math.min(...places), Math.max(...places)];
  if (low === high) return axis(kind, kind === "log" ? [low / 2, high * 2] : [0, high * 2], [left, right]);
  return axis(kind, kind === "log" ? [low, high] : [0, high], [left, right]);
}

/** `values`: everything that has to be in view, above zero. A linear axis begins at zero. */
export function valueAxis(values: readonly number[], kind: AxisKind, bottom: number, top: number): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = kind === "log" ? Math.max(1.12, (high / low) ** 0.06) : 1.08;
  return axis(kind, kind === "log" ? [low / margin, high * margin] : [0, high * margin], [bottom, top]);
}

export function valueTicks({ kind, domain: [low, high] }: Pick<Axis, "kind" | "domain">, most = 6): number[] {
  if (kind === "linear") return scaleLinear([low, high], [0, 1]).ticks(most);
  const within = (values: number[]) => values.filter((value) => value >= low && value <= high);
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, at) => 10 ** (Math.floor(Math.log10(low)) + at));
  const step = Math.ceil(within(powers).length / (most + 1));
  const decades = within(powers).filter((_, at) => at % step === 0);
  if (decades.length >= 3) return decades;
  const parts = within(powers.flatMap((power) => [power, 2 * power, 5 * power]));
  return parts.length >= 3 ? parts : scaleLinear([low, high], [0, 1]).ticks(Math.min(most, 5)).filter((value) => value > 0);
}

function placeTicks({ kind, domain: [low, high] }: Axis, places: readonly number[], symbol: string): number[] {
  if (kind === "linear") return scaleLinear([low, high], [0, 1]).ticks(5);
  if (symbol !== "B") return [...new Set(places)].toSorted((a, b) => a - b);
  const [first, last] = [Math.ceil(Math.log2(low) - 1e-9), Math.floor(Math.log2(high) + 1e-9)];
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => 2 ** (first + at));
  return powers.length > 0 ? powers : [low];
}

/** What half of the widest tick at an end needs beside the plot. */
export const endRoom = (places: readonly number[], symbol: string, ruler: Ruler): number => Math.max(14, ruler(showPlace(Math.max(...places), symbol)) / 2 - 6);

/** Bytes at every fourth power of two where there is no room for all. */
export function drawPlaceAxis(x: Axis, places: readonly number[], symbol: string, top: number, bottom: number, ruler: Ruler): { grid: SVGElement[]; ticks: SVGElement[]; shown: number[] } {
  const all = placeTicks(x, places, symbol);
  const room = Math.abs(x(all.at(-1) ?? 1) - x(all[0] ?? 1));
  const widest = Math.max(...all.map((tick) => ruler(showPlace(tick, symbol)))) + 14;
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((every) => (all.length / every) * widest <= room) ?? 12;
  const chosen = symbol === "B" && x.kind === "log" ? all.filter((_, at) => at % step === 0 || at === all.length - 1) : all;
  const shown = thinTicks(chosen, x, (tick) => ruler(showPlace(tick, symbol)), (_, at) => at === 0 || at === chosen.length - 1);
  return {
    shown,
    grid: shown.map((tick) => rule(crisp(x(tick)), top, crisp(x(tick)), bottom)),
    ticks: shown.map((tick) => label(x(tick), bottom + 16, showPlace(tick, symbol), { anchor: "middle" })),
  };
}

export function drawValueAxis(y: Axis, symbol: string, left: number, right: number): { grid: SVGElement[]; ticks: SVGElement[] } {
  const ticks = valueTicks(y);
  return {
    grid: ticks.map((tick) => rule(left - 6, crisp(y(tick)), right, crisp(y(tick)), tick === 0 ? "var(--line2)" : "var(--line)")),
    ticks: ticks.map((tick) => label(left - 10, y(tick) + 4, tickSi(tick, symbol), { anchor: "end" })),
  };
}
