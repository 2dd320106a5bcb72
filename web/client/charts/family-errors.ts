/** Errors by family of sources: a row each with a disc a point on one linear axis, its median error as a tick, and its figures. Below 560 px names stand above their row. */
import { median, scaleLinear } from "d3";
import type { FamilyErrors } from "../data/validation-data.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { count, fixed, percent, signedFixed, signedPercent } from "../format.ts";
import { bar, crisp, label, place, root, rule, type ChartSize } from "./kit.ts";
import { disc, ring } from "./marks.ts";

/** Errors beyond it are put on the edge. */
const reach = 0.4;

export function familyErrorsChart(families: readonly FamilyErrors[], inSample: boolean, { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const beside = width >= 560;
  const tall = beside ? 24 : 40;
  const names = Math.max(60, ...families.map(({ family }) => ruler(family, 12)));
  const [left, right] = beside ? [names + 20, width - 150] : [12, width - 12];
  const top = 24;
  const bottom = top + families.length * tall;
  const svg = root(width, bottom + 34, `Errors of ${count(families.length)} families`);
  const x = scaleLinear([-reach, reach], [left, right]);
  svg.append(bar(x(-0.1), top, x(0.1) - x(-0.1), bottom - top, "var(--sunk)"));
  for (const tick of [-0.4, -0.2, 0, 0.2, 0.4]) svg.append(rule(crisp(x(tick)), top, crisp(x(tick)), bottom, tick === 0 ? "var(--ctl)" : "var(--line)"), label(x(tick), bottom + 16, tick === 0 ? "0" : signedFixed(100 * tick, 0), { anchor: "middle" }));
  svg.append(label(right, bottom + 31, "error, %; beyond ±40 on the edge", { anchor: "end" }));
  if (beside) svg.append(label(width - 90, 14, "n", { anchor: "end" }), label(width - 44, 14, "mean", { anchor: "end" }), label(width, 14, "in 95", { anchor: "end" }));
  else svg.append(label(width - 12, 14, "n, mean error, in 95 %", { anchor: "end" }));
  families.forEach((one, row) => {
    const y = top + row * tall;
    const middle = beside ? y + tall / 2 : y + 28;
    const { errors, family } = one;
    const figures = [count(errors.points), fixed(100 * errors.mape, 1), fixed(100 * errors.coverage95, 0)];
    if (beside) [90, 44, 0].forEach((from, at) => svg.append(label(width - from, middle + 4, figures[at] ?? "", { anchor: "end", fill: "var(--ink)" })));
    else svg.append(label(width - 12, y + 14, figures.join(" · "), { anchor: "end", fill: "var(--ink)", halo: true }));
    svg.append(rule(0, crisp(y), width, crisp(y)), label(beside ? 0 : 12, beside ? middle + 4 : y + 14, family, { size: 12, fill: "var(--ink)", halo: !beside }));
    one.points.forEach((point, at) => {
      // Spread over the row, so that points of one error stay apart.
      const cy = middle + ((at % 5) - 2) * (beside ? 3 : 2.4);
      const cx = x(Math.max(-reach, Math.min(reach, point.error)));
      const colour = point.own ? "var(--accent)" : "var(--ink2)";
      svg.append(inSample ? ring(cx, cy, 2, { stroke: colour, "stroke-width": 1, opacity: 0.6 }) : disc(cx, cy, point.own ? 3.4 : 2, { fill: colour, opacity: point.own ? 1 : 0.4 }));
    });
    const middling = Math.max(-reach, Math.min(reach, median(one.points, ({ error }) => error) ?? 0));
    const tip: Tip = { head: family, rows: [["points", `${count(errors.points)} of ${count(errors.series)} series`], ["mean error", percent(errors.mape, 2)], ["median", percent(errors.median, 2)], ["bias", signedPercent(errors.bias)], ["worst", signedPercent(errors.worst)], ["80\u202f% holds", percent(errors.coverage80, 2)], ["95\u202f% holds", percent(errors.coverage95, 2)]] };
    svg.append(s("g", { class: "mark row", "data-key": `family:${family}`, "data-series": "families", "data-x": family, "data-value": errors.mape, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) },
      bar(0, y + 1, width, tall - 2, "transparent"), s("line", { x1: place(x(middling)), x2: place(x(middling)), y1: middle - 8, y2: middle + 8, stroke: "var(--ink)", "stroke-width": 2 })));
  });
  return svg;
}
