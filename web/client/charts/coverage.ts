/** What intervals promise (the tick) beside what they held (the bar), a row for each promise of each kind of network. */
import { scaleLinear } from "d3";
import { kindWords, type Validation } from "../data/validation-data.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { count, fixed, percent } from "../format.ts";
import { bar, crisp, label, root, rule, type ChartSize } from "./kit.ts";

const promises = [0.8, 0.95] as const;
const tall = 22;

export function coverageChart(byKind: Validation["byKind"], { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const rows = byKind.flatMap(({ kind, errors }) => promises.map((promise) => ({ words: kindWords[kind], promise, held: promise === 0.8 ? errors.coverage80 : errors.coverage95, points: errors.points, first: promise === promises[0] })));
  const [left, right] = [Math.max(0, ...rows.map(({ words }) => ruler(words, 12))) + 58, width - 54];
  const top = 6;
  const bottom = top + rows.length * tall;
  const svg = root(width, bottom + 22, "What intervals promise and what they held");
  const x = scaleLinear([0, 1], [left, right]);
  for (const tick of [0, 0.5, 1]) svg.append(rule(crisp(x(tick)), top, crisp(x(tick)), bottom), label(x(tick), bottom + 16, `${100 * tick}${tick === 1 ? " %" : ""}`, { anchor: "middle" }));
  rows.forEach(({ words, promise, held, points, first }, at) => {
    const y = top + at * tall;
    const tip: Tip = { head: words, rows: [["promised", percent(promise, 2)], ["held", percent(held, 3)], ["points", `${count(Math.round(held * points))} of ${count(points)}`]] };
    if (first) svg.append(rule(0, crisp(y), width, crisp(y)), label(0, y + 15, words, { size: 12, fill: "var(--ink)" }));
    svg.append(label(left - 10, y + 15, `${100 * promise} %`, { anchor: "end" }), label(width, y + 15, `${fixed(100 * held, 0)} %`, { anchor: "end", size: 12, weight: 600, fill: "var(--ink)" }),
      s("g", { class: "mark row", "data-key": `coverage:${words}:${promise}`, "data-series": "coverage", "data-x": `${words}:${promise}`, "data-value": held, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) },
        bar(0, y + 1, width, tall - 2, "transparent"), bar(x(0), y + 7, x(held) - x(0), 9, "var(--accent)", { opacity: 0.75 }), bar(x(promise) - 1, y + 3, 2, 17, "var(--ink)")));
  });
  return svg;
}
