/** Step time at the low and the high end of each input's interval, largest swing first: which input to measure next. */
import { scaleLinear } from "d3";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { signedFixed, type Unit } from "../format.ts";
import { bar, crisp, label, root, rule, wrap, type ChartSize } from "./kit.ts";
import { kindMark, type Kind } from "./marks.ts";

export interface TornadoRow {
  path: string;
  label: string;
  kind: Kind;
  range: string;
  low_s: number;
  high_s: number;
  tip: Tip;
}

export interface TornadoData {
  summary: string;
  centre_s: number;
  centreText: string;
  unit: Unit;
  rows: TornadoRow[];
}

export function tornado(data: TornadoData, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const rowHeight = 34;
  const head = 22;
  const height = head + data.rows.length * rowHeight + 4;
  const svg = root(width, height, data.summary);
  const shifts = data.rows.flatMap((row) => [row.low_s - data.centre_s, row.high_s - data.centre_s, 0]);
  const [low, high] = [Math.min(...shifts), Math.max(...shifts)];
  const decimals = decimalsFor((high - low) / data.unit.scale);
  const figure = (value: number) => signedFixed(value / data.unit.scale, decimals);
  const margin = Math.max(...shifts.map((value) => ruler(figure(value)))) + 7;
  const names = Math.min(width * 0.54, 226);
  const x = scaleLinear([low, high === low ? low + 1 : high], [names + margin, width - margin]);
  const zero = x(0);
  data.rows.forEach((row, index) => {
    const middle = head + (index + 0.5) * rowHeight;
    const ends = [row.low_s - data.centre_s, row.high_s - data.centre_s];
    const [least, most] = [Math.min(...ends, 0), Math.max(...ends, 0)];
    const [first = "", second] = wrap(row.label, names - 20, 2, ruler, 12);
    const both = second === undefined ? row.range : `${second} · ${row.range}`;
    const fits = ruler(both, 10.5) <= names - 20;
    const below = fits ? both : row.range;
    const above = fits ? first : (wrap(row.label, names - 20, 1, ruler, 12)[0] ?? "");
    const group = s("g", { class: "mark row", "data-key": `input:${row.path}`, "data-series": "inputs", "data-path": row.path, "data-low": row.low_s, "data-high": row.high_s, "data-tip": tipAttribute(row.tip), tabindex: -1, role: "img", "aria-label": tipText(row.tip) },
      bar(0, middle - rowHeight / 2, width, rowHeight, "transparent", { class: "hover" }), kindMark(row.kind, 5, middle - 6), label(16, middle - 2, above, { size: 12, fill: "var(--ink)" }), label(16, middle + 11, wrap(below, names - 20, 1, ruler, 10.5)[0] ?? "", { size: 10.5 }),
      bar(x(least), middle - 6, Math.max(1, x(most) - x(least)), 12, row.kind === "assumed" ? "var(--assumed)" : "var(--ink3)", { opacity: 0.55 }));
    if (least < 0 && figure(least) !== figure(0)) group.append(label(x(least) - 5, middle + 4, figure(least), { anchor: "end" }));
    if (most > 0 && figure(most) !== figure(0)) group.append(label(x(most) + 5, middle + 4, figure(most)));
    svg.append(group);
  });
  svg.append(rule(crisp(zero), head - 4, crisp(zero), height - 4, "var(--ink)"));
  const half = ruler(data.centreText, 11, 500) / 2;
  svg.append(label(Math.min(Math.max(zero, half), width - half), 12, data.centreText, { anchor: "middle", weight: 500, fill: "var(--ink)" }));
  return svg;
}

const decimalsFor = (span: number): number => (span >= 20 || span === 0 ? 0 : span >= 2 ? 1 : Math.min(4, 1 + Math.ceil(-Math.log10(span / 2))));
