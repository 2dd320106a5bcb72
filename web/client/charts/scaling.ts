/**
 * Throughput against device count. Log by log hides what matters, so a lens shows the active count on a linear axis, and an efficiency chart stands beside it.
 * Predicted points are open diamonds on a solid line with their 95 and 80 % bands; published ones are discs; the ideal is one device times the count.
 */
import { area, line, scaleLinear, scaleLog } from "d3";
import type { Estimate } from "../../../model/prediction.ts";
import { count, tickText, type Unit } from "../format.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { deviceAxis, deviceScale, type Count } from "./device-axis.ts";
import { crisp, label, overlaps, place, root, rule, textBox, type Box, type ChartSize, type TextStyle } from "./kit.ts";
import { drawLens, lensHeight, type LensRow } from "./lens.ts";
import { diamond, disc } from "./marks.ts";
import { alongLine } from "./put-labels.ts";

export interface ScalingPoint extends Count, Estimate {
  tip: Tip;
}

export interface ScalingSeries {
  id: string;
  name: string;
  colour: string;
  points: ScalingPoint[];
}

export interface PublishedMark {
  devices: number;
  value: number;
  low?: number;
  high?: number;
  text: string;
  /** The published value belongs to a series; its label says so only where there are several. */
  series: string;
  /** Other settings than the curve's, so it is not expected on it. */
  elsewhere: boolean;
  tip: Tip;
}

export interface ScalingData {
  summary: string;
  unit: Unit;
  axisName: string;
  series: ScalingSeries[];
  /** The unchanged scenario, dashed. */
  baseline: Array<{ devices: number; value: number }> | null;
  published: PublishedMark[];
  active: number;
  x: "log" | "linear";
  y: "log" | "linear";
  lens: { title: string; rows: LensRow[]; ideal: number | null };
}

