/** Over the lanes: the critical path as a line under the bars it passes through, and the tie from the chosen operation to what it needed. */
import { s } from "../dom.ts";
import { keyOf, type Timeline } from "../data/timeline-lanes.ts";
import { place } from "./kit.ts";
import type { TimelineView, TimeScale } from "./timeline.ts";
import type { LaneRow, TimelineLayout } from "./timeline-layout.ts";

export function drawPath(plot: SVGGElement, timeline: Timeline, layout: TimelineLayout, view: TimelineView, x: TimeScale): void {
  const rows = new Map<string, LaneRow>(layout.roles.flatMap(({ lanes }) => lanes.map((row) => [row.lane.key, row] as const)));
  const under = (key: string): number => {
    const row = rows.get(key);
    return row ? row.top + row.height + 2 : layout.top;
  };
  if (view.path) {
    const line = timeline.path.map(({ lane, start_s, end_s }, index) => `${index === 0 ? "M" : "L"}${place(x(start_s))},${under(lane)}H${place(x(end_s))}`).join("");
    plot.append(s("path", { d: line, fill: "none", stroke: "var(--paper)", "stroke-width": 5, "stroke-linejoin": "round", "pointer-events": "none" }), s("path", { class: "critical-path", d: line, fill: "none", stroke: "var(--ink)", "stroke-width": 2.2, "stroke-linejoin": "round", "pointer-events": "none" }));
  }
  const chosen = view.selected === null ? undefined : timeline.byKey.get(view.selected);
  const needs = chosen?.operation.after === null || chosen === undefined ? undefined : timeline.byKey.get(keyOf(chosen.rank, chosen.operation.after));
  if (!chosen || !needs || needs.operation.lane === chosen.operation.lane) return;
  const middle = ({ lane }: typeof chosen.operation) => {
    const row = rows.get(`${chosen.rank}:${lane}`);
    return row ? row.top + row.height / 2 : layout.top;
  };
  const at = place(x(chosen.operation.start_s));
  plot.append(s("path", { d: `M${at},${middle(needs.operation)}V${middle(chosen.operation)}`, fill: "none", stroke: "var(--accent)", "stroke-width": 1.6, "pointer-events": "none" }), s("circle", { cx: at, cy: middle(needs.operation), r: 2.6, fill: "var(--accent)", "pointer-events": "none" }));
}
