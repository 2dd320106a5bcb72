/** Efficiency on a linear axis from 0 to 100 %, with what is lost above the line divided by term. Always drawn beside a log-log throughput. */
import { area, line, scaleLinear } from "d3";
import type { Estimate } from "../../../model/prediction.ts";
import { count, fixed } from "../format.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { deviceAxis, deviceScale, type Count } from "./device-axis.ts";
import { bar, crisp, label, place, root, rule, type ChartSize } from "./kit.ts";
import { diamond, disc } from "./marks.ts";

export interface EfficiencyPoint extends Count, Estimate {
  /** Lost fraction by term, in the order of `terms`. */
  losses: number[];
  tip: Tip;
}

export interface EfficiencyData {
  summary: string;
  points: EfficiencyPoint[];
  terms: Array<{ label: string; colour: string; opacity: number }>;
  name: string;
  baseline: Array<{ devices: number; value: number }> | null;
  published: Array<{ devices: number; value: number; text: string; tip: Tip }>;
  notes: string[];
  active: number;
  x: "log" | "linear";
}

const rowHeight = 17;

export function efficiencyChart(data: EfficiencyData, size: ChartSize): SVGSVGElement {
  const { width, ruler } = size;
  const active = data.points.find((point) => point.devices === data.active) ?? data.points.at(-1);
  const lost = active === undefined ? [] : data.terms.map((term, index) => ({ ...term, lost: active.losses[index] ?? 0 })).filter((term) => Math.abs(term.lost) >= 5e-4);
  const legendRows = 1 + lost.length + data.notes.length + (data.baseline ? 1 : 0);
  const legendHeight = legendRows * rowHeight + 8;
  const plotBottom = size.height - 38;
  const left = 44;
  const right = width - 26;
  const top = 26;
  const y = scaleLinear([0, 1], [plotBottom, top]);
  const x = deviceScale(data.points, data.x, left, right);
  const legendWidth = Math.min(264, right - left - 8);
  const legendLeft = right - legendWidth;
  const lowest = Math.min(...data.points.filter((point) => x(point.devices) > legendLeft - 12).map((point) => point.low95), ...data.published.map((mark) => mark.value));
  const inside = plotBottom - y(lowest) > legendHeight + 24;
  const height = inside ? size.height : size.height + legendHeight + 6;
  const svg = root(width, height, data.summary);
  if (active === undefined) return svg;

  const axis = deviceAxis(data.points, x, data.active, top, plotBottom, left, ruler);
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  svg.append(axis.grid, ...ticks.map((tick) => rule(left - 6, crisp(y(tick)), right, crisp(y(tick)), tick === 0 ? "var(--line2)" : "var(--line)")), ...ticks.map((tick) => label(left - 12, y(tick) + 4, String(Math.round(tick * 100)), { anchor: "end" })));
  svg.append(axis.ticks, label(0, 11, "% of one GPU"));

  const at = (point: { devices: number }) => place(x(point.devices));
  const clip = (value: number) => place(y(Math.max(0, Math.min(1, value))));
  for (const ends of [["low95", "high95"], ["low80", "high80"]] as const) {
    svg.append(s("path", { d: area<EfficiencyPoint>(at, (point) => clip(point[ends[0]]), (point) => clip(point[ends[1]]))(data.points), fill: "var(--accent)", opacity: "var(--band)" }));
  }
  const upTo = (point: EfficiencyPoint, index: number) => 1 - point.losses.slice(0, index).reduce((sum, value) => sum + Math.max(0, value), 0);
  data.terms.forEach((term, index) => {
    const path = area<EfficiencyPoint>(at, (point) => clip(upTo(point, index)), (point) => clip(upTo(point, index + 1)))(data.points);
    svg.append(s("path", { d: path, fill: term.colour, opacity: term.opacity, class: "loss", "data-term": term.label }));
  });
  const path = line<{ devices: number; value: number }>(at, (point) => clip(point.value));
  for (const end of ["low95", "high95"] as const) {
    svg.append(s("path", { d: path(data.points.map((point) => ({ devices: point.devices, value: point[end] }))), fill: "none", stroke: "var(--accent)", "stroke-width": 0.8, opacity: 0.6 }));
  }
  if (data.baseline) svg.append(s("path", { d: path(data.baseline), fill: "none", stroke: "var(--paper)", "stroke-width": 3.4 }), s("path", { d: path(data.baseline), fill: "none", stroke: "var(--ink2)", "stroke-width": 1.4, "stroke-dasharray": "5 3" }));
  svg.append(s("path", { d: path(data.points), fill: "none", stroke: "var(--accent)", "stroke-width": 2, "stroke-linejoin": "round" }));
  for (const point of data.points) {
    svg.append(s("g", { class: "mark", "data-key": `efficiency:${point.devices}`, "data-series": "efficiency", "data-devices": point.devices, "data-value": point.value, "data-tip": tipAttribute(point.tip), tabindex: -1, role: "img", "aria-label": tipText(point.tip) },
      s("circle", { cx: at(point), cy: clip(point.value), r: 11, fill: "transparent" }), diamond(at(point), clip(point.value), 4.6)));
  }
  for (const mark of data.published) {
    svg.append(s("g", { class: "mark", "data-key": `published:efficiency:${mark.devices}:${mark.text}`, "data-series": "published", "data-devices": mark.devices, "data-value": mark.value, "data-tip": tipAttribute(mark.tip), tabindex: -1, role: "img", "aria-label": tipText(mark.tip) },
      s("circle", { cx: at(mark), cy: clip(mark.value), r: 11, fill: "transparent" }), disc(at(mark), clip(mark.value), 4.6, { stroke: "var(--paper)", "stroke-width": 1 })));
  }
  svg.append(s("circle", { cx: at(active), cy: clip(active.value), r: 10.5, fill: "none", stroke: "var(--ink)", "stroke-width": 1 }));

  const legend = s("g", { transform: `translate(${place(legendLeft)},${inside ? place(Math.max(y(lowest) + 26, plotBottom - legendHeight - 18)) : size.height + 2})` });
  if (inside) legend.append(bar(-8, -2, legendWidth + 14, legendHeight, "var(--paper)"));
  let row = 0;
  const next = () => (row++ + 0.5) * rowHeight + 2;
  const total = 1 - active.value;
  legend.append(label(0, next() + 4, `${fixed(total * 100, 1)} points lost at ${count(active.devices)} ${active.devices === 1 ? "GPU" : "GPUs"}`, { weight: 600, fill: "var(--ink)" }));
  for (const term of lost) {
    const middle = next();
    legend.append(bar(0, middle - 5, 10, 10, term.colour, { opacity: term.opacity }), label(16, middle + 4, term.label, { fill: "var(--ink)" }), label(legendWidth, middle + 4, fixed(term.lost * 100, 1), { anchor: "end", fill: "var(--ink)" }));
  }
  if (data.baseline) {
    const middle = next();
    const before = data.baseline.find((point) => point.devices === active.devices);
    legend.append(rule(0, middle, 12, middle, "var(--ink2)", { "stroke-width": 1.4, "stroke-dasharray": "5 2" }), label(16, middle + 4, `baseline, as run: ${before ? fixed(before.value * 100, 1) : "–"}`, { fill: "var(--ink)" }));
  }
  for (const note of data.notes) {
    const middle = next();
    legend.append(disc(5, middle, 4), label(16, middle + 4, note, { fill: "var(--ink)" }));
  }
  svg.append(legend);
  svg.setAttribute("data-plot", JSON.stringify({ left: x((data.points[0] as EfficiencyPoint).devices), right, top, bottom: plotBottom, x: data.x, y: "linear", yDomain: [0, 1], xDomain: [data.points[0]?.devices, data.points.at(-1)?.devices] }));
  return svg;
}
