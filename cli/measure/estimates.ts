/** Single figures from rows: the best rate of a benchmark, the rate at the largest size, the time at the smallest; each with the spread of its repeats. */
import type { MeasurementRow } from "../../model/schema/measurement.ts";

/** SI. low and high hold 80 % of the repeats of the row. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly row: MeasurementRow;
}

export type Wanted = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>;

/** Rows of a benchmark whose case has the wanted values. */
export function rowsOf(rows: readonly MeasurementRow[], benchmark: string, wanted: Wanted = {}): MeasurementRow[] {
  const agrees = (row: MeasurementRow) => Object.entries(wanted).every(([key, value]) => (Array.isArray(value) ? value.includes(row.case[key]) : row.case[key] === value));
  return rows.filter((row) => row.benchmark === benchmark && agrees(row));
}

export function rateOf(row: MeasurementRow, of: "flop" | "bytes"): Figure {
  const work = row.work[of] ?? 0;
  return { value: work / row.time_s.median, low: work / row.time_s.p90, high: work / row.time_s.p10, row };
}

export const timeOf = (row: MeasurementRow): Figure => ({ value: row.time_s.median, low: row.time_s.p10, high: row.time_s.p90, row });

export function best(rows: readonly MeasurementRow[], of: "flop" | "bytes"): Figure | undefined {
  return rows.filter((row) => (row.work[of] ?? 0) > 0).map((row) => rateOf(row, of)).toSorted((a, b) => b.value - a.value)[0];
}

/** The row with the largest value of a variable. */
export const largest = (rows: readonly MeasurementRow[], key: string): MeasurementRow | undefined => sortBy(rows, key).at(-1);
export const smallest = (rows: readonly MeasurementRow[], key: string): MeasurementRow | undefined => sortBy(rows, key)[0];

const sortBy = (rows: readonly MeasurementRow[], key: string): MeasurementRow[] => rows.toSorted((a, b) => Number(a.case[key]) - Number(b.case[key]));

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length === 0 ? Number.NaN : ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
};

/** A case in words: "fp32, 1 thread, 1 MiB" is for tables, this is for notes: "precision fp32, threads 1". */
export const describeCase = (row: MeasurementRow): string => Object.entries(row.case).map(([key, value]) => `${key} ${value}`).join(", ");

/** All-reduce and compute on one core: how fast each proceeds beside the other, by pairs of rows of one link and size. */
export interface Overlap {
  readonly link: string;
  readonly bytes: number;
  /** Pace of the all-reduce beside compute over its pace alone; of compute likewise. */
  readonly network: Pace;
  readonly compute: Pace;
  readonly alone_bytes_per_s: number;
}

/** A ratio of two medians, with the ends that 80 % of the repeats of both give. */
export interface Pace {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function paceOf({ time_s: alone }: MeasurementRow, { time_s: beside }: MeasurementRow): Pace {
  const value = alone.median / beside.median;
  const spread = Math.hypot(Math.log(alone.p90 / alone.p10), Math.log(beside.p90 / beside.p10)) / 2;
  return { value, low: value * Math.exp(-spread), high: value * Math.exp(spread) };
}

export function overlaps(rows: readonly MeasurementRow[]): Overlap[] {
  const found = new Map<string, Map<string, MeasurementRow>>();
  for (const row of rowsOf(rows, "gloo-overlap")) {
    const { measure, ...rest } = row.case;
    const key = JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    found.set(key, (found.get(key) ?? new Map<string, MeasurementRow>()).set(String(measure), row));
  }
  return [...found.values()].flatMap((four) => {
    const [alone, beside, computeAlone, computeBeside] = ["all-reduce-alone", "all-reduce-beside-compute", "compute-alone", "compute-beside-all-reduce"].map((measure) => four.get(measure));
    if (!alone || !beside || !computeAlone || !computeBeside) return [];
    const [ranks, bytes] = [Number(alone.case["ranks"]), Number(alone.case["bytes"])];
    return {
      link: String(alone.case["link"]),
      bytes,
      network: paceOf(alone, beside),
      compute: paceOf(computeAlone, computeBeside),
      alone_bytes_per_s: (2 * bytes * (ranks - 1)) / ranks / alone.time_s.median,
    };
  });
}
