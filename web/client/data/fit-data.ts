/** A fit of a host calibration -> what its charts draw, and their tables. `other` is the same benchmark of another calibration. */
import type { CurveFit } from "../../../model/schema/calibration.ts";
import type { FitChartData, FitMark } from "../charts/fit.ts";
import type { OneValueData } from "../charts/one-value.ts";
import type { ResidualData } from "../charts/residuals.ts";
import type { AxisKind } from "../charts/value-axes.ts";
import type { Tip } from "../dom.ts";
import { signedPercent } from "../format.ts";
import { fitAt, jumps, regimesOf, residualAt, unitOfY } from "./fit-curve.ts";
import { fitFinding } from "./fit-findings.ts";
import { rangeSi, showPlace, showSi } from "./si.ts";
import type { Table } from "./table.ts";

export interface Shown {
  fit: CurveFit;
  name: string;
}

export const isOneValue = ({ points, curve }: CurveFit): boolean => new Set(points.map(({ x }) => x)).size < 2 || curve.length < 2;

const axisNames: Readonly<Record<string, string>> = { bytes: "bytes", block: "bytes of a block", n: "rows and columns", elements: "elements", depth: "requests under way", tensors: "tensors", rows: "rows" };
export const placeName = ({ x }: CurveFit): string => axisNames[x.name] ?? x.name;

function marksOf({ fit, name }: Shown, isOther: boolean): FitMark[] {
  const unit = unitOfY(fit);
  return fit.points.map((point, index) => {
    const [low, high] = [Math.min(point.min, point.p10, point.p90, point.y), Math.max(point.min, point.p10, point.p90, point.y)];
    const at = isOneValue(fit) ? `row ${index + 1}` : showPlace(point.x, fit.x.unit);
    const value = fitAt(fit, point.x);
    const residual = residualAt(fit, point);
    const tip: Tip = {
      head: at, place: isOther ? name : point.excluded === undefined ? "median of repeats" : "kept out",
      rows: [["measured", showSi(point.y, unit)], ["repeats", `${rangeSi(Math.min(point.p10, point.p90), Math.max(point.p10, point.p90), unit)} (80\u202f%)`], ["best", showSi(fit.y.name === "time" ? point.min : high, unit)],
        ...(value === null ? [] : [["fit", `${showSi(value, unit)}${residual === null ? "" : `, measured ${signedPercent(residual)}`}`] as const]), ["other work", point.quiet ? "none ran" : "ran meanwhile"], ["source", `line ${point.line} of the measurements`]],
      ...(point.excluded === undefined ? {} : { text: `Kept out: ${point.excluded}.` }),
    };
    return { x: point.x, y: point.y, low, high, quiet: point.quiet, excluded: point.excluded !== undefined, name: uniqueName(fit, index, at), tip };
  });
}

const uniqueName = (fit: CurveFit, index: number, at: string): string => (fit.points.findIndex(({ x }) => x === fit.points[index]?.x) === index ? at : `${at} (${index + 1})`);

export function fitChartData(own: Shown, other: Shown | null, kinds: { x: AxisKind; y: AxisKind }): FitChartData {
  const { fit } = own;
  return {
    summary: `${fit.title}. ${fitFinding(fit)}`,
    x: { unit: fit.x.unit, name: placeName(fit), kind: kinds.x },
    y: { unit: unitOfY(fit), kind: kinds.y },
    own: { name: own.name, curves: regimesOf(fit), points: marksOf(own, false) },
    other: other && { name: other.name, curves: regimesOf(other.fit), points: marksOf(other, true) },
    breaks: fit.breaks.filter((end) => end > Math.min(...fit.points.map(({ x }) => x)) && end < Math.max(...fit.points.map(({ x }) => x))),
    regimes: regimeWords(fit),
    expectation: expectationLine(fit),
  };
}

