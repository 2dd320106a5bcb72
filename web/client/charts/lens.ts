/** The lens: predicted, baseline and published at one count on a linear axis, because a log axis hides a tenth. */
import { scaleLinear } from "d3";
import { inUnit, tickText, type Unit } from "../format.ts";
import { s } from "../dom.ts";
import { bar, crisp, label, overlaps, rule, textBox, type Box, type Ruler } from "./kit.ts";
import { diamond, disc } from "./marks.ts";

export interface LensRow {
  name: string;
  kind: "predicted" | "baseline" | "published";
  value: number;
  low95?: number;
  high95?: number;
  low80?: number;
  high80?: number;
  text: string;
}

const rowHeight = 19;
export const lensHeight = (rows: number): number => 42 + rows * rowHeight;

export function drawLens(data: { title: string; rows: readonly LensRow[]; ideal: number | null }, width: number, height: number, unit: Unit, ruler: Ruler): SVGGElement {
  const group = s("g", {}, s("rect", { x: 0.5, y: 0.5, width: width - 1, height: height - 1, fill: "var(--paper)", stroke: "var(--ink)", "stroke-width": 1 }), label(8, 16, data.title));
  const names = Math.max(...data.rows.map((row) => ruler(row.name, 11))) + 20;
  const figures = Math.max(...data.rows.map((row) => ruler(row.text, 11, 600))) + 16;
  const ends = data.rows.flatMap((row) => [row.value, row.low95 ?? row.value, row.high95 ?? row.value]).concat(data.ideal === null ? [] : [data.ideal]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max((high - low) * 0.06, high * 0.004);
  const x = scaleLinear([low - margin, high + margin], [names, width - figures]);
  const base = 24 + data.rows.length * rowHeight;
  if (data.ideal !== null) group.append(rule(crisp(x(data.ideal)), 24, crisp(x(data.ideal)), base + 2, "var(--ctl)"));
  const idealText = data.ideal === null ? "" : `ideal ${inUnit(data.ideal, unit)}`;
  const idealX = data.ideal === null ? 0 : Math.max(names, Math.min(x(data.ideal), width - 8 - ruler(idealText, 10.5) / 2));
  const idealStyle = { size: 10.5, anchor: "middle" as const };
  const boxes: Box[] = data.ideal === null ? [] : [textBox(idealX, base + 12, idealText, ruler, idealStyle)];
  for (const tick of x.ticks(3)) {
    const words = tickText(tick, unit);
    const box = textBox(x(tick), base + 12, words, ruler, idealStyle);
    if (boxes.some((other) => overlaps(box, other, 6))) continue;
    boxes.push(box);
    group.append(rule(crisp(x(tick)), 24, crisp(x(tick)), base + 2), label(x(tick), base + 12, words, idealStyle));
  }
  if (data.ideal !== null) group.append(label(idealX, base + 12, idealText, idealStyle));
  data.rows.forEach((row, index) => {
    const middle = 24 + (index + 0.5) * rowHeight;
    const colour = row.kind === "predicted" ? "var(--accent)" : "var(--ink2)";
    group.append(label(8, middle + 4, row.name, { fill: "var(--ink)" }));
    if (row.low95 !== undefined && row.high95 !== undefined) group.append(bar(x(row.low95), middle - 3.5, x(row.high95) - x(row.low95), 7, colour, { opacity: row.kind === "predicted" ? 0.28 : 0.18 }));
    group.append(row.kind === "published" ? disc(x(row.value), middle, 4.2) : diamond(x(row.value), middle, 4.4, colour));
    group.append(label(width - 8, middle + 4, row.text, { anchor: "end", weight: 600, fill: row.kind === "predicted" ? "var(--accent)" : row.kind === "published" ? "var(--ink)" : "var(--ink2)" }));
  });
  return group;
}
