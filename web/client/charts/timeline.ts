/**
 * The simulated step as lanes: operations in the colours of their families, what is too narrow for itself as one piece whose height is divided by shares, pauses
 * dashed, waiting hatched, the critical path as a line under what decides, the chosen operation outlined and tied to what it needed. A strip above shows the
 * whole step and the part in view.
 */
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { show, tickText, type Unit } from "../format.ts";
import { scaleLinear } from "d3";
import { fitBars, fitNames, type Piece } from "../data/timeline-fit.ts";
import type { Bar, Gap, Timeline } from "../data/timeline-lanes.ts";
import type { Span } from "../timeline/state.ts";
import { bar as box, crisp, hatch, label, place, root, rule, thinTicks, wrap, type ChartSize } from "./kit.ts";
import { drawPath } from "./timeline-overlay.ts";
import { drawStrip } from "./timeline-strip.ts";
import { layOut, shortLane, type LaneRow, type TimelineLayout } from "./timeline-layout.ts";

export interface TimelineWords {
  bar(bar: Bar): Tip;
  piece(piece: Piece): Tip;
  gap(gap: Gap): Tip;
  label(bar: Bar): string;
}

export interface TimelineView {
  window: Span;
  range: Span | null;
  selected: string | null;
  path: boolean;
  unit: Unit;
  summary: string;
  words: TimelineWords;
}

export type TimeScale = (time_s: number) => number;

export function timelineChart(timeline: Timeline, view: TimelineView, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const layout = layOut(timeline, width, ruler);
  const [from, to] = view.window;
  const { left, right } = layout;
  const x = scaleLinear([from, to], [left, right]);
  const svg = root(width, layout.height, view.summary);
  svg.setAttribute("data-plot", JSON.stringify({ left, right, top: layout.top, bottom: layout.bottom, from, to, step: timeline.step_s, strip: layout.strip }));
  svg.append(s("defs", {}, hatch("timeline-wait", "var(--wait)"), s("clipPath", { id: "timeline-plot" }, s("rect", { x: left, y: 0, width: right - left, height: layout.height }))));
  drawStrip(svg, timeline, layout, view);
  const plot = s("g", { "clip-path": "url(#timeline-plot)" });
  drawAxis(svg, layout, view, x, ruler);
  if (view.range) plot.append(box(x(view.range[0]), layout.axis + 6, x(view.range[1]) - x(view.range[0]), layout.bottom - layout.axis - 6, "var(--accent-bg)"));
  svg.append(plot);
  for (const { role, head, lanes, bottom } of layout.roles) {
    const note = label(right - 6, head, wrap(role.note, right - ruler(role.title, 12, 600) - 16, 1, ruler)[0] ?? "", { anchor: "end" });
    plot.append(rule(left, bottom - 1.5, right, bottom - 1.5));
    svg.append(label(0, head, role.title, { size: 12, weight: 600, fill: "var(--ink)" }), note);
    for (const row of lanes) {
      svg.append(label(layout.narrow ? 0 : 12, row.top + row.height / 2 + 4, layout.narrow ? shortLane[row.lane.lane] : row.lane.name, { size: layout.narrow ? 10.5 : 11 }));
      drawLane(plot, row, view, x, ruler);
    }
  }
  drawPath(plot, timeline, layout, view, x);
  drawEnd(svg, timeline, layout, x);
  if (view.range) drawRange(svg, view.range, layout, x, ruler);
  return svg;
}

function drawAxis(svg: SVGSVGElement, layout: TimelineLayout, { window: [from, to], unit }: TimelineView, x: ReturnType<typeof scaleLinear<number, number>>, ruler: ChartSize["ruler"]): void {
  const { left, right, axis, bottom } = layout;
  const ticks = scaleLinear([from / unit.scale, to / unit.scale], [left, right]).ticks(Math.max(2, Math.min(9, (right - left) / 90))).map((tick) => tick * unit.scale);
  const words = (tick: number, index: number) => (index === 0 ? `${tickText(tick, unit)} ${unit.unit}` : tickText(tick, unit));
  const inside = ticks.filter((tick, index) => x(tick) - ruler(words(tick, index)) / 2 >= left - 14 && x(tick) + ruler(words(tick, index)) / 2 <= right + 8);
  const shown = thinTicks(inside, (tick) => x(tick), (tick) => ruler(words(tick, inside.indexOf(tick))), () => false);
  shown.forEach((tick, index) => svg.append(label(x(tick), axis, words(tick, index), { anchor: "middle" }), rule(crisp(x(tick)), axis + 6, crisp(x(tick)), bottom)));
  svg.append(rule(left, axis + 6.5, right, axis + 6.5, "var(--line2)"));
}

