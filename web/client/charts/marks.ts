/** Marks say how a value is known: by shape first, by colour second. */
import { s, type Attributes } from "../dom.ts";
import type { InputRecord } from "../../../model/prediction.ts";
import { place } from "./kit.ts";

export const disc = (x: number, y: number, r = 4.5, more: Attributes = {}): SVGCircleElement => s("circle", { cx: place(x), cy: place(y), r, fill: "var(--ink)", ...more });

export const ring = (x: number, y: number, r = 4.5, more: Attributes = {}): SVGCircleElement => s("circle", { cx: place(x), cy: place(y), r, fill: "var(--paper)", stroke: "var(--ink)", "stroke-width": 1.5, ...more });

export const diamond = (x: number, y: number, r = 4.6, colour = "var(--accent)", more: Attributes = {}): SVGPathElement =>
  s("path", { d: `M${place(x)},${place(y - r)}L${place(x + r)},${place(y)}L${place(x)},${place(y + r)}L${place(x - r)},${place(y)}Z`, fill: "var(--paper)", stroke: colour, "stroke-width": 1.6, ...more });

export const square = (x: number, y: number, size = 7): SVGRectElement => s("rect", { x: place(x - size / 2), y: place(y - size / 2), width: size, height: size, fill: "none", stroke: "var(--ink)", "stroke-width": 1.3 });

export const halfDisc = (x: number, y: number, r = 4): SVGGElement =>
  s("g", {}, s("circle", { cx: place(x), cy: place(y), r, fill: "none", stroke: "var(--ink)", "stroke-width": 1.2 }), s("path", { d: `M${place(x)},${place(y - r)}A${r},${r} 0 0 0 ${place(x)},${place(y + r)}Z`, fill: "var(--ink)" }));

export const triangle = (x: number, y: number, r = 4.6): SVGPathElement =>
  s("path", { d: `M${place(x)},${place(y - r)}L${place(x + r)},${place(y + r * 0.75)}L${place(x - r)},${place(y + r * 0.75)}Z`, fill: "none", stroke: "var(--assumed)", "stroke-width": 1.4, "stroke-linejoin": "round" });

export const cross = (x: number, y: number, r = 4): SVGPathElement =>
  s("path", { d: `M${place(x - r)},${place(y - r)}L${place(x + r)},${place(y + r)}M${place(x + r)},${place(y - r)}L${place(x - r)},${place(y + r)}`, fill: "none", stroke: "var(--bad)", "stroke-width": 1.6 });

export const baselineTick = (x: number, y1: number, y2: number): SVGGElement =>
  s("g", {}, s("line", { x1: place(x), x2: place(x), y1, y2, stroke: "var(--paper)", "stroke-width": 3.5 }), s("line", { x1: place(x), x2: place(x), y1, y2, stroke: "var(--ink3)", "stroke-width": 1.5 }));

export type Kind = InputRecord["kind"];
export const kindNames: Record<Kind, string> = { measured: "measured", datasheet: "datasheet", published: "published", assumed: "assumed", calibrated: "calibrated" };

export const kindHelp: Record<Kind, string> = {
  measured: "Read from a measurement, such as a benchmark log.",
  datasheet: "What the vendor states.",
  published: "Stated by a paper or a site.",
  assumed: "Nobody measured it: a guess with its range, counted beside the title.",
  calibrated: "Fitted here from measurements; the chain below says which.",
};

/** The mark of a kind at a place; a fitted parameter is a ring, as points used in a fit are. */
export function kindMark(kind: Kind, x: number, y: number): SVGElement {
  if (kind === "measured") return disc(x, y, 4);
  if (kind === "datasheet") return square(x, y);
  if (kind === "published") return halfDisc(x, y);
  if (kind === "assumed") return triangle(x, y);
  return ring(x, y, 3.6);
}

export function kindIcon(kind: Kind): SVGSVGElement {
  return s("svg", { width: 12, height: 12, viewBox: "0 0 12 12", role: "img", "aria-label": kindNames[kind] }, kindMark(kind, 6, 6));
}
