/** Measured over fit, less one, on a linear axis below the curve, where a log axis would hide it. Shaded: five per cent. A point that lies outside is put on the edge with its value. */
import { scaleLinear } from "d3";
import { s, tipAttribute, tipText } from "../dom.ts";
import { signedFixed, signedPercent } from "../format.ts";
import type { FitMark } from "./fit.ts";
import { bar, crisp, label, place, root, rule, type ChartSize } from "./kit.ts";
import { cross, disc, ring } from "./marks.ts";
import { createPlacer } from "./put-labels.ts";
import { drawPlaceAxis, endRoom, placeAxis, type AxisKind } from "./value-axes.ts";

export interface ResidualData {
  summary: string;
  x: { unit: string; name: string; kind: AxisKind };
  points: Array<FitMark & { residual: number }>;
  /** Places of the other calibration, so that both charts have one axis. */
  alsoAt: readonly number[];
  breaks: number[];
  /** Left edge of the plot above. */
  left: number;
}

export function residualChart(data: ResidualData, size: ChartSize): SVGSVGElement {
  const { width, height, ruler } = size;
  const svg = root(width, height, data.summary);
  const [top, bottom] = [8, height - 24];
  const places = [...data.points.map((point) => point.x), ...data.alsoAt];
  const right = width - endRoom(places, data.x.unit, ruler);
  const x = placeAxis(places, data.x.kind, data.left, right - 8);
  const within = data.points.filter(({ excluded }) => !excluded).map(({ residual }) => Math.abs(residual));
  const reach = Math.max(0.06, Math.max(0, ...within) * 1.2);
  const y = scaleLinear([-reach, reach], [bottom, top]);
  const horizontal = drawPlaceAxis(x, places, data.x.unit, top, bottom, ruler);
  const ticks = scaleLinear([-reach, reach], [0, 1]).ticks(5);
  svg.append(bar(data.left - 8, y(0.05), right - data.left + 8, y(-0.05) - y(0.05), "var(--sunk)"), ...horizontal.grid,
    ...ticks.map((tick) => rule(data.left - 14, crisp(y(tick)), right, crisp(y(tick)), tick === 0 ? "var(--ctl)" : "var(--line)")),
    ...ticks.map((tick) => label(data.left - 18, y(tick) + 4, tick === 0 ? "0" : `${signedFixed(tick * 100, Math.abs(tick) < 0.01 ? 1 : 0)}\u202f%`, { anchor: "end" })), ...horizontal.ticks,
    ...data.breaks.map((end) => rule(crisp(x(end)), top, crisp(x(end)), bottom, "var(--ctl)", { "stroke-dasharray": "3 3" })));
  const placer = createPlacer({ x: data.left - 8, y: top, width: width - data.left + 8, height: bottom - top }, ruler);
  const outside: Array<{ cx: number; cy: number; words: string }> = [];
  for (const point of data.points) {
    const [cx, cy] = [x(point.x), Math.min(bottom - 5, Math.max(top + 5, y(point.residual)))];
    placer.take({ x: cx - 5, y: cy - 5, width: 10, height: 10 });
    if (Math.abs(point.residual) > reach) outside.push({ cx, cy, words: signedPercent(point.residual) });
    svg.append(s("g", { class: "mark", "data-key": `residual:${point.name}`, "data-series": "residuals", "data-x": point.x, "data-value": point.residual, "data-tip": tipAttribute(point.tip), tabindex: -1, role: "img", "aria-label": tipText(point.tip) },
      s("circle", { cx: place(cx), cy: place(cy), r: 10, fill: "transparent" }), point.excluded ? cross(cx, cy) : point.quiet ? disc(cx, cy, 3.6) : ring(cx, cy, 3)));
  }
  for (const { cx, cy, words } of outside) {
    const text = placer.put(words, { fill: "var(--bad)" }, [{ x: cx + 9, y: cy + 4, anchor: "start" }, { x: cx - 9, y: cy + 4, anchor: "end" }, { x: cx - 9, y: cy + 16, anchor: "end" }]);
    if (text) svg.append(text);
  }
  return svg;
}
