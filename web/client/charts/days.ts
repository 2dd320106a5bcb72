/** Days to train as the distribution of the drawn runs: a histogram with the middle half and nine in ten marked, and the run in which nothing fails. */
import { bin, scaleLinear } from "d3";
import type { TrainingRun } from "../../../model/index.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { count, percent, show } from "../format.ts";
import { bar, crisp, label, overlaps, root, rule, textBox, thinTicks, type Box, type ChartSize } from "./kit.ts";

const day_s = 86_400;

/** Bins of the drawn times; the longest hundredth is gathered in the last, or it would flatten the others. */
export function dayBins({ drawn_s }: Pick<TrainingRun, "drawn_s">): Array<{ low_s: number; high_s: number; runs: number; open: boolean }> {
  const cut = drawn_s[Math.floor(drawn_s.length * 0.99)] ?? 1;
  const low = drawn_s[0] ?? 0;
  const scale = scaleLinear([low, cut], [0, 1]).nice(30);
  const [from = low, to = cut] = scale.domain();
  const bins = bin<number, number>().domain([from, to]).thresholds(scale.ticks(30))(drawn_s.filter((time_s) => time_s <= to));
  const made = bins.filter((one) => (one.x1 ?? 0) > (one.x0 ?? 0)).map((one) => ({ low_s: one.x0 ?? from, high_s: one.x1 ?? to, runs: one.length, open: false }));
  const over = drawn_s.filter((time_s) => time_s > to).length;
  const final = made.at(-1);
  if (final !== undefined && over > 0) made[made.length - 1] = { ...final, runs: final.runs + over, open: true };
  return made;
}

export function daysChart(run: TrainingRun, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const height = 300;
  const svg = root(width, height, "Drawn runs by the time they take");
  const bins = dayBins(run);
  const [first, last] = [bins[0], bins.at(-1)];
  if (!first || !last) return svg;
  const plot = { left: 36, right: width - 14, top: 62, bottom: height - 40 };
  const whole = Math.min(first.low_s, run.work_s);
  const x = scaleLinear([whole, last.high_s], [plot.left, plot.right]);
  const most = Math.max(...bins.map(({ runs }) => runs));
  const y = scaleLinear([0, most], [plot.bottom, plot.top]);
  const unit = run.days.p50 >= 2 ? { name: "days", scale: day_s } : run.days.p50 * 24 >= 2 ? { name: "hours", scale: 3600 } : { name: "minutes", scale: 60 };
  svg.append(label(0, 12, "drawn runs"));
  for (const tick of y.ticks(4).filter(Number.isInteger)) svg.append(label(plot.left - 8, y(tick) + 4, count(tick), { anchor: "end" }), rule(plot.left, crisp(y(tick)), plot.right, crisp(y(tick)), tick === 0 ? "var(--line2)" : "var(--line)"));
  const days = scaleLinear([whole / unit.scale, last.high_s / unit.scale], [plot.left, plot.right]);
  for (const tick of thinTicks(days.ticks(8), (one) => days(one), (one) => ruler(count(one)), () => false)) svg.append(label(days(tick), plot.bottom + 17, count(tick), { anchor: "middle" }));
  svg.append(label(plot.right, height - 5, unit.name, { anchor: "end" }));
  const { p05, p25, p50, p75, p95 } = run.days;
  const within = (low: number, high: number, from: number, to: number): boolean => (low + high) / 2 >= from * day_s && (low + high) / 2 <= to * day_s;
  for (const { low_s, high_s, runs, open } of bins) {
    const opacity = within(low_s, high_s, p25, p75) ? 1 : within(low_s, high_s, p05, p95) ? 0.66 : 0.36;
    const tip: Tip = { head: `${show(low_s, "time")} ${open ? "and more" : `to ${show(high_s, "time")}`}`, rows: [["drawn runs", count(runs)], ["of all", percent(runs / run.drawn_s.length, 2)]], ...(open ? { text: "The longest runs are gathered here." } : {}) };
    const [left, right] = [x(low_s), x(high_s)];
    svg.append(s("g", { class: "mark", "data-key": `days:${low_s}`, "data-series": "days", "data-x": low_s, "data-value": runs, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) },
      s("rect", { x: left, y: plot.top, width: Math.max(1, right - left), height: plot.bottom - plot.top, fill: "transparent", class: "hover" }), bar(left + 0.5, y(runs), Math.max(1, right - left - 1), plot.bottom - y(runs), "var(--accent)", { opacity })));
  }
  // Above the bars: nine in ten as a line, the middle half as a bar, the median as a tick; beside them the run without loss.
  const row = 50;
  svg.append(rule(x(p05 * day_s), row, x(Math.min(p95 * day_s, last.high_s)), row, "var(--ink)"), bar(x(p25 * day_s), row - 2.5, x(p75 * day_s) - x(p25 * day_s), 5, "var(--ink)"), rule(crisp(x(p50 * day_s)), row - 7, crisp(x(p50 * day_s)), plot.bottom, "var(--ink)"));
  const taken: Box[] = [];
  const put = (cx: number, content: string, weight: number, fill: string): void => {
    for (const anchor of ["middle", "end", "start"] as const) {
      const style = { size: 12, weight, fill, anchor, halo: true };
      const box = textBox(cx, 36, content, ruler, style);
      if (box.x < 0 || box.x + box.width > width || taken.some((other) => overlaps(box, other, 8))) continue;
      taken.push(box);
      svg.append(label(cx, 36, content, style));
      return;
    }
  };
  put(x(p50 * day_s), `half within ${show(p50 * day_s, "time")}`, 600, "var(--ink)");
  svg.append(rule(crisp(x(run.work_s)), row - 4, crisp(x(run.work_s)), plot.bottom, "var(--ctl)", { "stroke-dasharray": "3 3" }));
  put(x(run.work_s), `steps alone ${show(run.work_s, "time")}`, 400, "var(--ink3)");
  return svg;
}