function drawLane(plot: SVGGElement, { lane, names, top, height }: LaneRow, view: TimelineView, x: TimeScale, ruler: ChartSize["ruler"]): void {
  const [from, to] = view.window;
  if (names !== null) {
    for (const { start_s, end_s, words } of fitNames(lane.outline, x, from, to, (text) => ruler(text, 10.5))) {
      const [left, right] = [x(start_s), x(end_s)];
      plot.append(s("path", { d: `M${place(left + 0.5)},${names + 3}V${names + 1}H${place(Math.max(left + 1, right - 0.5))}V${names + 3}`, fill: "none", stroke: "var(--ctl)", "stroke-width": 1 }));
      if (words !== "") plot.append(label((left + right) / 2, names - 2, words, { size: 10.5, anchor: "middle", fill: "var(--ink2)" }));
    }
  }
  for (const gap of lane.gaps) {
    if (gap.end_s <= from || gap.start_s >= to) continue;
    const [left, right] = [x(Math.max(from, gap.start_s)), x(Math.min(to, gap.end_s))];
    if (right - left < 1.5) continue;
    const tip = view.words.gap(gap);
    const words = wordsThatFit([`${show(gap.end_s - gap.start_s, "time")} idle, ${gap.why}`, `${show(gap.end_s - gap.start_s, "time")} idle`, "idle"], right - left - 10, ruler);
    plot.append(s("g", { class: "gap", "data-tip": tipAttribute(tip), role: "img", "aria-label": tipText(tip) }, box(left + 0.5, top + 0.5, right - left - 1, height - 1, "var(--paper)", { stroke: "var(--ctl)", "stroke-dasharray": "3 3" }), words === "" ? null : label((left + right) / 2, top + height / 2 + 4, words, { anchor: "middle", fill: "var(--ink2)" })));
  }
  for (const piece of fitBars(lane, x, from, to)) plot.append(drawPiece(piece, lane.key, top, height, view, x, ruler));
}

function drawPiece(piece: Piece, lane: string, top: number, height: number, view: TimelineView, x: TimeScale, ruler: ChartSize["ruler"]): SVGGElement {
  const [first] = piece.bars as [Bar, ...Bar[]];
  const single = piece.bars.length === 1;
  const { start_s, begin_s } = first.operation;
  const begin = x(single ? begin_s : piece.start_s);
  const end = x(piece.end_s);
  const tip = single ? view.words.bar(first) : view.words.piece(piece);
  const group = s("g", {
    class: "mark", "data-key": first.key, "data-series": lane, "data-start": piece.start_s, "data-end": piece.end_s, "data-count": piece.bars.length, tabindex: -1, role: "img",
    "aria-label": single ? view.words.label(first) : tipText(tip), "data-tip": tipAttribute(tip),
  });
  if (single && begin_s > start_s) group.append(box(x(start_s) + 0.5, top + 0.5, Math.max(0, begin - x(start_s) - 1), height - 1, "url(#timeline-wait)", { stroke: "var(--wait)", opacity: 0.6 }));
  const [visible, until] = [Math.max(begin, x(view.window[0]) - 2), Math.min(end, x(view.window[1]) + 2)];
  let y = top;
  for (const [category, share] of piece.shares) {
    group.append(box(visible, y, Math.max(0.8, until - visible - (end - begin > 4 ? 0.6 : 0)), Math.max(0.5, height * share), `var(--${category})`));
    y += height * share;
  }
  const words = single && height >= 18 && first.category !== "other" ? wordsThatFit([first.operation.name, first.operation.layer === null ? "" : passWords[first.operation.pass] ?? ""], until - visible - 8, ruler) : "";
  if (words !== "") group.append(label((visible + until) / 2, top + height / 2 + 4, words, { anchor: "middle", fill: first.category === "memory" || first.category === "host" ? "var(--on-soft)" : "var(--on-strong)" }));
  if (single && height < 18 && (first.operation.lane === "network" || first.operation.lane === "read") && until - visible > 44) {
    const short = wordsThatFit([first.operation.name, /\d+/.exec(first.operation.name)?.[0] ?? ""], until - visible - 8, (text) => ruler(text, 10.5));
    if (short !== "") group.append(label((visible + until) / 2, top + height / 2 + 3.5, short, { size: 10.5, anchor: "middle", fill: "var(--on-strong)" }));
  }
  if (view.selected !== null && piece.bars.some(({ key }) => key === view.selected)) group.append(box(x(piece.start_s) - 1, top - 1, Math.max(3, end - x(piece.start_s)) + 2, height + 2, "none", { stroke: "var(--accent)", "stroke-width": 2 }));
  return group;
}

const passWords: Readonly<Record<string, string>> = { forward: "forward", "data-gradient": "data gradient", "weight-gradient": "weight gradient", backward: "backward" };
const wordsThatFit = (candidates: readonly string[], room: number, ruler: ChartSize["ruler"]): string => candidates.find((words) => words !== "" && ruler(words) <= room) ?? "";

function drawEnd(svg: SVGSVGElement, { step_s }: Timeline, { left, right, axis, bottom }: TimelineLayout, x: TimeScale): void {
  const end = x(step_s);
  if (end < left || end > right + 0.5) return;
  const words = `step ends ${show(step_s, "time", 4)}`;
  svg.append(rule(end, axis - 12, end, bottom, "var(--ink)", { "stroke-width": 1.5 }), label(right + 8, axis - 15, words, { anchor: "end", fill: "var(--ink)" }));
}

function drawRange(svg: SVGSVGElement, range: Span, { left, right, axis, bottom, narrow }: TimelineLayout, x: TimeScale, ruler: ChartSize["ruler"]): void {
  for (const edge of range) if (x(edge) >= left - 0.5 && x(edge) <= right + 0.5) svg.append(rule(x(edge), axis + 6, x(edge), bottom, "var(--accent)"));
  const words = show(range[1] - range[0], "time", 4);
  const middle = Math.min(right - ruler(words, 11, 600) / 2, Math.max(left + ruler(words, 11, 600) / 2, (x(range[0]) + x(range[1])) / 2));
  // On a narrow chart the end of the step has this line.
  if (!narrow || middle + ruler(words, 11, 600) / 2 < right - 130) svg.append(label(middle, axis - 15, words, { anchor: "middle", weight: 600, fill: "var(--accent)", halo: true }));
}
