/** One value per row: a disc at the median, whiskers from the least to the most, its name before it and its value behind it. */
import { scaleLinear } from "d3";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { showSi } from "../data/si.ts";
import { label, place, root, rule, wrap, type ChartSize } from "./kit.ts";
import { disc } from "./marks.ts";

export interface Level {
  name: string;
  value: number;
  low: number;
  high: number;
  tip: Tip;
}

export interface LevelsData {
  summary: string;
  unit: string;
  levels: readonly Level[];
}

const rowHeight = 24;

export function levelsChart({ summary, unit, levels }: LevelsData, { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const names = levels.map(({ name }) => wrap(name, width * 0.42, 1, ruler, 12)[0] ?? name);
  const values = levels.map(({ value }) => showSi(value, unit));
  const left = Math.max(40, ...names.map((name) => ruler(name, 12))) + 14;
  const right = width - Math.max(...values.map((text) => ruler(text, 12))) - 16;
  const most = Math.max(...levels.map(({ high }) => high));
  const x = scaleLinear([0, most], [left, Math.max(left + 20, right)]);
  const svg = root(width, levels.length * rowHeight + 8, summary);
  svg.append(rule(left, 0, left, levels.length * rowHeight + 8, "var(--line2)"));
  levels.forEach(({ name, value, low, high, tip }, index) => {
    const cy = index * rowHeight + rowHeight / 2 + 4;
    svg.append(label(left - 10, cy + 4, names[index] ?? name, { size: 12, anchor: "end", fill: "var(--ink2)" }), rule(left, cy, x(value), cy, "var(--line2)"),
      s("g", { class: "mark", "data-key": `level:${name}`, "data-x": index, "data-value": value, "data-tip": tipAttribute(tip), tabindex: -1, role: "img", "aria-label": tipText(tip) },
        s("circle", { cx: place(x(value)), cy, r: 11, fill: "transparent" }), rule(x(low), cy, x(high), cy, "var(--ink)"), ...(high > low ? [rule(x(low), cy - 3.5, x(low), cy + 3.5, "var(--ink)"), rule(x(high), cy - 3.5, x(high), cy + 3.5, "var(--ink)")] : []), disc(x(value), cy, 4)),
      label(width, cy + 4, values[index] ?? "", { size: 12, anchor: "end", fill: "var(--ink)" }));
  });
  return svg;
}
