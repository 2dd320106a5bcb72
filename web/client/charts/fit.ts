/**
 * Measured points of one benchmark and the curve fitted to them: median as a disc with whiskers, hollow where other work ran, crossed where the fit does not
 * take it; the band is for a new run. Another calibration of the same benchmark lies behind it, dashed. What a data sheet or a link says is dotted.
 */
import { area, line } from "d3";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { crisp, label, place, root, rule, type ChartSize } from "./kit.ts";
import { cross, disc, ring } from "./marks.ts";
import { alongLine, createPlacer } from "./put-labels.ts";
import { drawPlaceAxis, endRoom, drawValueAxis, placeAxis, valueAxis, valueTicks, type AxisKind } from "./value-axes.ts";
import { tickSi } from "../data/si.ts";

export interface FitMark {
  x: number;
  y: number;
  low: number;
  high: number;
  quiet: boolean;
  excluded: boolean;
  name: string;
  tip: Tip;
}

export interface Sample {
  x: number;
  y: number;
  low: number;
  high: number;
}

export interface FitSeries {
  name: string;
  /** Each regime apart. */
  curves: Sample[][];
  points: FitMark[];
}

export interface FitChartData {
  summary: string;
  x: { unit: string; name: string; kind: AxisKind };
  y: { unit: string; kind: AxisKind };
  own: FitSeries;
  other: FitSeries | null;
  breaks: number[];
  /** What a regime is, longest wording first. */
  regimes: Array<{ from: number; to: number; words: string[] }>;
  expectation: { label: string; points: Array<{ x: number; y: number }> } | null;
}

const top = 22;

