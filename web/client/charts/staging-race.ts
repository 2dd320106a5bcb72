/** Staging as a race: time over nodes, log by log, a line for each strategy, named at its end; hollow points where the share does not fit the node. */
import { line } from "d3";
import type { RaceData, RaceLine } from "../data/input-data.ts";
import { showPlace } from "../data/si.ts";
import { s, tipAttribute, tipText } from "../dom.ts";
import { show } from "../format.ts";
import { crisp, label, root, rule, thinTicks, type ChartSize } from "./kit.ts";
import { alongLine, createPlacer } from "./put-labels.ts";
import { placeAxis, valueAxis } from "./value-axes.ts";

const ticks_s = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 86_400, 864_000, 8_640_000];

type Point = RaceLine["points"][number];

export function stagingRaceChart({ summary, activeNodes, lines }: RaceData, { width, height, ruler }: ChartSize): SVGSVGElement {
  const svg = root(width, height, summary);
  const nodes = lines[0]?.points.map((point) => point.nodes) ?? [1];
  const plot = { left: 52, right: width - Math.max(14, ruler(showPlace(Math.max(...nodes), "")) / 2 + 2), top: 24, bottom: height - 38 };
  const x = placeAxis(nodes, "log", plot.left, plot.right);
  const times = lines.flatMap(({ points }) => points.map(({ time_s }) => time_s)).filter((time_s) => time_s > 0);
  const y = valueAxis(times, "log", plot.bottom, plot.top);
  svg.append(label(0, 12, "time to stage, log"));
  for (const tick of ticks_s.filter((one) => one >= y.domain[0] && one <= y.domain[1])) svg.append(rule(plot.left - 6, crisp(y(tick)), plot.right, crisp(y(tick))), label(plot.left - 9, y(tick) + 4, show(tick, "time", 2), { anchor: "end" }));
  const shown = thinTicks(nodes, x, (tick) => ruler(showPlace(tick, "")), (_, at) => at === 0 || at === nodes.length - 1);
  for (const tick of shown) svg.append(rule(crisp(x(tick)), plot.bottom, crisp(x(tick)), plot.bottom + 4, "var(--line2)"), label(x(tick), plot.bottom + 16, showPlace(tick, ""), { anchor: "middle" }));
  svg.append(label(plot.right, height - 5, "nodes, log", { anchor: "end" }));
  if (activeNodes >= (nodes[0] ?? 1) && activeNodes <= (nodes.at(-1) ?? 1)) svg.append(rule(crisp(x(activeNodes)), plot.top, crisp(x(activeNodes)), plot.bottom, "var(--accent)", { "stroke-dasharray": "2 3" }));
  const placer = createPlacer({ x: plot.left, y: 0, width: width - plot.left, height: plot.bottom }, ruler);
  const drawn = lines.map((one) => ({ one, path: one.points.filter(({ time_s }) => time_s > 0).map((point): [number, number] => [x(point.nodes), y(point.time_s)]) }));
  for (const { path } of drawn) placer.take(...alongLine(path));
  for (const { one, path } of drawn) {
    const colour = one.chosen ? "var(--accent)" : "var(--ink3)";
    svg.append(s("path", { d: line()(path) ?? "", fill: "none", stroke: colour, "stroke-width": one.chosen ? 2.2 : 1.5, "data-strategy": one.strategy }));
    for (const point of one.points) if (point.time_s > 0) svg.append(markOf(one, point, x(point.nodes), y(point.time_s), colour));
  }
  for (const { one, path } of drawn.toSorted((a, b) => Number(b.one.chosen) - Number(a.one.chosen))) {
    const spots = [8, 14, 20].flatMap((away) => path.toReversed().flatMap(([px, py]) => (["end", "middle", "start"] as const).flatMap((anchor) => [{ x: px, y: py - away, anchor }, { x: px, y: py + away + 8, anchor }])));
    const put = placer.put(`${one.name}${one.chosen ? ", as planned" : ""}`, { size: 12, weight: one.chosen ? 600 : 400, fill: one.chosen ? "var(--accent)" : "var(--ink)" }, spots);
    if (put) svg.append(put);
  }
  return svg;
}

function markOf(one: RaceLine, point: Point, cx: number, cy: number, colour: string): SVGGElement {
  const fits = point.held >= 1;
  return s("g", { class: "mark", "data-key": `race:${one.strategy}:${point.nodes}`, "data-series": `race-${one.strategy}`, "data-x": point.nodes, "data-value": point.time_s, tabindex: -1, role: "img", "aria-label": tipText(point.tip), "data-tip": tipAttribute(point.tip) },
    s("circle", { cx, cy, r: 9, fill: "transparent", class: "hover" }), s("circle", { cx, cy, r: 3, fill: fits ? colour : "var(--paper)", stroke: colour, "stroke-width": fits ? 0 : 1.4 }));
}
