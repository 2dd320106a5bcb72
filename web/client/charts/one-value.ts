/** A benchmark without a variable: its rows as discs with whiskers, one below the other, and the fitted value with its interval as a band across them. */
import { scaleLinear } from "d3";
import { s, tipAttribute, tipText } from "../dom.ts";
import { showSi, siUnit, tickSi } from "../data/si.ts";
import type { FitMark } from "./fit.ts";
import { bar, crisp, label, place, root, rule, thinTicks, type ChartSize } from "./kit.ts";
import { cross, disc, ring } from "./marks.ts";

export interface OneValueData {
  summary: string;
  unit: string;
  fitted: { value: number; low: number; high: number };
  rows: FitMark[];
  other: { name: string; value: number } | null;
  expectation: { label: string; value: number } | null;
}

export function oneValueChart(data: OneValueData, { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const rowHeight = 26;
  const top = data.other || data.expectation ? 40 : 24;
  const bottom = top + Math.max(1, data.rows.length) * rowHeight + 4;
  const svg = root(width, bottom + 24, data.summary);
  const { value, low, high } = data.fitted;
  const all = [value, low, high, ...data.rows.flatMap((row) => [row.low, row.high, row.y]), ...(data.other ? [data.other.value] : []), ...(data.expectation ? [data.expectation.value] : [])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const margin = Math.max((most - least) * 0.15, most * 0.002);
  const x = scaleLinear([Math.max(0, least - margin), most + margin], [12, width - 24]);
  const unit = siUnit(most, data.unit);
  const text = (tick: number) => tickSi(Number((tick / unit.scale).toPrecision(6)) * unit.scale, data.unit);
  const ticks = thinTicks(x.ticks(6), x, (tick) => ruler(text(tick)), () => false).filter((tick) => x(tick) - ruler(text(tick)) / 2 > 0 && x(tick) + ruler(text(tick)) / 2 < width);
  svg.append(...ticks.map((tick) => rule(crisp(x(tick)), top, crisp(x(tick)), bottom)), ...ticks.map((tick) => label(x(tick), bottom + 16, text(tick), { anchor: "middle" })),
    bar(x(low), top, Math.max(1, x(high) - x(low)), bottom - top, "var(--accent)", { opacity: "var(--band)" }), rule(x(value), top, x(value), bottom, "var(--accent)", { "stroke-width": 2 }));
  const put = (at: number, words: string, y: number, fill: string) => {
    const half = ruler(words, 11, 600) / 2;
    svg.append(label(Math.min(Math.max(x(at), half), width - half), y, words, { anchor: "middle", weight: 600, fill }));
  };
  put(value, `fit ${showSi(value, data.unit)}`, top - 8, "var(--accent)");
  if (data.other) {
    svg.append(rule(x(data.other.value), top - 4, x(data.other.value), bottom, "var(--ink2)", { "stroke-width": 1.4, "stroke-dasharray": "5 3" }));
    put(data.other.value, `${data.other.name} ${showSi(data.other.value, data.unit)}`, top - 24, "var(--ink2)");
  } else if (data.expectation) {
    svg.append(rule(x(data.expectation.value), top - 4, x(data.expectation.value), bottom, "var(--ink)", { "stroke-width": 1.3, "stroke-dasharray": "1 3" }));
    put(data.expectation.value, data.expectation.label, top - 24, "var(--ink)");
  }
  data.rows.forEach((row, index) => {
    const cy = top + (index + 0.5) * rowHeight + 2;
    const whisker = row.excluded ? "var(--bad)" : "var(--ink)";
    svg.append(s("g", { class: "mark", "data-key": `fit:0:${row.name}`, "data-series": "measured", "data-value": row.y, "data-tip": tipAttribute(row.tip), tabindex: -1, role: "img", "aria-label": tipText(row.tip) },
      s("circle", { cx: place(x(row.y)), cy, r: 11, fill: "transparent" }), rule(x(row.low), cy, x(row.high), cy, whisker), rule(x(row.low), cy - 3.5, x(row.low), cy + 3.5, whisker), rule(x(row.high), cy - 3.5, x(row.high), cy + 3.5, whisker),
      row.excluded ? cross(x(row.y), cy) : row.quiet ? disc(x(row.y), cy, 4) : ring(x(row.y), cy, 3.4)));
  });
  return svg;
}