function regimeWords(fit: CurveFit): FitChartData["regimes"] {
  if (fit.breaks.length === 0) return [];
  const ends = [0, ...fit.breaks, Number.POSITIVE_INFINITY];
  const [least, most] = [Math.min(...fit.points.map(({ x }) => x)), Math.max(...fit.points.map(({ x }) => x))];
  return fit.breaks.concat(Number.POSITIVE_INFINITY).map((_, at) => {
    const say = (name: string) => {
      const found = fit.parameters[`${name} ${at + 1}`];
      return found === undefined ? null : showSi(found.value, found.unit);
    };
    const words = jumps(fit) ? [[say("latency"), say("bandwidth")].filter(Boolean).join(", then "), say("bandwidth")] : [`level ${at + 1}: ${say("level")}`, say("level")];
    return { from: Math.max(least, ends[at] ?? least), to: Math.min(most, ends[at + 1] ?? most), words: words.filter((text): text is string => text !== null && text !== "") };
  });
}

/** A rate says a time for a number of bytes; a value in the unit of y is a level. */
function expectationLine({ expectation, points, x, y }: CurveFit): FitChartData["expectation"] {
  if (expectation === undefined) return null;
  const [low, high] = [Math.min(...points.map((point) => point.x)), Math.max(...points.map((point) => point.x))];
  const at = (place: number) => (expectation.unit === y.unit ? expectation.value : place / expectation.value);
  if (expectation.unit !== y.unit && !(expectation.unit === "B/s" && y.unit === "s" && x.unit === "B")) return null;
  return { label: expectation.label, points: [low, high].map((place) => ({ x: place, y: at(place) })) };
}

export function residualData(own: Shown, other: Shown | null, kind: AxisKind, left: number): ResidualData {
  const { fit } = own;
  const marks = marksOf(own, false);
  return {
    summary: `Residuals of ${fit.title}`,
    x: { unit: fit.x.unit, name: placeName(fit), kind },
    points: fit.points.flatMap((point, index) => {
      const residual = residualAt(fit, point);
      const mark = marks[index];
      return residual === null || mark === undefined ? [] : [{ ...mark, residual }];
    }),
    alsoAt: other ? other.fit.points.map(({ x }) => x) : [],
    breaks: fitChartData(own, null, { x: kind, y: "log" }).breaks,
    left,
  };
}

export function oneValueData(own: Shown, other: Shown | null): OneValueData {
  const { fit } = own;
  const value = (shown: Shown) => {
    const found = shown.fit.parameters["value"] ?? Object.values(shown.fit.parameters)[0];
    const [only] = shown.fit.points;
    return found ?? { value: only?.y ?? 0, low: only?.y ?? 0, high: only?.y ?? 0 };
  };
  const { expectation } = fit;
  return {
    summary: `${fit.title}. ${fitFinding(fit)}`, unit: unitOfY(fit), fitted: value(own), rows: marksOf(own, false),
    other: other && { name: other.name, value: value(other).value },
    expectation: expectation && expectation.unit === fit.y.unit ? { label: expectation.label, value: expectation.value } : null,
  };
}

export function fitTable(own: Shown, other: Shown | null): Table {
  const all = other ? [own, other] : [own];
  const { fit } = own;
  return {
    name: "fit", caption: fit.title,
    columns: [{ name: "calibration" }, { name: fit.x.name, unit: fit.x.unit }, ...["median", "least", "10 %", "90 %", "fit"].map((name) => ({ name, unit: fit.y.unit })), { name: "residual" }, { name: "quiet" }, { name: "line" }, { name: "kept out because" }],
    rows: all.flatMap(({ fit: one, name }) => one.points.map((point) => [name, point.x, point.y, point.min, point.p10, point.p90, rounded(fitAt(one, point.x)), rounded(residualAt(one, point)), point.quiet ? "yes" : "no", point.line, point.excluded ?? null])),
  };
}

export function curveTable({ fit, name }: Shown): Table {
  return { name: "curve", caption: `${fit.title}, ${name}: fitted curve with 95 % band`, columns: [{ name: fit.x.name, unit: fit.x.unit }, ...["fit", "low 95", "high 95"].map((column) => ({ name: column, unit: fit.y.unit }))], rows: fit.curve.map(({ x, y, low, high }) => [x, y, low, high]) };
}

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(5)));
