/** Measurements of one host -> the curves of its host calibration: rows grouped by what they have in common, one fit per group. */
import type { CurveFit, HostCalibration } from "../../model/schema/calibration.ts";
import type { MeasurementRow, Measurements } from "../../model/schema/measurement.ts";
import { parseQuantity } from "../../model/units.ts";
import { fitCurve } from "./curves.ts";
import type { CurvePoint } from "./curve-models.ts";
import { fitTable, type FitLine } from "./fit-table.ts";

export interface HostTarget {
  readonly machine: string;
  readonly seed: number;
}

type Row = Measurements["rows"][number];
type Case = MeasurementRow["case"];

export function fitHost(measured: readonly Measurements[], { machine, seed }: HostTarget): Pick<HostCalibration, "scope" | "method" | "seed" | "fits"> {
  const rows = measured.flatMap((one) => one.rows);
  const fits = fitTable.flatMap((line) => groupRows(rows, line).map((group) => fitGroup(group, line, seed)));
  return {
    scope: { kind: "host", machine },
    method:
      "Curves on log values by damped least squares with a soft-L1 loss, rows weighted by the spread of their repeats (twice as wide where other work was about); of the candidates the one with the least Bayesian information criterion; " +
      "points more than four robust spreads off are kept out and named; 95 % intervals from 200 resamplings of the residuals.",
    seed,
    fits: unique(fits),
  };
}

interface Group {
  readonly common: Case;
  readonly rows: readonly Row[];
}

function groupRows(rows: readonly Row[], line: FitLine): Group[] {
  const groups = new Map<string, { common: Case; rows: Row[] }>();
  for (const row of rows) {
    if (row.benchmark !== line.benchmark || (line.only && !line.only(row)) || yOf(row, line) === undefined) continue;
    const dropped = new Set([line.x, ...(line.ignore ?? [])]);
    const common = Object.fromEntries(Object.entries(row.case).filter(([key]) => !dropped.has(key)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const key = JSON.stringify(common);
    const group = groups.get(key) ?? { common, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function yOf({ work, time_s }: Pick<MeasurementRow, "work" | "time_s">, { y }: FitLine): ((time: keyof MeasurementRow["time_s"]) => number) | undefined {
  if (y === "time") return (time) => time_s[time];
  const amount = y === "flop-rate" ? work.flop : work.bytes;
  return amount === undefined ? undefined : (time) => amount / time_s[time];
}

const units = { time: "s", "bytes-rate": "B/s", "flop-rate": "flop/s" } as const;

function fitGroup({ common, rows }: Group, line: FitLine, seed: number): CurveFit {
  const ordered = rows.toSorted((a, b) => xOf(a, line) - xOf(b, line) || a.line - b.line);
  const points = ordered.map((row): CurvePoint => {
    const spread = Math.log(row.time_s.p90 / row.time_s.p10) / 2.56;
    return { x: xOf(row, line), y: (yOf(row, line) as (time: "median") => number)("median"), noise: Math.max(0.003, spread / Math.sqrt(Math.min(row.count, 9))) * (row.quiet ? 1 : 2) };
  });
  const fit = fitCurve(points, line.family, seed);
  const yUnit = units[line.y];
  const unitOf = { x: line.xUnit, y: yUnit, "x/y": `${line.xUnit}/${yUnit}`, "1": "1" };
  const expectation = expectationOf(common, line);
  return {
    id: idOf(line.benchmark, common),
    title: titleOf(line, common),
    benchmark: line.benchmark,
    case: common,
    x: { name: line.x ?? "row", unit: line.xUnit },
    y: { name: line.y === "time" ? "time" : "rate", unit: yUnit },
    model: fit.model,
    parameters: Object.fromEntries(fit.parameters.map(({ name, unit, value, low, high }) => [name, { value, low, high, unit: unitOf[unit] }])),
    points: ordered.map((row, at) => {
      const y = yOf(row, line) as (time: keyof MeasurementRow["time_s"]) => number;
      const [one, two] = [y("p10"), y("p90")];
      const excluded = fit.excluded.get(at);
      return { x: xOf(row, line), y: tidy(y("median")), min: tidy(y("min")), p10: tidy(Math.min(one, two)), p90: tidy(Math.max(one, two)), line: row.line, quiet: row.quiet, ...(excluded === undefined ? {} : { excluded }) };
    }),
    curve: [...fit.curve],
    breaks: fit.breaks.map(tidy),
    candidates: [...fit.candidates],
    residuals: fit.residuals,
    ...(expectation === undefined ? {} : { expectation }),
  };
}

const xOf = (row: Row, { x }: FitLine): number => (x === undefined ? 1 : Number(row.case[x]));
const tidy = (value: number): number => Number(value.toPrecision(5));

/** A link with a rate says what to expect of its bandwidth. */
function expectationOf(common: Case, { y }: FitLine): CurveFit["expectation"] {
  const rate = typeof common["link"] === "string" ? parseQuantity(common["link"], "bandwidth") : undefined;
  return rate?.ok && y === "time" ? { label: `link shaped to ${String(common["link"])}`, value: rate.value, unit: "B/s" } : undefined;
}

function titleOf({ title }: FitLine, common: Case): string {
  const words = Object.entries(common).map(([key, value]) => (typeof value === "string" ? value : value === true ? key : `${String(value)} ${key}`));
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}${words.length > 0 ? `: ${words.join(", ")}` : ""}`;
}

function idOf(benchmark: string, common: Case): string {
  const words = Object.entries(common).map(([key, value]) => (typeof value === "string" ? value : `${key}-${String(value)}`));
  return [benchmark, ...words].join("-").toLowerCase().replaceAll(/[^a-z0-9.]+/g, "-").replaceAll(/^-+|-+$/g, "");
}

function unique(fits: readonly CurveFit[]): CurveFit[] {
  const count = new Map<string, number>();
  return fits.map((fit) => {
    const before = count.get(fit.id) ?? 0;
    count.set(fit.id, before + 1);
    return before === 0 ? fit : { ...fit, id: `${fit.id}-${before + 1}` };
  });
}
