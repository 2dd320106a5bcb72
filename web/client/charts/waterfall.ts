/**
 * The step as a table with a bar in each row: every term begins where the one before ended, overlapped work is hatched and adds nothing, and the rows
 * add up as printed. Columns fall by rank where the page is narrow: what binds, share, difference; term, bar and value stay.
 */
import { scaleLinear } from "d3";
import { fixed, signedFixed, tickText, type Unit } from "../format.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { bar, crisp, hatch, label, place, root, rule, wrap, type ChartSize } from "./kit.ts";
import { baselineTick } from "./marks.ts";

export interface WaterfallRow {
  id: string;
  label: string;
  colour: string;
  opacity: number;
  time_s: number;
  /** As printed, in the unit of the column. */
  printed: number;
  change: number | null;
  share: number;
  binds: string;
  overlapped_s: number;
  overlappedChange: number | null;
  baseline_s: number | null;
  tip: Tip;
}

export interface WaterfallData {
  summary: string;
  unit: Unit;
  decimals: number;
  rows: WaterfallRow[];
  total: { time_s: number; printed: number; low95: number; high95: number; low80: number; high80: number; change: number | null; baseline_s: number | null; note: string; tip: Tip };
}

export function waterfall(data: WaterfallData, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const inColumn = (seconds: number) => seconds / data.unit.scale;
  const names = Math.min(width * (width < 480 ? 0.5 : 0.42), Math.max(...data.rows.map((row) => ruler(row.label, 12)), ruler("All-reduce, overlapped", 12)) + 10);
  const valueWidth = Math.max(ruler(fixed(data.total.printed, data.decimals), 12, 600), 34) + 12;
  const changed = data.total.change !== null;
  const columns = {
    binds: width > 620 ? Math.min(250, (width - names) * (changed ? 0.3 : 0.34)) : 0,
    share: width > 480 ? 56 : 0,
    change: changed && width > 420 ? 60 : 0,
  };
  const x0 = names;
  const x1 = width - valueWidth - columns.binds - columns.share - columns.change - 12;
  const overlapped = data.rows.filter((row) => inColumn(row.overlapped_s) >= 0.5 * 10 ** -data.decimals);
  const end = Math.max(data.total.high95, data.total.time_s, data.total.baseline_s ?? 0) * 1.02;
  const x = scaleLinear([0, end], [x0, x1]);
  const right = { value: x1 + valueWidth, change: x1 + valueWidth + columns.change, share: x1 + valueWidth + columns.change + columns.share };
  const bindsLeft = right.share + 12;
  const wrapped = data.rows.map((row) => (columns.binds > 0 ? wrap(row.binds, width - bindsLeft, 2, ruler) : []));
  const tall = wrapped.some((lines) => lines.length > 1) || (columns.binds > 0 && ruler(data.total.note) > width - bindsLeft);
  const rowHeight = width < 480 ? 27 : tall ? 30 : 24;
  const head = 26;
  const rows = data.rows.length;
  const height = head + (rows + 1 + overlapped.length) * rowHeight + 4;
  const svg = root(width, height, data.summary);
  const definitions = s("defs");
  svg.append(definitions);

  const ticks = scaleLinear([0, end / data.unit.scale], [x0, x1]).ticks(3).map((tick) => tick * data.unit.scale).filter((tick) => tick < end);
  const lastTick = ticks.at(-1);
  let free = right.value - ruler(data.unit.unit) - 10;
  ticks.toReversed().forEach((tick) => {
    const withUnit = `${tickText(tick, data.unit)} ${data.unit.unit}`;
    const words = tick === lastTick && x(tick) + ruler(withUnit) / 2 < free ? withUnit : tickText(tick, data.unit);
    const half = ruler(words) / 2;
    const ends = tick === 0 ? [x(0), x(0) + 2 * half] as const : [x(tick) - half, x(tick) + half] as const;
    if (ends[1] <= free) {
      svg.append(label(tick === 0 ? x(0) : x(tick), 15, words, { anchor: tick === 0 ? "start" : "middle" }));
      free = ends[0] - 6;
    }
    if (tick > 0) svg.append(rule(crisp(x(tick)), head, crisp(x(tick)), height - 4));
  });
  svg.append(label(0, 15, "Term"), label(right.value, 15, data.unit.unit, { anchor: "end" }));
  if (columns.change) svg.append(label(right.change, 15, "vs. base", { anchor: "end" }));
  if (columns.share) svg.append(label(right.share, 15, "share", { anchor: "end" }));
  if (columns.binds) svg.append(label(bindsLeft, 15, "What binds"));
  svg.append(rule(0, head + 0.5, width, head + 0.5, "var(--line2)"));

  let start = 0;
  data.rows.forEach((row, index) => {
    const y = head + index * rowHeight;
    const middle = y + rowHeight / 2;
    const from = x(start);
    start += row.time_s;
    const shown = Math.max(0.8, x(start) - from);
    const group = s("g", { class: "mark row", "data-key": `term:${row.id}`, "data-series": "terms", "data-term": row.id, "data-value": row.time_s, "data-tip": tipAttribute(row.tip), tabindex: -1, role: "img", "aria-label": tipText(row.tip) },
      bar(0, y + 1, width, rowHeight - 1, "transparent", { class: "hover" }),
      label(0, middle + 4, wrap(row.label, names - 8, 1, ruler, 12)[0] ?? "", { size: 12, fill: "var(--ink)" }),
      row.time_s > 0 ? bar(from, middle - 5.5, shown, 11, row.colour, { opacity: row.opacity }) : null,
      row.baseline_s === null || Math.abs(row.baseline_s - row.time_s) * (x1 - x0) < end ? null : baselineTick(place(x(start - row.time_s + row.baseline_s)), middle - 8, middle + 8),
      index < rows - 1 && row.time_s > 0 ? rule(x(start), middle + 5.5, x(start), middle + rowHeight - 5.5, "var(--line2)") : null,
      label(right.value, middle + 4, fixed(row.printed, data.decimals), { size: 12, anchor: "end", fill: row.printed === 0 ? "var(--ink3)" : "var(--ink)" }));
    if (columns.change) group.append(difference(row.change, right.change, middle, data.decimals));
    if (columns.share) group.append(label(right.share, middle + 4, `${fixed(row.share * 100, 1)}\u202f%`, { size: 12, anchor: "end" }));
    const lines = wrapped[index] ?? [];
    lines.forEach((words, at) => group.append(label(bindsLeft, middle + 4 + (at - (lines.length - 1) / 2) * 13, words)));
    svg.append(group, rule(0, y + rowHeight + 0.5, width, y + rowHeight + 0.5, index === rows - 1 ? "var(--ink)" : "var(--line)"));
  });

  const y = head + rows * rowHeight;
  const middle = y + rowHeight / 2;
  const { total } = data;
  const group = s("g", { class: "mark row", "data-key": "term:total", "data-series": "terms", "data-term": "total", "data-value": total.time_s, "data-tip": tipAttribute(total.tip), tabindex: -1, role: "img", "aria-label": tipText(total.tip) },
    bar(0, y + 1, width, rowHeight - 1, "transparent", { class: "hover" }), label(0, middle + 4, "Step time", { size: 12, weight: 600, fill: "var(--ink)" }),
    bar(x(0), middle - 2.5, x(total.time_s) - x(0), 5, "var(--ink)"), bar(x(total.low95), middle - 6, x(total.high95) - x(total.low95), 12, "var(--accent)", { opacity: 0.28 }),
    bar(x(total.low80), middle - 6, x(total.high80) - x(total.low80), 12, "var(--accent)", { opacity: 0.2 }),
    total.baseline_s === null ? null : baselineTick(place(x(total.baseline_s)), middle - 9, middle + 9),
    label(right.value, middle + 4, fixed(total.printed, data.decimals), { size: 12, weight: 600, anchor: "end", fill: "var(--ink)" }));
  if (columns.change) group.append(difference(total.change, right.change, middle, data.decimals));
  if (columns.share) group.append(label(right.share, middle + 4, "100.0\u202f%", { size: 12, weight: 600, anchor: "end", fill: "var(--ink)" }));
  const note = columns.binds ? wrap(total.note, width - bindsLeft, 2, ruler) : [];
  note.forEach((words, at) => group.append(label(bindsLeft, middle + 4 + (at - (note.length - 1) / 2) * 13, words)));
  svg.append(group);

  overlapped.forEach((row, index) => {
    const rowMiddle = y + (index + 1.5) * rowHeight;
    const id = `hatch-${row.id}`;
    definitions.append(hatch(id, row.colour));
    const before = data.rows.slice(0, data.rows.indexOf(row)).reduce((sum, other) => sum + other.time_s, 0);
    const length = x(row.overlapped_s) - x(0);
    const from = Math.max(x(0), x(before) - length);
    svg.append(s("g", { class: "mark row", "data-key": `overlap:${row.id}`, "data-series": "terms", "data-term": `${row.id}-overlapped`, "data-value": row.overlapped_s, "data-tip": tipAttribute(row.tip), tabindex: -1, role: "img", "aria-label": tipText(row.tip) },
      bar(0, rowMiddle - rowHeight / 2 + 1, width, rowHeight - 1, "transparent", { class: "hover" }),
      label(0, rowMiddle + 4, wrap(overlappedName(row.label), names - 8, 1, ruler, 12)[0] ?? "", { size: 12, fill: "var(--ink2)" }),
      s("rect", { x: place(from), y: place(rowMiddle - 5.5), width: place(Math.max(1, Math.min(length, x1 - from))), height: 11, fill: `url(#${id})`, stroke: row.colour, "stroke-width": 1 }),
      label(right.value, rowMiddle + 4, fixed(inColumn(row.overlapped_s), data.decimals), { size: 12, anchor: "end", fill: "var(--ink2)" }),
      columns.change ? difference(row.overlappedChange, right.change, rowMiddle, data.decimals) : null,
      columns.share ? label(right.share, rowMiddle + 4, "–", { size: 12, anchor: "end" }) : null,
      columns.binds ? label(bindsLeft, rowMiddle + 4, row.printed === 0 ? "all of it hidden" : `${fixed((row.overlapped_s / (row.overlapped_s + row.time_s)) * 100, 0)}\u202f% of ${fixed(inColumn(row.overlapped_s + row.time_s), data.decimals)} hidden`) : null));
  });
  return svg;
}

export const overlappedName = (name: string): string => `${name.replace(/, exposed$/i, "").replace(/^exposed /i, "")}, overlapped`;

function difference(change: number | null, x: number, middle: number, decimals: number): SVGTextElement {
  const words = change === null ? "–" : signedFixed(change, decimals);
  const moved = change !== null && Number(Math.abs(change).toFixed(decimals)) !== 0;
  return label(x, middle + 4, words, { size: 12, anchor: "end", ...(moved ? { weight: 600, fill: "var(--ink)" } : {}) });
}
