/** Share of the time that is kept over the interval between checkpoints, log: what is lost below it by cause, the band of what is not known, the best interval and the flat region around it. */
import { area, line, scaleLinear, scaleLog } from "d3";
import type { TrainingRun } from "../../../model/index.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { percent, show } from "../format.ts";
import { crisp, label, overlaps, root, rule, textBox, thinTicks, type Box, type ChartSize } from "./kit.ts";
import { diamond, ring } from "./marks.ts";

type Place = TrainingRun["curve"][number];

const ticks_s = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 432_000, 864_000, 2_592_000, 8_640_000];

export function goodputChart(run: TrainingRun, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const height = 300;
  const { curve, interval } = run;
  const svg = root(width, height, "Share of the time that is kept over the interval between checkpoints");
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last || interval === null) return svg;
  const plot = { left: 44, right: width - 14, top: 40, bottom: height - 40 };
  const x = scaleLog([first.interval_s, last.interval_s], [plot.left, plot.right]);
  const lowest = Math.min(...curve.map(({ low80 }) => low80));
  const floor = lowest > 0.5 ? Math.floor((lowest - 0.02) * 10) / 10 : 0;
  const y = scaleLinear([Math.max(0, floor), 1], [plot.bottom, plot.top]);
  svg.append(label(0, 12, "of the time kept"));
  // The flat region first: everything else lies on it.
  const flat = { left: Math.max(plot.left, x(interval.flat.low_s)), right: Math.min(plot.right, x(interval.flat.high_s)) };
  svg.append(s("rect", { x: flat.left, y: plot.top, width: Math.max(1, flat.right - flat.left), height: plot.bottom - plot.top, fill: "var(--accent-bg)", "data-flat": `${interval.flat.low_s},${interval.flat.high_s}` }));
  for (const tick of y.ticks(5)) svg.append(label(plot.left - 8, y(tick) + 4, percent(tick, 2), { anchor: "end" }), rule(plot.left, crisp(y(tick)), plot.right, crisp(y(tick)), tick === y.domain()[0] ? "var(--line2)" : "var(--line)"));
  const inside = ticks_s.filter((tick) => tick >= first.interval_s && tick <= last.interval_s);
  const shown = inside.filter((tick) => x(tick) + ruler(show(tick, "time", 2)) / 2 <= width && x(tick) - ruler(show(tick, "time", 2)) / 2 >= plot.left - 20);
  for (const tick of thinTicks(shown, (one) => x(one), (one) => ruler(show(one, "time", 2)), () => false)) svg.append(label(x(tick), plot.bottom + 17, show(tick, "time", 2), { anchor: "middle" }), rule(crisp(x(tick)), plot.bottom, crisp(x(tick)), plot.bottom + 4, "var(--line2)"));
  svg.append(label(plot.right, height - 5, "between checkpoints, log", { anchor: "end" }));
  svg.append(s("path", { d: area<Place>((one) => x(one.interval_s), (one) => y(Math.max(floor, one.low80)), (one) => y(one.high80))([...curve]) ?? "", fill: "var(--accent)", opacity: "var(--band)" }));
  svg.append(s("path", { d: line<Place>((one) => x(one.interval_s), (one) => y(Math.max(floor, one.effective)))([...curve]) ?? "", fill: "none", stroke: "var(--accent)", "stroke-width": 2 }));
  const at = (interval_s: number): Place => curve.reduce((near, one) => (Math.abs(Math.log(one.interval_s / interval_s)) < Math.abs(Math.log(near.interval_s / interval_s)) ? one : near), first);
  const taken: Box[] = [];
  const put = (cx: number, content: string, fill: string): void => {
    const anchors = ["middle", "start", "end"] as const;
    for (const anchor of anchors) {
      const style = { size: 12, weight: 600, fill, anchor, halo: true };
      const box = textBox(cx, 28, content, ruler, style);
      if (box.x < 0 || box.x + box.width > width || taken.some((other) => overlaps(box, other, 6))) continue;
      taken.push(box);
      svg.append(label(cx, 28, content, style));
      return;
    }
  };
  const reference = (interval_s: number, name: string, fill: string, dash: string | null): void => {
    if (interval_s < first.interval_s || interval_s > last.interval_s) return;
    svg.append(rule(crisp(x(interval_s)), plot.top - 6, crisp(x(interval_s)), plot.bottom, fill, dash === null ? {} : { "stroke-dasharray": dash }));
    put(x(interval_s), name, fill);
  };
  const best = at(interval.best_s);
  const apart = Math.abs(Math.log(interval.used_s / interval.best_s)) > 0.05;
  reference(interval.best_s, `best ${show(interval.best_s, "time")}`, "var(--accent)", null);
  if (apart) reference(interval.used_s, `as planned ${show(interval.used_s, "time")}`, "var(--ink)", "3 3");
  for (const one of curve) svg.append(markOf(one, x(one.interval_s), y(Math.max(floor, one.effective)), plot));
  svg.append(diamond(x(interval.best_s), y(Math.max(floor, best.effective)), 5.6));
  if (apart && interval.used_s >= first.interval_s && interval.used_s <= last.interval_s) svg.append(ring(x(interval.used_s), y(Math.max(floor, run.effective.value)), 4.6));
  return svg;
}

function markOf(one: Place, cx: number, cy: number, plot: { top: number; bottom: number }): SVGGElement {
  const tip: Tip = { head: `${show(one.interval_s, "time")} between checkpoints`, rows: [["kept", percent(one.effective)], ["80\u202f%", `${percent(one.low80)} to ${percent(one.high80)}`], ["held by checkpoints", percent(one.lost.checkpoint, 2)], ["done again", percent(one.lost.recomputed, 2)], ["down", percent(one.lost.down, 2)], ["loading", percent(one.lost.load, 2)]] };
  return s("g", { class: "mark", "data-key": `interval:${one.interval_s}`, "data-series": "intervals", "data-x": one.interval_s, "data-value": one.effective, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) },
    s("rect", { x: cx - 5, y: plot.top, width: 10, height: plot.bottom - plot.top, fill: "transparent", class: "hover" }), s("circle", { cx, cy, r: 2, fill: "var(--accent)" }));
}
