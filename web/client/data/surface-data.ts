/** A surface of operations -> what is drawn of it: time by size with the interpolated curve where there is one size, pace over the bound where there are several. */
import { prepareSurface, readSurface } from "../../../model/compute/surface.ts";
import type { SurfaceDocument } from "../../../model/schema/calibration.ts";
import type { FitChartData, FitMark, Sample } from "../charts/fit.ts";
import { count } from "../format.ts";
import { formatNumber } from "../../../model/units.ts";
import { operationName, surfaceFinding } from "./fit-findings.ts";
import { showSi } from "./si.ts";
import type { Table } from "./table.ts";

interface Measured {
  features: number[];
  bound_s: number;
  time_s: number;
}

const measuredOf = ({ features, points }: SurfaceDocument): Measured[] => points.map((row) => ({ features: row.slice(0, features.length), bound_s: row[features.length] ?? 0, time_s: row[features.length + 1] ?? 0 }));

export function surfaceChartData(surface: SurfaceDocument): FitChartData {
  const isCurve = surface.features.length === 1;
  const points = measuredOf(surface).toSorted((a, b) => (isCurve ? (a.features[0] ?? 0) - (b.features[0] ?? 0) : a.bound_s - b.bound_s));
  const marks = points.map((point, index): FitMark => {
    const [x, y] = isCurve ? [point.features[0] ?? 0, point.time_s] : [point.bound_s, point.time_s / point.bound_s];
    return {
      x, y, low: y, high: y, quiet: true, excluded: false, name: `${index + 1}: ${point.features.map(count).join(" × ")}`,
      tip: { head: surface.features.map((name, at) => `${name} ${count(point.features[at] ?? 0)}`).join(", "), place: "median of repeats", rows: [["measured", showSi(point.time_s, "s")], ["simple bound", showSi(point.bound_s, "s")], ["over the bound", `${formatNumber(point.time_s / point.bound_s)} ×`]] },
    };
  });
  return {
    summary: surfaceFinding(surface),
    x: isCurve ? { unit: "1", name: surface.features[0] ?? "", kind: "log" } : { unit: "s", name: "simple bound", kind: "log" },
    y: { unit: isCurve ? "s" : "1", kind: "log" },
    own: { name: "interpolated", curves: isCurve ? [curveOf(surface, points)] : [], points: marks },
    other: null, breaks: [], regimes: [], expectation: null,
  };
}

/** The bound is arithmetic or traffic, both in proportion to one size: log-linear between the measured sizes. */
function curveOf(surface: SurfaceDocument, points: readonly Measured[]): Sample[] {
  const prepared = prepareSurface(surface);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return [];
  const [low, high] = [first.features[0] ?? 1, last.features[0] ?? 1];
  return Array.from({ length: 61 }, (_, at) => {
    const x = low * (high / low) ** (at / 60);
    const after = Math.max(1, points.findIndex(({ features }) => (features[0] ?? 0) >= x * (1 - 1e-12)));
    const [a, b] = [points[after - 1] ?? first, points[after] ?? last];
    const [from, to] = [a.features[0] ?? 1, b.features[0] ?? 1];
    const bound_s = from === to ? a.bound_s : a.bound_s * (b.bound_s / a.bound_s) ** (Math.log(x / from) / Math.log(to / from));
    const { time_s, standardError } = readSurface(prepared, [x], bound_s);
    const spread = 1.96 * Math.hypot(standardError, surface.noise);
    return { x, y: time_s, low: time_s * Math.exp(-spread), high: time_s * Math.exp(spread) };
  });
}

export function surfaceTable(surface: SurfaceDocument): Table {
  return {
    name: "surface", caption: operationName(surface),
    columns: [...surface.features.map((name) => ({ name })), { name: "bound", unit: "s" }, { name: "measured", unit: "s" }],
    rows: measuredOf(surface).map(({ features, bound_s, time_s }) => [...features, bound_s, time_s]),
  };
}

export function operationsTable(surfaces: readonly SurfaceDocument[]): Table {
  return {
    name: "operations", caption: "Each operation predicted from its other sizes",
    columns: [{ name: "operation" }, { name: "pass" }, { name: "sizes" }, { name: "n" }, ...["median", "p90", "worst"].map((name) => ({ name }))],
    rows: surfaces.map(({ operation, pass, features, residuals }) => [operation, pass, features.join(" × "), residuals.n, residuals.median, residuals.p90, residuals.worst]),
  };
}
