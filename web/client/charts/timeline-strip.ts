/** The strip above a timeline: the whole step of the slowest rank in small, with the part in view framed. */
import { s } from "../dom.ts";
import { show } from "../format.ts";
import { fitBars } from "../data/timeline-fit.ts";
import type { Timeline } from "../data/timeline-lanes.ts";
import { bar as box, label, place, rule } from "./kit.ts";
import type { TimelineView } from "./timeline.ts";
import type { TimelineLayout } from "./timeline-layout.ts";

export function drawStrip(svg: SVGSVGElement, timeline: Timeline, { left, right, strip, narrow }: TimelineLayout, { window: [from, to] }: TimelineView): void {
  const { top, bottom } = strip;
  const x = (time_s: number) => left + (time_s / timeline.step_s) * (right - left);
  const group = s("g", { class: "strip" }, box(left, top, right - left, bottom - top, "var(--sunk)"));
  const [slowest] = timeline.roles;
  let y = top + 4;
  for (const lane of slowest?.lanes ?? []) {
    const height = lane.lane === "compute" ? 12 : 3;
    for (const { start_s, end_s, shares } of fitBars(lane, x, 0, timeline.step_s)) {
      let at = y;
      for (const [category, share] of shares) {
        group.append(box(x(start_s), at, Math.max(0.6, x(end_s) - x(start_s)), height * share, `var(--${category})`));
        at += height * share;
      }
    }
    y += height + 1;
    if (y > bottom - 3) break;
  }
  const [a, b] = [x(from), x(to)];
  if (b - a < right - left - 0.5) {
    for (const [start, end] of [[left, a], [b, right]] as const) if (end > start) group.append(box(start, top, end - start, bottom - top, "var(--paper)", { opacity: 0.62 }));
    group.append(box(a, top, Math.max(3, b - a), bottom - top, "none", { stroke: "var(--ink)", "stroke-width": 1 }), ...[a, Math.max(a + 3, b)].map((edge) => rule(place(edge), top + 10, place(edge), bottom - 10, "var(--ink)", { "stroke-width": 4 })));
  }
  svg.append(group, label(0, top + 15, "whole step", { weight: 600, fill: "var(--ink)", size: narrow ? 10.5 : 11 }), label(0, top + 29, show(timeline.step_s, "time", narrow ? 3 : 4), { size: narrow ? 10.5 : 11 }));
}
