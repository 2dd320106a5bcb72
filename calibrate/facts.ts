/** Facts as documents write them: a quantity in a spelling that the parser reads, its 95 % interval, where it is from. Lists what had to be assumed. */
import { dimensions, type Dimension } from "../model/units.ts";

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** With where it is from. */
export type Noted = Interval & { readonly note: string };

export interface WrittenFact {
  readonly value: string | number;
  readonly source: string;
  readonly kind: "measured" | "assumed" | "datasheet";
  readonly low?: string | number;
  readonly high?: string | number;
  readonly note: string;
}

export const ownSource = "own-microbenchmarks";
const judgement = "judgement";

/** Collects, beside the facts, what nobody measured. */
export class Facts {
  readonly assumed: { readonly path: string; readonly reason: string }[] = [];
  private readonly source: string;

  /** `source`: of what was measured, as sources.json names it. */
  constructor(source: string = ownSource) {
    this.source = source;
  }

  measured(dimension: Dimension, { value, low, high }: Interval, note: string): WrittenFact {
    return { value: write(value, dimension), source: this.source, kind: "measured", low: write(Math.min(low, value), dimension), high: write(Math.max(high, value), dimension), note };
  }

  /** Known without an interval: a count, a setting, what the kernel says. */
  exact(dimension: Dimension, value: number, note: string): WrittenFact {
    return { value: write(value, dimension), source: this.source, kind: "datasheet", note };
  }

  assume(path: string, dimension: Dimension, { value, low, high }: Interval, reason: string): WrittenFact {
    this.assumed.push({ path, reason });
    return { value: write(value, dimension), source: judgement, kind: "assumed", low: write(low, dimension), high: write(high, dimension), note: `${reason}: assumed` };
  }

  /** The measured interval where there is one. */
  orAssume(path: string, dimension: Dimension, found: Noted | undefined, fallback: Interval, reason: string): WrittenFact {
    return found && Number.isFinite(found.value) && found.value > 0 ? this.measured(dimension, found, found.note) : this.assume(path, dimension, fallback, reason);
  }
}

/** Repeats give the middle 80 %; facts state 95 % of a normal law of the logarithm. */
export function widen({ value, low, high }: Interval): Interval {
  const factor = 1.96 / 1.2816;
  return { value, low: value * (low / value) ** factor, high: value * (high / value) ** factor };
}

/** Middle, and the middle 80 %, of figures of the same thing; each counts with the ends of its own interval. */
export function spreadOf(figures: ReadonlyArray<number | Interval>): Interval {
  const ends = figures.map((one) => (typeof one === "number" ? { value: one, low: one, high: one } : one));
  return { value: quantile(ends.map(({ value }) => value), 0.5), low: quantile(ends.map(({ low }) => low), 0.1), high: quantile(ends.map(({ high }) => high), 0.9) };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return below + (above - below) * (place - Math.floor(place));
}

const decimal = [["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3], ["", 1]] as const;
const binary = [["Gi", 2 ** 30], ["Mi", 2 ** 20], ["Ki", 2 ** 10], ["", 1]] as const;
const times = [["s", 1], ["ms", 1e-3], ["us", 1e-6], ["ns", 1e-9]] as const;

/** Four digits: rounding keeps the order of low, value and high. */
export function write(value: number, dimension: Dimension): string | number {
  const round = (scaled: number) => Number(scaled.toPrecision(4));
  if (dimension === "count") return Math.round(value);
  if (dimension === "fraction") return round(value);
  if (dimension === "time") {
    const [unit, scale] = times.find(([, step]) => value >= step) ?? (value === 0 ? times[0] : ["ns", 1e-9]);
    return `${round(value / scale)} ${unit}`;
  }
  const table: ReadonlyArray<readonly [string, number]> = dimension === "data" ? binary : decimal;
  const [prefix, scale] = table.find(([, step]) => value >= step) ?? ["", 1];
  return `${round(value / scale)} ${prefix}${dimension === "rate" ? "F/s" : dimensions[dimension].symbol}`;
}
