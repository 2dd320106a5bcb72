/**
 * The pipeline's schedule: a lane a stage, forward passes dark, backward passes lighter, weight gradients lightest, pauses hatched as waiting. Where passes are too narrow
 * to part, a piece is divided by height in their shares. A strip above shows the whole step and the part in view, as on the timeline page.
 */
import { scaleLinear } from "d3";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { bubbleShare, pipelinePieces, type Piece } from "../data/pipeline-pieces.ts";
import { passWords } from "../data/transformer-tables.ts";
import { count, percent, show, showIn, tickText, unitOf, type Unit } from "../format.ts";
import type { Schedule } from "../transformer/protocol.ts";
import type { Span } from "../timeline/state.ts";
import { bar, crisp, hatch, label, place, root, rule, thinTicks, type ChartSize } from "./kit.ts";

/** Fill and opacity by pass: all compute, so one hue. */
const looks: ReadonlyArray<readonly [fill: string, opacity: number]> = [["var(--compute)", 1], ["var(--compute)", 0.55], ["var(--compute)", 0.55], ["var(--compute)", 0.3], ["var(--compute)", 0.78]];

export function pipelineChart(schedule: Schedule, window: Span, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const { stages, makespan_s } = schedule;
  const lane = Math.max(4, Math.min(22, Math.floor(360 / stages)));
  const gap = lane > 8 ? 3 : 1;
  const left = Math.ceil(Math.max(ruler("whole step"), ruler(`stage ${stages - 1}`))) + 12;
  const strip = { top: 4, bottom: 30 };
  const legend = strip.bottom + 20;
  const entries = layLegend(schedule, left, width - 8, ruler);
  const axis = legend + 20 + 15 * (entries.at(-1)?.row ?? 0);
  const top = axis + 8;
  const bottom = top + stages * (lane + gap);
  const plot = { left, right: width - 8, top, bottom };
  const [from, to] = window;
  const x = scaleLinear([from, to], [plot.left, plot.right]);
  const unit = unitOf(makespan_s, "time");
  const svg = root(width, bottom + 8, `Schedule of ${count(schedule.microBatches)} micro-batches over ${count(stages)} stages: stages wait for ${percent(bubbleShare(schedule), 2)}`);
  svg.setAttribute("data-plot", JSON.stringify({ ...plot, from, to, step: makespan_s, strip }));
  svg.append(s("defs", {}, hatch("pipeline-wait", "var(--wait)"), s("clipPath", { id: "pipeline-plot" }, s("rect", { x: plot.left, y: 0, width: plot.right - plot.left, height: bottom + 8 }))));
  drawStrip(svg, schedule, window, plot, strip);
  for (const { name, look: [fill, opacity], x: at, row } of entries) svg.append(s("rect", { x: place(at), y: legend - 8 + 15 * row, width: 12, height: 9, fill, opacity, ...(name === "waits" ? { stroke: "var(--wait)", "stroke-width": 0.6 } : {}) }), label(at + 17, legend + 15 * row, name, { fill: "var(--ink2)" }));
  drawAxis(svg, x, window, unit, plot, axis, ruler);
  const lanes = s("g", { "clip-path": "url(#pipeline-plot)" });
  const [busyFrom, busyTo] = [Math.max(from, 0), Math.min(to, makespan_s)];
  pipelinePieces(schedule, from, to, plot.right - plot.left).forEach((pieces, stage) => {
    const y = top + stage * (lane + gap);
    lanes.append(s("rect", { x: place(x(busyFrom)), y, width: place(Math.max(0, x(busyTo) - x(busyFrom))), height: lane, fill: "url(#pipeline-wait)", opacity: 0.5 }));
    for (const piece of pieces) lanes.append(drawPiece(piece, x, y, lane, unit, window, ruler));
  });
  svg.append(lanes);
  const named = thinTicks(Array.from({ length: stages }, (_, stage) => stage), (stage) => top + stage * (lane + gap) + lane / 2, () => 12, (_, index) => index === 0 || index === stages - 1, 2);
  for (const stage of named) svg.append(label(plot.left - 8, top + stage * (lane + gap) + lane / 2 + 4, stage === 0 ? "stage 0" : String(stage), { anchor: "end" }));
  return svg;
}