export function scalingChart(data: ScalingData, size: ChartSize): SVGSVGElement {
  const { width, height, ruler } = size;
  const [main] = data.series;
  const svg = root(width, height, data.summary);
  if (main === undefined) return svg;
  const values = data.series.flatMap((series) => series.points.map((point) => point.value)).concat(data.published.map((mark) => mark.value));
  const lastPoint = main.points.at(-1);
  const firstPoint = main.points[0];
  const ideal = firstPoint && lastPoint ? (firstPoint.value / firstPoint.devices) * lastPoint.devices : 0;
  const high = Math.max(...values, ideal, ...main.points.map((point) => point.high95));
  const low = Math.min(...values);
  const makeY = (bottom: number, top: number) => (data.y === "log" ? scaleLog([low / 1.6, high * 1.7], [bottom, top]) : scaleLinear([0, high * 1.06], [bottom, top]));
  const yTicks = data.y === "log" ? powersOfTen(low / 1.6 / data.unit.scale, high * 1.7 / data.unit.scale).map((tick) => tick * data.unit.scale) : makeY(0, 1).ticks(6);
  const left = Math.max(38, ...yTicks.map((tick) => ruler(tickText(tick, data.unit)) + 10)) + 6;
  const right = width - 26;
  const top = 26;
  const bottom = height - 38;
  const x = deviceScale(main.points, data.x, left, right);
  const y = makeY(bottom, top);
  const taken: Box[] = [];

  const axis = deviceAxis(main.points, x, data.active, top, bottom, left, ruler);
  svg.append(axis.grid, ...yTicks.map((tick) => rule(left - 6, crisp(y(tick)), right, crisp(y(tick)))), ...yTicks.map((tick) => label(left - 12, y(tick) + 4, tickText(tick, data.unit), { anchor: "end" })));
  svg.append(axis.ticks, label(0, 11, data.axisName));

  const first = main.points[0] as ScalingPoint;
  const path = line<{ devices: number; value: number }>((point) => place(x(point.devices)), (point) => place(y(point.value)));
  const last = main.points.at(-1) as ScalingPoint;
  const idealAt = (devices: number) => (first.value / first.devices) * devices;
  const samples = data.x === data.y ? [first.devices, last.devices] : Array.from({ length: 41 }, (_, index) => x.invert(x(first.devices) + ((x(last.devices) - x(first.devices)) * index) / 40));
  svg.append(s("path", { d: path(samples.map((devices) => ({ devices, value: idealAt(devices) }))), fill: "none", stroke: "var(--ctl)", "stroke-width": 1 }));
  for (const series of data.series.toReversed()) {
    for (const ends of [["low95", "high95"], ["low80", "high80"]] as const) {
      const band = area<ScalingPoint>((point) => place(x(point.devices)), (point) => place(y(Math.max(point[ends[0]], low / 1.6))), (point) => place(y(point[ends[1]])));
      svg.append(s("path", { d: band(series.points), fill: series.colour, opacity: "var(--band)", "data-band": ends[0].slice(3) }));
    }
  }
  if (data.baseline) svg.append(s("path", { d: path(data.baseline), fill: "none", stroke: "var(--ink2)", "stroke-width": 1.4, "stroke-dasharray": "5 3" }));
  for (const series of data.series.toReversed()) {
    svg.append(s("path", { d: path(series.points), fill: "none", stroke: series.colour, "stroke-width": series === main ? 2 : 1.4, "stroke-linejoin": "round" }));
  }

  const marks = s("g", {});
  for (const series of data.series.toReversed()) {
    for (const point of series.points) {
      const [cx, cy] = [x(point.devices), y(point.value)];
      taken.push({ x: cx - 6, y: cy - 6, width: 12, height: 12 });
      marks.append(s("g", { class: "mark", "data-key": `${series.id}:${point.devices}`, "data-series": series.id, "data-devices": point.devices, "data-value": point.value, "data-tip": tipAttribute(point.tip), tabindex: -1, role: "img", "aria-label": tipText(point.tip) },
        s("circle", { cx: place(cx), cy: place(cy), r: 11, fill: "transparent" }), diamond(cx, cy, 4.6, series.colour)));
    }
  }
  const activePoint = main.points.find((point) => point.devices === data.active) ?? last;
  const [ax, ay] = [x(activePoint.devices), y(activePoint.value)];

  const lens = { width: Math.min(252, (right - left) * 0.56), height: lensHeight(data.lens.rows.length) };
  const lensBox: Box = { x: right - lens.width, y: bottom - lens.height - 14, ...lens };
  const clear = data.series.every((series) => series.points.every((point) => x(point.devices) < lensBox.x - 8 || y(point.low95) < lensBox.y - 6));
  const lensShown = lens.width > 190 && clear && data.y === "log" && data.lens.rows.length > 0;
  if (lensShown) {
    taken.push(lensBox);
    const tie = ax > lensBox.x ? rule(crisp(ax), ay + 11, crisp(ax), lensBox.y, "var(--ink)") : rule(ax + 7, ay + 9, lensBox.x, lensBox.y, "var(--ink3)");
    svg.append(tie, s("g", { class: "lens", transform: `translate(${place(lensBox.x)},${place(lensBox.y)})` }, drawLens(data.lens, lens.width, lens.height, data.unit, ruler)));
  }

  for (const mark of data.published) {
    const [cx, cy] = [x(mark.devices), y(mark.value)];
    const whisker = mark.low !== undefined && mark.high !== undefined ? [rule(cx, y(mark.low), cx, y(mark.high), "var(--ink)")] : [];
    const shape = mark.elsewhere ? disc(cx, cy, 4, { fill: "var(--paper)", stroke: "var(--ink)", "stroke-width": 1.4 }) : disc(cx, cy, 4.6, { stroke: "var(--paper)", "stroke-width": 1 });
    marks.append(s("g", { class: "mark", "data-key": `published:${mark.series}:${mark.devices}:${mark.text}`, "data-series": `published-${mark.series}`, "data-devices": mark.devices, "data-value": mark.value, "data-tip": tipAttribute(mark.tip), tabindex: -1, role: "img", "aria-label": tipText(mark.tip) },
      s("circle", { cx: place(cx), cy: place(cy), r: 11, fill: "transparent" }), ...whisker, shape));
    taken.push({ x: cx - 6, y: cy - 6, width: 12, height: 12 });
  }
  svg.append(s("circle", { cx: place(ax), cy: place(ay), r: 10.5, fill: "none", stroke: "var(--ink)", "stroke-width": 1, "data-active": data.active }), marks);

  // Labels keep off marks, other labels and lines; one that finds no room is left out.
  for (const series of data.series) taken.push(...alongLine(series.points.map((point) => [x(point.devices), y(point.value)])));
  if (data.baseline) taken.push(...alongLine(data.baseline.map((point) => [x(point.devices), y(point.value)])));
  const put = (content: string, style: TextStyle, spots: ReadonlyArray<{ x: number; y: number; anchor: "start" | "middle" | "end" }>) => {
    for (const spot of spots) {
      const full = { ...style, anchor: spot.anchor, halo: true };
      const box = textBox(spot.x, spot.y, content, ruler, full);
      if (box.x < left - 4 || box.x + box.width > width || box.y < 14 || box.y + box.height > bottom + 4) continue;
      if (taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      svg.append(label(spot.x, spot.y, content, full));
      return;
    }
  };
  const labelled = new Set<string>();
  for (const mark of data.published.toSorted((a, b) => b.devices - a.devices)) {
    if (labelled.has(mark.series)) continue;
    labelled.add(mark.series);
    const [cx, cy] = [x(mark.devices), y(mark.value)];
    const own = mark.series === main.id;
    put(own ? `${mark.text} published` : mark.text.split("\u00a0")[0] ?? "", { size: 12, weight: 600, fill: "var(--ink)" }, own
      ? [{ x: cx - 14, y: cy - 8, anchor: "end" }, { x: cx - 14, y: cy - 16, anchor: "end" }, { x: cx - 22, y: cy + 26, anchor: "end" }, { x: cx + 12, y: cy + 4, anchor: "start" }]
      : [{ x: width - 1, y: cy + 22, anchor: "end" }, { x: cx + 9, y: cy + 4, anchor: "start" }, { x: cx - 12, y: cy + 22, anchor: "end" }]);
  }
  if (lensShown) taken.push(...alongLine(ax > lensBox.x ? [[ax, ay], [ax, lensBox.y]] : [[ax, ay], [lensBox.x, lensBox.y]]));
  for (const series of data.series) {
    const colour = series.colour;
    const inner = series.points.slice(1, -1).filter((point) => x(point.devices) < left + (right - left) * 0.6).toReversed();
    const above = inner.map((point) => ({ x: x(point.devices) - 6, y: y(point.value) - 12, anchor: "end" as const }));
    const below = inner.map((point) => ({ x: x(point.devices) + 14, y: y(point.value) + 18, anchor: "start" as const }));
    if (data.series.length > 1 || data.baseline) put(series.name, { weight: 600, fill: colour }, series === main ? [...above, ...below] : [...below, ...above]);
  }
  const idealSpots = [0.8, 0.72, 0.64, 0.3, 0.2, 0.45].map((share) => {
    const devices = x.invert(left + (right - left) * share);
    return { x: left + (right - left) * share - 12, y: y(Math.max(idealAt(devices), low / 1.6)) - 8, anchor: "end" as const };
  });
  put(`ideal, from ${count(first.devices)} ${first.devices === 1 ? "GPU" : "GPUs"}`, {}, idealSpots);
  svg.setAttribute("data-side", "above-left");
  svg.setAttribute("data-plot", JSON.stringify({ left: x(first.devices), right: x(last.devices), top, bottom, x: data.x, y: data.y, yDomain: y.domain(), xDomain: [first.devices, last.devices] }));
  return svg;
}

export function powersOfTen(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.ceil(Math.log10(low)); power <= Math.log10(high); power++) ticks.push(10 ** power);
  const step = Math.ceil(ticks.length / 7);
  return ticks.filter((_, index) => (ticks.length - 1 - index) % step === 0);
}
