/** Where the time of a training run goes besides training that is kept: a bar for each cause, with its share of all. */
import { scaleLinear } from "d3";
import type { TrainingRun } from "../../../model/index.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { percent, show } from "../format.ts";
import { bar, crisp, label, root, rule, wrap, type ChartSize } from "./kit.ts";

const colours: Readonly<Record<string, string>> = { staging: "var(--storage)", checkpoint: "var(--storage)", load: "var(--storage)", recomputed: "var(--compute)", detection: "var(--wait)", manual: "var(--wait)", wait: "var(--wait)" };

export const lostParts = ({ parts }: Pick<TrainingRun, "parts">): TrainingRun["parts"] => parts.filter(({ id, time_s }) => id !== "useful" && time_s > 0).toSorted((a, b) => b.time_s - a.time_s);

export function runPartsChart(run: TrainingRun, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const parts = lostParts(run);
  const rowHeight = 30;
  const height = Math.max(60, parts.length * rowHeight + 14);
  const svg = root(width, height, "Time lost by cause");
  if (parts.length === 0) {
    svg.append(label(0, 24, "Nothing is lost."));
    return svg;
  }
  const names = Math.min(width * 0.4, Math.max(...parts.map((part) => ruler(part.label, 12))) + 14);
  const values = Math.max(...parts.map((part) => ruler(valueOf(part), 12))) + 10;
  const x = scaleLinear([0, Math.max(...parts.map(({ time_s }) => time_s))], [names, width - values]);
  svg.append(rule(crisp(names), 2, crisp(names), height - 6, "var(--line2)"));
  parts.forEach((part, index) => {
    const middle = index * rowHeight + 18;
    const tip: Tip = { head: part.label, rows: [["time", show(part.time_s, "time")], ["of all", percent(part.share)]] };
    const lines = wrap(part.label, names - 12, 2, ruler, 12);
    svg.append(...lines.map((line, at) => label(names - 8, middle + 4 + (at - (lines.length - 1) / 2) * 13, line, { size: 12, fill: "var(--ink2)", anchor: "end" })),
      s("g", { class: "mark", "data-key": `part:${part.id}`, "data-series": "parts", "data-x": index, "data-value": part.time_s, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) },
        s("rect", { x: 0, y: middle - rowHeight / 2, width, height: rowHeight, fill: "transparent", class: "hover" }), bar(names + 1, middle - 7, Math.max(1, x(part.time_s) - names - 1), 14, colours[part.id] ?? "var(--other)")),
      label(Math.max(names + 1, x(part.time_s)) + 6, middle + 4, valueOf(part), { size: 12, fill: "var(--ink)" }));
  });
  return svg;
}

const valueOf = ({ time_s, share }: TrainingRun["parts"][number]): string => `${show(time_s, "time")}, ${percent(share, 2)}`;
