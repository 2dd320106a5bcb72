/** Parts of a whole as bars, one row each: name, bar, and what stands at its end. */
import { scaleLinear } from "d3";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { bar, crisp, label, root, rule, wrap, type ChartSize } from "./kit.ts";

export interface PartBar {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly shown: string;
  readonly colour: string;
  readonly tip: Tip;
}

export function partBars(rows: readonly PartBar[], title: string, none: string, { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const rowHeight = 30;
  const height = Math.max(60, rows.length * rowHeight + 14);
  const svg = root(width, height, title);
  if (rows.length === 0) {
    svg.append(label(0, 24, none));
    return svg;
  }
  const names = Math.min(width * 0.4, Math.max(...rows.map((row) => ruler(row.label, 12))) + 14);
  const values = Math.max(...rows.map(({ shown }) => ruler(shown, 12))) + 10;
  const x = scaleLinear([0, Math.max(...rows.map(({ value }) => value))], [names, width - values]);
  svg.append(rule(crisp(names), 2, crisp(names), height - 6, "var(--line2)"));
  rows.forEach((row, index) => {
    const middle = index * rowHeight + 18;
    const lines = wrap(row.label, names - 12, 2, ruler, 12);
    svg.append(...lines.map((line, at) => label(names - 8, middle + 4 + (at - (lines.length - 1) / 2) * 13, line, { size: 12, fill: "var(--ink2)", anchor: "end" })),
      s("g", { class: "mark", "data-key": `part:${row.id}`, "data-series": "parts", "data-x": index, "data-value": row.value, tabindex: -1, role: "img", "aria-label": tipText(row.tip), "data-tip": tipAttribute(row.tip) },
        s("rect", { x: 0, y: middle - rowHeight / 2, width, height: rowHeight, fill: "transparent", class: "hover" }), bar(names + 1, middle - 7, Math.max(1, x(row.value) - names - 1), 14, row.colour)),
      label(Math.max(names + 1, x(row.value)) + 6, middle + 4, row.shown, { size: 12, fill: "var(--ink)" }));
  });
  return svg;
}
