/**
 * Rows of a measurement file as points of a curve: what varies, what is measured, and how far one row is to be trusted. The shares of all-reduce beside compute
 * are ratios of two rows of one size and link: how fast each of the two proceeds while the other runs, over how fast it does alone.
 */
import type { MeasurementRow, Measurements } from "../../model/schema/measurement.ts";
import type { FitLine } from "./fit-table.ts";

type Row = Measurements["rows"][number];
type Case = MeasurementRow["case"];
type Times = MeasurementRow["time_s"];

export interface CurveRow {
  readonly case: Case;
  readonly y: { readonly median: number; readonly least: number; readonly p10: number; readonly p90: number };
  /** Standard error of log y. */
  readonly noise: number;
  readonly line: number;
  readonly quiet: boolean;
}

const normal80 = 2.5631;
/** Repeats in a row see the same neighbours, so more than these do not make a median surer. */
const independentRepeats = 9;
const leastNoise = 0.003;

export function rowsOfLine(rows: readonly Row[], line: FitLine): CurveRow[] {
  const own = rows.filter((row) => row.benchmark === line.benchmark && (line.only === undefined || line.only(row)));
  const { y } = line;
  return y === "share" ? sharesOf(own) : own.flatMap((row) => readRow(row, y));
}

function readRow(row: Row, y: "time" | "bytes-rate" | "flop-rate"): CurveRow[] {
  const work = y === "time" ? 1 : y === "flop-rate" ? row.work.flop : row.work.bytes;
  if (work === undefined) return [];
  const of = (name: keyof Times): number => (y === "time" ? row.time_s[name] : work / row.time_s[name]);
  return [{ case: row.case, y: { median: of("median"), least: of("min"), p10: Math.min(of("p10"), of("p90")), p90: Math.max(of("p10"), of("p90")) }, noise: noiseOfRow(row), line: row.line, quiet: row.quiet }];
}

/** Of the logarithm of the median. Where other work was about, twice as much. */
function noiseOfRow({ time_s, count, quiet }: Row): number {
  const spread = Math.log(time_s.p90 / time_s.p10) / normal80;
  return Math.max(leastNoise, spread / Math.sqrt(Math.min(count, independentRepeats))) * (quiet ? 1 : 2);
}

const pairs = [
  { measure: "communication", alone: "all-reduce-alone", beside: "all-reduce-beside-compute" },
  { measure: "compute", alone: "compute-alone", beside: "compute-beside-all-reduce" },
] as const;

function sharesOf(rows: readonly Row[]): CurveRow[] {
  const groups = new Map<string, { rest: Case; byMeasure: Map<unknown, Row> }>();
  for (const row of rows) {
    const { measure, ...rest } = row.case;
    const key = JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key) ?? { rest, byMeasure: new Map<unknown, Row>() };
    group.byMeasure.set(measure, row);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ rest, byMeasure }) =>
    pairs.flatMap(({ measure, alone: aloneName, beside: besideName }): CurveRow[] => {
      const [alone, beside] = [byMeasure.get(aloneName), byMeasure.get(besideName)];
      if (!alone || !beside) return [];
      const share = (one: number, other: number): number => one / other;
      const { time_s: a } = alone;
      const { time_s: b } = beside;
      return [{
        case: { ...rest, measure },
        y: { median: share(a.median, b.median), least: share(a.min, b.min), p10: share(a.p10, b.p90), p90: share(a.p90, b.p10) },
        noise: Math.hypot(noiseOfRow(alone), noiseOfRow(beside)),
        line: beside.line,
        quiet: alone.quiet && beside.quiet,
      }];
    }),
  );
}