function drawPiece(piece: Piece, x: (time_s: number) => number, y: number, height: number, unit: Unit, [from, to]: Span, ruler: ChartSize["ruler"]): SVGGElement {
  const [left, right] = [x(Math.max(piece.start_s, from)), x(Math.min(piece.end_s, to))];
  const total = piece.busy_s.reduce((sum, value) => sum + value, 0);
  const single = piece.passes === 1;
  const name = passWords[piece.pass] ?? "";
  const tip: Tip = single
    ? { head: `Stage ${piece.device}: ${name}`, place: `micro-batch ${piece.micro}`, rows: [["starts", showIn(piece.start_s, unit, 4)], ["takes", show(piece.end_s - piece.start_s, "time")]] }
    : { head: `Stage ${piece.device}: ${count(piece.passes)} passes`, rows: [["from", showIn(piece.start_s, unit, 4)], ["to", showIn(piece.end_s, unit, 4)], ...piece.busy_s.flatMap((time, pass) => (time > 0 ? [[passWords[pass] ?? "", showIn(time, unit)] as const] : []))], foot: "Zoom in to see each." };
  const group = s("g", { class: "mark", "data-key": `pass:${piece.device}.${piece.start_s}`, "data-series": `stage ${piece.device}`, "data-x": piece.start_s, "data-count": piece.passes, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) }, bar(left, y, Math.max(0.8, right - left - (right - left > 3 ? 0.6 : 0)), height, "var(--paper)"));
  let at = y;
  piece.busy_s.forEach((time, pass) => {
    if (time === 0) return;
    const [fill, opacity] = looks[pass] ?? looks[0]!;
    const part = (height * time) / total;
    group.append(bar(left, at, Math.max(0.8, right - left - (right - left > 3 ? 0.6 : 0)), part, fill, { opacity }));
    at += part;
  });
  const words = String(piece.micro);
  if (single && height >= 13 && right - left > ruler(words, 10.5) + 5) group.append(label((left + right) / 2, y + height / 2 + 3.8, words, { size: 10.5, anchor: "middle", fill: (looks[piece.pass]?.[1] ?? 1) > 0.7 ? "var(--on-strong)" : "var(--ink)" }));
  return group;
}

function drawAxis(svg: SVGSVGElement, x: ReturnType<typeof scaleLinear<number, number>>, [from, to]: Span, unit: Unit, plot: { left: number; right: number; bottom: number }, axis: number, ruler: ChartSize["ruler"]): void {
  const ticks = scaleLinear([from / unit.scale, to / unit.scale], [plot.left, plot.right]).ticks(Math.max(2, Math.min(9, (plot.right - plot.left) / 90))).map((tick) => tick * unit.scale);
  const inside = ticks.filter((tick) => x(tick) - ruler(tickText(tick, unit)) / 2 >= plot.left - 12 && x(tick) + ruler(tickText(tick, unit)) / 2 <= plot.right + 6);
  const words = (tick: number) => (tick === inside[0] ? `${tickText(tick, unit)} ${unit.unit}` : tickText(tick, unit));
  for (const tick of thinTicks(inside, (one) => x(one), (one) => ruler(words(one)), (_, index) => index === 0)) svg.append(label(x(tick), axis, words(tick), { anchor: "middle" }), rule(crisp(x(tick)), axis + 5, crisp(x(tick)), plot.bottom));
  svg.append(rule(plot.left, axis + 5.5, plot.right, axis + 5.5, "var(--line2)"));
}

/** Passes that occur, and waiting, in as many rows as they need. */
function layLegend(schedule: Schedule, left: number, right: number, ruler: ChartSize["ruler"]): Array<{ name: string; look: readonly [fill: string, opacity: number]; x: number; row: number }> {
  const used = passWords.flatMap((name, pass) => (schedule.pass.includes(pass) ? [{ name, look: looks[pass] ?? looks[0]! }] : []));
  let [x, row] = [left, 0];
  return [...used, { name: "waits", look: ["url(#pipeline-wait)", 1] as const }].map((one) => {
    if (x > left && x + 17 + ruler(one.name) > right) [x, row] = [left, row + 1];
    const placed = { ...one, x, row };
    x += 17 + ruler(one.name) + 16;
    return placed;
  });
}

function drawStrip(svg: SVGSVGElement, schedule: Schedule, [from, to]: Span, { left, right }: { left: number; right: number }, { top, bottom }: { top: number; bottom: number }): void {
  const x = (time_s: number) => left + (time_s / schedule.makespan_s) * (right - left);
  const group = s("g", { class: "strip" }, bar(left, top, right - left, bottom - top, "var(--sunk)"));
  const rows = pipelinePieces(schedule, 0, schedule.makespan_s, right - left);
  const height = (bottom - top) / rows.length;
  const step = Math.max(1, Math.ceil(rows.length / 12));
  rows.forEach((pieces, stage) => {
    if (stage % step !== 0) return;
    const path = pieces.map(({ start_s, end_s }) => `M${place(x(start_s))},${place(top + stage * height)}H${place(Math.max(x(start_s) + 0.6, x(end_s)))}V${place(top + (stage + step) * height - (height * step > 3 ? 1 : 0))}H${place(x(start_s))}Z`).join("");
    group.append(s("path", { d: path, fill: "var(--compute)", opacity: 0.7 }));
  });
  const [a, b] = [x(from), x(to)];
  if (b - a < right - left - 0.5) {
    for (const [start, end] of [[left, a], [b, right]] as const) if (end > start) group.append(bar(start, top, end - start, bottom - top, "var(--paper)", { opacity: 0.62 }));
    group.append(bar(a, top, Math.max(3, b - a), bottom - top, "none", { stroke: "var(--ink)", "stroke-width": 1 }));
  }
  svg.append(group, label(left - 8, top + 17, "whole step", { anchor: "end", weight: 400 }));
}
