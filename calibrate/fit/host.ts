/** Measurements of one host -> the curves of its host calibration: rows grouped by what they have in common, one fit per group. */
import type { CurveFit, HostCalibration } from "../../model/schema/calibration.ts";
import type { MeasurementRow, Measurements } from "../../model/schema/measurement.ts";
import { parseQuantity } from "../../model/units.ts";
import { rowsOfLine, type CurveRow } from "./curve-rows.ts";
import { fitCurve } from "./curves.ts";
import { fitTable, type FitLine } from "./fit-table.ts";

export interface HostTarget {
  readonly machine: string;
  /** Of the bootstrap. */
  readonly seed: number;
}

type Case = MeasurementRow["case"];

export function fitHost(measured: readonly Measurements[], { machine, seed }: HostTarget): Pick<HostCalibration, "scope" | "method" | "seed" | "fits"> {
  const rows = measured.flatMap((one) => one.rows);
  const fits = fitTable.flatMap((line) => groupRows(rowsOfLine(rows, line), line).map((group) => fitGroup(group, line, seed)));
  return {
    scope: { kind: "host", machine },
    method:
      "Curves on log values by damped least squares with a soft-L1 loss, rows weighted by the spread of their repeats (twice as wide where other work was about, which is told by point); " +
      "of the candidates the one with the least Bayesian information criterion, where a fit closer than the repeats earns nothing; points more than four robust spreads off are kept out and named; " +
      "95 % intervals from 200 resamplings of the residuals, widened for few points, of changes of regime from the profile of the likelihood; the band is for a new run.",
    seed,
    fits: unique(fits),
  };
}

interface Group {
  readonly common: Case;
  readonly rows: readonly CurveRow[];
}

function groupRows(rows: readonly CurveRow[], line: FitLine): Group[] {
  const groups = new Map<string, { common: Case; rows: CurveRow[] }>();
  const dropped = new Set([line.x, ...(line.ignore ?? [])]);
  for (const row of rows) {
    const common = Object.fromEntries(Object.entries(row.case).filter(([key]) => !dropped.has(key)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const key = JSON.stringify(common);
    const group = groups.get(key) ?? { common, rows: [] };
    if (Number.isFinite(xOf(row, line))) group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()].filter((group) => group.rows.length > 0);
}

const units = { time: "s", "bytes-rate": "B/s", "flop-rate": "flop/s", share: "1" } as const;

function fitGroup({ common, rows }: Group, line: FitLine, seed: number): CurveFit {
  const ordered = rows.toSorted((a, b) => xOf(a, line) - xOf(b, line) || a.line - b.line);
  const fit = fitCurve(ordered.map((row) => ({ x: xOf(row, line), y: row.y.median, noise: row.noise })), line.family, seed);
  const yUnit = units[line.y];
  const unitOf = { x: line.xUnit, y: yUnit, "x/y": line.xUnit === "1" ? `1/${yUnit}` : `${line.xUnit}/${yUnit}`, "1": "1" };
  const expectation = expectationOf(common, line);
  return {
    id: idOf(line.benchmark, common),
    title: titleOf(line, common),
    benchmark: line.benchmark,
    case: common,
    x: { name: line.x ?? "row", unit: line.xUnit },
    y: { name: line.y === "time" || line.y === "share" ? line.y : "rate", unit: yUnit },
    model: fit.model,
    parameters: Object.fromEntries(fit.parameters.map(({ name, unit, value, low, high }) => [name, { value, low, high, unit: unitOf[unit] }])),
    points: ordered.map((row, at) => {
      const excluded = fit.excluded.get(at);
      const { median, least, p10, p90 } = row.y;
      return { x: xOf(row, line), y: tidy(median), min: tidy(least), p10: tidy(p10), p90: tidy(p90), line: row.line, quiet: row.quiet, ...(excluded === undefined ? {} : { excluded }) };
    }),
    curve: [...fit.curve],
    breaks: fit.breaks.map(tidy),
    candidates: [...fit.candidates],
    residuals: fit.residuals,
    ...(expectation === undefined ? {} : { expectation }),
  };
}

const xOf = (row: CurveRow, { x }: FitLine): number => (x === undefined ? 1 : Number(row.case[x]));
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
