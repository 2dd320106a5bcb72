/** Supply of input by stage as bars on a log axis, beside the demand of one GPU as a line: a bar that ends before the line holds the step up. */
import { scaleLog } from "d3";
import type { SupplyData } from "../data/input-data.ts";
import { s, tipAttribute, tipText } from "../dom.ts";
import { show } from "../format.ts";
import { bar, crisp, label, root, rule, wrap, type ChartSize } from "./kit.ts";

export function supplyChart({ summary, rows, demand_samples_per_s: demand }: SupplyData, { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const rowHeight = 38;
  const head = 24;
  const height = head + rows.length * rowHeight + 6;
  const svg = root(width, height, summary);
  const values = [demand, ...rows.map((row) => row.supply_samples_per_s)].filter((value) => value > 0);
  const names = Math.min(width * 0.42, 190);
  const margin = Math.max(...rows.map((row) => ruler(show(row.supply_samples_per_s, "samples"))), 40) + 10;
  const [low, high] = [Math.min(...values) / 3, Math.max(...values)];
  const x = scaleLog([low, high === low ? low * 10 : high], [names, width - margin]);
  const at = x(demand);
  svg.append(rule(crisp(at), head - 6, crisp(at), height - 2, "var(--ink)"));
  rows.forEach((row, index) => {
    const middle = head + (index + 0.5) * rowHeight;
    const end = x(Math.max(low, row.supply_samples_per_s));
    svg.append(s("g", { class: "mark row", "data-key": row.key, "data-series": "supply", "data-value": row.supply_samples_per_s, tabindex: -1, role: "img", "aria-label": tipText(row.tip), "data-tip": tipAttribute(row.tip) },
      bar(0, middle - rowHeight / 2, width, rowHeight, "transparent", { class: "hover" }), label(0, middle - 2, row.name, { size: 12, fill: "var(--ink)" }), label(0, middle + 12, wrap(row.detail, names - 12, 1, ruler, 10.5)[0] ?? "", { size: 10.5 }),
      bar(names, middle - 7, Math.max(1, end - names), 14, row.binds ? "var(--storage)" : "var(--ink3)", { opacity: row.binds ? 1 : 0.45 }), label(end + 6, middle + 4, show(row.supply_samples_per_s, "samples"), { fill: row.binds ? "var(--ink)" : "var(--ink3)", weight: row.binds ? 600 : 400, halo: true })));
  });
  const text = `a GPU takes ${show(demand, "samples")}`;
  const half = ruler(text, 11, 500) / 2;
  svg.append(label(Math.min(Math.max(at, half), width - half), 12, text, { anchor: "middle", weight: 500, fill: "var(--ink)" }));
  return svg;
}
