/** Plans that a search found: step time against free memory. The front is a step line; others are faint; a ring is the plan that is shown. */
import { scaleLinear, scaleLog } from "d3";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { fixed, show, tickText, unitOf } from "../format.ts";
import { crisp, label, place, root, rule, thinTicks, type ChartSize } from "./kit.ts";
import { diamond, ring } from "./marks.ts";

export interface PlanMark {
  id: string;
  step_s: number;
  free_bytes: number;
  front: boolean;
  tip: Tip;
}

export function planFront(marks: readonly PlanMark[], now: { step_s: number; free_bytes: number } | null, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const height = 280;
  const plot = { left: 40, right: width - 14, top: 26, bottom: height - 34 };
  const svg = root(width, height, `${marks.length} plans by step time and free memory`);
  const all = [...marks, ...(now ? [now] : [])];
  const times = all.map(({ step_s }) => step_s);
  const unit = unitOf(Math.max(...times), "time");
  const pad = Math.max((Math.max(...times) - Math.min(...times)) * 0.06, Math.max(...times) * 0.01);
  // A plan that saves memory at many times the step would push all others together.
  const logarithmic = Math.max(...times) > 3 * Math.min(...times);
  const x = logarithmic ? scaleLog([Math.min(...times) * 0.93, Math.max(...times) * 1.08], [plot.left, plot.right]) : scaleLinear([Math.min(...times) - pad, Math.max(...times) + pad], [plot.left, plot.right]);
  const free = all.map(({ free_bytes }) => free_bytes / 2 ** 30);
  const y = scaleLinear([Math.min(0, ...free), Math.max(...free) * 1.08 + 1], [plot.bottom, plot.top]);
  svg.append(label(0, 12, "GiB free"), label(plot.right, height - 4, `step time, ${unit.unit}${logarithmic ? ", log" : ""}`, { anchor: "end" }));
  for (const tick of y.ticks(4)) svg.append(label(plot.left - 8, y(tick) + 4, fixed(tick, 0), { anchor: "end" }), rule(plot.left, crisp(y(tick)), plot.right, crisp(y(tick)), tick === 0 ? "var(--line2)" : "var(--line)"));
  // In the unit of the axis: a third of a minute is no tick.
  const inUnits = x.copy().domain(x.domain().map((time_s) => time_s / unit.scale));
  const ticks = inUnits.ticks(Math.max(2, Math.min(5, (plot.right - plot.left) / 80))).map((tick) => tick * unit.scale);
  const ends = thinTicks(ticks.filter((tick) => x(tick) > plot.left + 8 && x(tick) < plot.right - 8), (tick) => x(tick), (tick) => ruler(tickText(tick, unit)), () => false, 10);
  for (const tick of ends) svg.append(label(x(tick), plot.bottom + 16, tickText(tick, unit), { anchor: "middle" }));
  const front = marks.filter((mark) => mark.front).toSorted((a, b) => a.step_s - b.step_s);
  const path = front.map((mark, index) => (index === 0 ? `M${place(x(mark.step_s))},${place(y(mark.free_bytes / 2 ** 30))}` : `H${place(x(mark.step_s))}V${place(y(mark.free_bytes / 2 ** 30))}`)).join("");
  if (front.length > 1) svg.append(s("path", { d: path, fill: "none", stroke: "var(--accent)", "stroke-width": 1.4 }));
  for (const mark of marks) {
    const at = [x(mark.step_s), y(mark.free_bytes / 2 ** 30)] as const;
    svg.append(s("g", { class: "mark", "data-key": `found:${mark.id}`, "data-series": "plans", "data-plan": mark.id, "data-value": mark.step_s, tabindex: -1, role: "img", "aria-label": tipText(mark.tip), "data-tip": tipAttribute(mark.tip) }, s("circle", { cx: place(at[0]), cy: place(at[1]), r: 9, fill: "transparent" }), diamond(at[0], at[1], 4.6, mark.front ? "var(--accent)" : "var(--ctl)")));
  }
  if (now) svg.append(s("g", { "pointer-events": "none" }, ring(x(now.step_s), y(now.free_bytes / 2 ** 30), 6.5, { fill: "none" }), label(Math.min(Math.max(x(now.step_s), plot.left + 34), plot.right - 34), y(now.free_bytes / 2 ** 30) - 11, `shown: ${show(now.step_s, "time")}`, { anchor: "middle", weight: 600, fill: "var(--ink)", halo: true })));
  return svg;
}
