/**
 * From the analytic step to the simulated one, cause by cause, on an axis of differences: zero is the analytic step. Each bar begins where the one before ended;
 * the last row is where they arrive. Under each name stands why, as far as there is room.
 */
import { scaleLinear } from "d3";
import type { Simulation } from "../../../model/simulate/simulation.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { fixed, join, show, signedFixed, signedPercent, tickText, unitOf } from "../format.ts";
import { closeRounded } from "../data/rounding.ts";
import { bar, crisp, label, root, rule, thinTicks, wrap, type ChartSize } from "./kit.ts";

/** Causes of one rank waiting for another; the rest is of the network. */
const ofDevices: ReadonlySet<string> = new Set(["devices", "jitter", "slow-node"]);

export function causesChart({ analytic_s, step_s, causes }: Pick<Simulation, "analytic_s" | "step_s" | "causes">, { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const unit = unitOf(step_s.mean, "time");
  const decimals = Math.max(1, 3 - Math.floor(Math.log10(step_s.mean / unit.scale)));
  const closed = closeRounded(causes.map(({ time_s }) => time_s / unit.scale), decimals);
  const valueRight = width;
  const valueWidth = Math.max(ruler(fixed(step_s.mean / unit.scale, decimals), 12, 600), ruler("+00.00", 12)) + 12;
  const names = Math.min(width * 0.56, Math.max(...causes.map(({ label: name }) => ruler(name, 12)), 150) + 12);
  // On a narrow page bars have a line of their own under the names.
  const narrow = width < 480;
  const below = narrow ? 17 : 0;
  const [x0, x1] = narrow ? [6, width - 6] : [names, width - valueWidth];
  const sums = causes.reduce((all, { time_s }) => [...all, (all.at(-1) as number) + time_s], [0]);
  const low = Math.min(...sums, 0);
  const high = Math.max(...sums, 0, step_s.mean * 1e-3);
  const room = (high - low) * 0.08;
  const x = scaleLinear([low - room, high + room], [x0, x1]);
  const reasons = causes.map(({ words: why }) => wrap(why, width - 4, 2, ruler));
  const heightOf = (index: number) => 25 + below + 13 * (reasons[index] ?? []).length;
  const head = 26;
  const height = head + causes.reduce((sum, _, index) => sum + heightOf(index), 0) + 2 * 28 + 6;
  const svg = root(width, height, `Analytic step ${show(analytic_s, "time")}, simulated ${show(step_s.mean, "time")}; ${causes.map(({ label: name, time_s }) => `${name} ${signedFixed(time_s / unit.scale, decimals)} ${unit.unit}`).join("; ")}`);
  const ticks = x.ticks(4);
  const words = (tick: number) => (tick > 0 ? `+${tickText(tick, unit)}` : tickText(tick, unit));
  const inside = thinTicks(ticks.filter((tick) => x(tick) - ruler(words(tick)) / 2 >= x0 - 8 && x(tick) + ruler(words(tick)) / 2 <= width - valueWidth), (tick) => x(tick), (tick) => ruler(words(tick)), (tick) => tick === 0);
  for (const tick of inside) svg.append(label(x(tick), 14, words(tick), { anchor: "middle" }), rule(crisp(x(tick)), head, crisp(x(tick)), height - 6, tick === 0 ? "var(--ctl)" : "var(--line)"));
  svg.append(narrow ? "" : label(0, 14, "From analytic"), label(valueRight, 14, unit.unit, { anchor: "end" }), rule(0, head + 0.5, width, head + 0.5, "var(--line2)"));
  const total = (y: number, name: string, time_s: number, at: number) => svg.append(label(0, y + 18, name, { size: 12, weight: 600, fill: "var(--ink)", halo: true }), ...(narrow ? [] : [rule(x(at), y + 6, x(at), y + 22, "var(--ink)", { "stroke-width": 2.2 })]), label(valueRight, y + 18, fixed(time_s / unit.scale, decimals), { size: 12, weight: 600, anchor: "end", fill: "var(--ink)" }));
  let y = head;
  total(y, "Analytic step", analytic_s, 0);
  y += 28;
  causes.forEach(({ id, label: name, time_s, words: why }, index) => {
    const [start, end] = [sums[index] as number, sums[index + 1] as number];
    const tip: Tip = { head: name, rows: [["time", join(signedFixed(time_s / unit.scale, decimals), unit.unit)], ["of analytic", signedPercent(time_s / analytic_s)]], text: `${why}.` };
    const lines = wrap(name, narrow ? width - valueWidth : names - 10, 1, ruler, 12);
    const rowHeight = heightOf(index);
    const group = s("g", { class: "mark row", "data-key": `cause:${id}`, "data-series": "causes", "data-value": time_s, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) },
      bar(0, y + 1, width, rowHeight - 1, "transparent", { class: "hover" }), label(0, y + 15, lines[0] ?? "", { size: 12, fill: "var(--ink)", halo: true }), ...(reasons[index] ?? []).map((line, at) => label(0, y + 30 + below + 13 * at, line, { halo: true })),
      bar(Math.min(x(start), x(end)), y + 5 + below, Math.max(1.2, Math.abs(x(end) - x(start))), 12, ofDevices.has(id) ? "var(--wait)" : "var(--comm)"),
      label(valueRight, y + 15, signedFixed(closed.rows[index] ?? 0, decimals), { size: 12, anchor: "end", fill: "var(--ink)" }));
    svg.append(rule(0, y + 0.5, width, y + 0.5), group);
    y += rowHeight;
  });
  svg.append(rule(0, y + 0.5, width, y + 0.5, "var(--ink)"));
  total(y, "Simulated, mean of draws", step_s.mean, sums.at(-1) as number);
  return svg;
}