export function fitChart(data: FitChartData, size: ChartSize): SVGSVGElement {
  const { width, height, ruler } = size;
  const { own, other } = data;
  const svg = root(width, height, data.summary);
  const bottom = height - 38;
  const series = other ? [own, other] : [own];
  const inView = series.flatMap(({ points, curves }) => [...points.flatMap(({ y, low, high }) => [y, low, high]), ...curves.flat().map(({ y }) => y)]).filter((value) => value > 0);
  const y = valueAxis(inView, data.y.kind, bottom, top);
  const left = Math.max(48, Math.max(...valueTicks(y).map((tick) => ruler(tickSi(tick, data.y.unit)))) + 16);
  const places = series.flatMap(({ points }) => points.map((point) => point.x));
  const right = width - endRoom(places, data.x.unit, ruler);
  const x = placeAxis(places, data.x.kind, left + 8, right - 8);
  const horizontal = drawPlaceAxis(x, places, data.x.unit, top, bottom, ruler);
  const vertical = drawValueAxis(y, data.y.unit, left, right);
  svg.append(...horizontal.grid, ...vertical.grid, ...vertical.ticks, ...horizontal.ticks, label(right, bottom + 31, data.x.name, { anchor: "end" }));

  const clamp = (value: number) => Math.min(bottom, Math.max(top, value > 0 ? y(value) : bottom));
  const lines = line<{ x: number; y: number }>((point) => place(x(point.x)), (point) => place(clamp(point.y)));
  const bands = area<Sample>((point) => place(x(point.x)), (point) => place(clamp(point.low)), (point) => place(clamp(point.high)));
  const placer = createPlacer({ x: left, y: top - 2, width: width - left, height: bottom - top }, ruler);
  const draw = (curves: Sample[][], colour: string, dash: string | null, weight: number) => {
    for (const samples of curves) {
      svg.append(s("path", { d: bands(samples), fill: colour, opacity: "var(--band)" }), s("path", { d: lines(samples), fill: "none", stroke: colour, "stroke-width": weight, "stroke-linejoin": "round", ...(dash ? { "stroke-dasharray": dash } : {}) }));
      placer.take(...alongLine(samples.map((point) => [x(point.x), clamp(point.y)])));
    }
  };
  for (const end of data.breaks) svg.append(rule(crisp(x(end)), top, crisp(x(end)), bottom, "var(--ctl)", { "stroke-dasharray": "3 3", class: "break" }));
  if (data.expectation) {
    const shown = clip(data.expectation.points, y.domain);
    if (shown.length > 1) {
      svg.append(s("path", { d: lines(shown), fill: "none", stroke: "var(--ink)", "stroke-width": 1.3, "stroke-dasharray": "1 3", class: "expectation" }));
      placer.take(...alongLine(shown.map((point) => [x(point.x), clamp(point.y)])));
    }
  }
  if (other) draw(other.curves, "var(--ink2)", "5 3", 1.4);
  draw(own.curves, "var(--accent)", null, 2);

  const marks = s("g");
  for (const [index, one] of series.entries()) {
    for (const point of one.points) {
      const [cx, cy] = [x(point.x), clamp(point.y)];
      placer.take({ x: cx - 5, y: cy - 5, width: 10, height: 10 });
      marks.append(s("g", { class: "mark", "data-key": `fit:${index}:${point.name}`, "data-series": index === 0 ? "measured" : "other", "data-x": point.x, "data-value": point.y, "data-tip": tipAttribute(point.tip), tabindex: -1, role: "img", "aria-label": tipText(point.tip) },
        s("circle", { cx: place(cx), cy: place(cy), r: 10, fill: "transparent" }), ...(index === 0 ? drawPoint(point, cx, cy, clamp) : [rule(cx, cy - 5, cx, cy + 5, point.excluded ? "var(--bad)" : "var(--ink2)", { "stroke-width": 1.5 })])));
    }
  }
  svg.append(marks);

  for (const { from, to, words } of data.regimes) {
    const [start, end] = [Math.max(left, x(from)), Math.min(right, x(to))];
    const fitted = words.find((text) => ruler(text) + 12 <= end - start);
    const text = fitted === undefined ? null : placer.put(fitted, {}, [{ x: (start + end) / 2, y: top + 11, anchor: "middle" }, { x: (start + end) / 2, y: bottom - 8, anchor: "middle" }]);
    if (text) svg.append(text);
  }
  for (const point of own.points.filter(({ excluded }) => excluded)) {
    const [cx, cy] = [x(point.x), clamp(point.y)];
    const text = placer.put(`${point.name} kept out`, { fill: "var(--bad)" }, [{ x: cx - 9, y: cy - 8, anchor: "end" }, { x: cx + 9, y: cy + 4, anchor: "start" }, { x: cx + 9, y: cy + 18, anchor: "start" }, { x: cx, y: cy - 14, anchor: "middle" }]);
    if (text) svg.append(text);
  }
  if (data.expectation) {
    const shown = clip(data.expectation.points, y.domain);
    const spots = [0.3, 0.5, 0.15, 0.7].flatMap((share) => {
      const [a, b] = [shown[0], shown.at(-1)];
      if (!a || !b) return [];
      const [px, py] = [x(a.x) + (x(b.x) - x(a.x)) * share, clamp(a.y) + (clamp(b.y) - clamp(a.y)) * share];
      return [{ x: px + 8, y: py + 16, anchor: "start" as const }, { x: px - 8, y: py - 8, anchor: "end" as const }];
    });
    const text = placer.put(data.expectation.label, { fill: "var(--ink)" }, spots);
    if (text) svg.append(text);
  }
  const named = other ? [[own.curves, own.name, "var(--accent)"], [other.curves, other.name, "var(--ink2)"]] as const : [[own.curves, "fit", "var(--accent)"]] as const;
  for (const [curves, name, fill] of named) {
    const samples = curves.flat();
    const spots = [0.72, 0.5, 0.85, 0.3, 0.15, 0.95].flatMap((share) => {
      const at = samples[Math.min(samples.length - 1, Math.round(share * (samples.length - 1)))];
      if (!at) return [];
      const [px, py] = [x(at.x), clamp(at.y)];
      return [{ x: px - 12, y: py - 10, anchor: "end" as const }, { x: px + 12, y: py + 18, anchor: "start" as const }, { x: px, y: py - 16, anchor: "middle" as const }, { x: px, y: py + 24, anchor: "middle" as const }];
    });
    const text = placer.put(name, { weight: 600, fill }, spots);
    if (text) svg.append(text);
  }
  svg.setAttribute("data-plot", JSON.stringify({ left: x(x.domain[0]), right: x(x.domain[1]), top, bottom, x: data.x.kind, y: data.y.kind, yDomain: y.domain, xDomain: x.domain }));
  return svg;
}

function drawPoint({ low, high, quiet, excluded }: FitMark, cx: number, cy: number, at: (value: number) => number): SVGElement[] {
  const whisker = excluded ? "var(--bad)" : "var(--ink)";
  const [from, to] = [at(low), at(high)];
  const ends = Math.abs(from - to) < 1 ? [] : [rule(cx, from, cx, to, whisker), rule(cx - 3.5, from, cx + 3.5, from, whisker), rule(cx - 3.5, to, cx + 3.5, to, whisker)];
  return [...ends, excluded ? cross(cx, cy) : quiet ? disc(cx, cy, 4) : ring(cx, cy, 3.4)];
}

/** The part of a line of two points that lies in the view of y, by the straight line between them on log axes. */
function clip(points: ReadonlyArray<{ x: number; y: number }>, [low, high]: readonly [number, number]): Array<{ x: number; y: number }> {
  const [a, b] = points;
  if (!a || !b) return [];
  const floor = Math.max(low, 1e-300);
  if (a.y === b.y) return a.y >= low && a.y <= high ? [a, b] : [];
  const steps = Array.from({ length: 65 }, (_, at) => ({ x: a.x * (b.x / a.x) ** (at / 64), y: a.y * (b.y / a.y) ** (at / 64) }));
  return steps.filter((point) => point.y >= floor && point.y <= high);
}
