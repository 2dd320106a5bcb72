/** Pieces that every chart shares: texts with a paper halo, crisp rules, and a ruler. Colours are custom properties, so that a theme or an export can resolve them. */
import { s, type Attributes } from "../dom.ts";

export type Ruler = (text: string, size?: number, weight?: number) => number;

export interface ChartSize {
  width: number;
  height: number;
  ruler: Ruler;
}

export interface TextStyle {
  size?: number;
  weight?: number;
  fill?: string;
  anchor?: "start" | "middle" | "end";
  halo?: boolean;
}

export const crisp = (value: number): number => Math.round(value) + 0.5;
export const place = (value: number): number => Math.round(value * 10) / 10;

export function label(x: number, y: number, content: string, style: TextStyle = {}): SVGTextElement {
  const { size = 11, weight = 400, fill = "var(--ink3)", anchor = "start", halo = false } = style;
  return s("text", {
    x: place(x), y: place(y), "font-size": size, fill, ...(weight !== 400 ? { "font-weight": weight } : {}), ...(anchor !== "start" ? { "text-anchor": anchor } : {}),
    ...(halo ? { stroke: "var(--paper)", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" } : {}),
  }, content);
}

export const rule = (x1: number, y1: number, x2: number, y2: number, stroke = "var(--line)", more: Attributes = {}): SVGLineElement =>
  s("line", { x1: place(x1), y1: place(y1), x2: place(x2), y2: place(y2), stroke, "stroke-width": 1, ...more });

export const bar = (x: number, y: number, width: number, height: number, fill: string, more: Attributes = {}): SVGRectElement =>
  s("rect", { x: place(x), y: place(y), width: place(Math.max(0, width)), height: place(height), fill, ...more });

export function root(width: number, height: number, summary: string): SVGSVGElement {
  return s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": summary, "font-family": "var(--font)" });
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const overlaps = (a: Box, b: Box, gap = 2): boolean => a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;

/** The box of a text whose baseline is at y. */
export function textBox(x: number, y: number, content: string, ruler: Ruler, style: TextStyle = {}): Box {
  const size = style.size ?? 11;
  const width = ruler(content, size, style.weight ?? 400);
  const left = style.anchor === "end" ? x - width : style.anchor === "middle" ? x - width / 2 : x;
  return { x: left, y: y - size * 0.95, width, height: size * 1.25 };
}

/** Splits a text into lines that fit; what does not fit in the last line ends with an ellipsis. */
export function wrap(content: string, width: number, lines: number, ruler: Ruler, size = 11): string[] {
  const result: string[] = [];
  let current = "";
  for (const word of content.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (ruler(longer, size) <= width || current === "") current = longer;
    else {
      result.push(current);
      current = word;
    }
  }
  result.push(current);
  if (result.length <= lines) return result.map((line) => ellipsis(line, width, ruler, size));
  return [...result.slice(0, lines - 1), ellipsis(result.slice(lines - 1).join(" "), width, ruler, size)];
}

function ellipsis(line: string, width: number, ruler: Ruler, size: number): string {
  if (ruler(line, size) <= width) return line;
  let cut = line;
  while (cut.length > 1 && ruler(`${cut}…`, size) > width) cut = cut.slice(0, -1).trimEnd();
  return `${cut}…`;
}

/** Ticks whose labels would meet are dropped, nearest to the middle first; the ends and the kept ones stay. */
export function thinTicks<T>(ticks: readonly T[], centre: (tick: T) => number, width: (tick: T) => number, keep: (tick: T, index: number) => boolean, gap = 8): T[] {
  const shown = [...ticks];
  for (;;) {
    const clash = shown.findIndex((tick, index) => {
      const next = shown[index + 1];
      return next !== undefined && centre(next) - centre(tick) < (width(tick) + width(next)) / 2 + gap;
    });
    if (clash < 0) return shown;
    const removable = [clash, clash + 1].filter((index) => {
      const tick = shown[index];
      return tick !== undefined && !keep(tick, ticks.indexOf(tick)) && index > 0 && index < shown.length - 1;
    });
    const middle = (shown.length - 1) / 2;
    const fallback = [clash, clash + 1].filter((index) => !keep(shown[index] as T, ticks.indexOf(shown[index] as T)));
    const candidates = removable.length > 0 ? removable : fallback;
    const [drop] = candidates.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    if (drop === undefined) return shown;
    shown.splice(drop, 1);
  }
}

/** 45 degree hatch of overlapped time: same colour, no time added. */
export function hatch(id: string, colour: string): SVGPatternElement {
  return s("pattern", { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect", { width: 2.4, height: 5, fill: colour }));
}
