/**
 * Predicted against measured on two equal log axes with the line of equality and bands of 10 and 20 %; beside it (below, where it is narrow) the error over the number of
 * devices on a linear axis, because log axes hide it, with its median by scale. Disc: held out; ring: learned from; cross: kept out by a rule. The device in view is in the accent.
 */
import { median, scaleLinear, scaleLog } from "d3";
import type { ParityPoint, ParityView } from "../data/parity-data.ts";
import { s, tipAttribute, tipText } from "../dom.ts";
import { count, signedFixed, tickText } from "../format.ts";
import { crisp, label, place, root, rule, thinTicks, type ChartSize } from "./kit.ts";
import { cross, disc, ring } from "./marks.ts";

/** Errors beyond it are put on the edge. */
const reach = 0.5;
const second = { unit: "s", scale: 1 };
const tall = 300;

export function parityChart(view: ParityView, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const beside = width >= 640;
  const side = Math.min(tall, width - 60);
  const square = { left: 46, right: 46 + side, top: 26, bottom: 26 + side };
  const strip = beside ? { left: square.right + 76, right: width - 12, top: 26, bottom: square.bottom } : { left: 46, right: width - 12, top: square.bottom + 74, bottom: square.bottom + 74 + 200 };
  const svg = root(width, strip.bottom + 40, `${count(view.points.length)} published step times, predicted against measured, and their errors over the number of devices`);
  if (view.points.length === 0) return svg;
  const times = view.points.flatMap(({ measured_s, predicted_s }) => [measured_s, predicted_s]);
  const domain: [number, number] = [Math.min(...times) / 1.3, Math.max(...times) * 1.3];
  const x = scaleLog(domain, [square.left, square.right]);
  const y = scaleLog(domain, [square.bottom, square.top]);
  drawSquare(svg, x, y, domain, square);
  const counts = view.points.map(({ devices }) => devices);
  const across = scaleLog([Math.min(...counts) / 1.2, Math.max(...counts) * 1.2], [strip.left, strip.right]);
  const error = scaleLinear([-reach, reach], [strip.bottom, strip.top]);
  drawStrip(svg, across, error, strip, ruler);
  drawMedians(svg, view.points, across, error);
  // Points of the device in view last, on top of the others.
  for (const one of view.points.toSorted((a, b) => Number(a.own) - Number(b.own))) svg.append(drawPoint(one, "points", x(one.measured_s), y(one.predicted_s), view.inSample));
  for (const one of view.points.toSorted((a, b) => Number(a.own) - Number(b.own))) svg.append(drawPoint(one, "errors", across(one.devices), error(Math.max(-reach, Math.min(reach, one.error))), view.inSample));
  return svg;
}

function drawPoint(one: ParityPoint, series: string, cx: number, cy: number, inSample: boolean): SVGGElement {
  const colour = one.own ? "var(--accent)" : "var(--ink2)";
  const mark = one.flag !== null ? cross(cx, cy, 3) : inSample ? ring(cx, cy, 2.4, { stroke: colour, "stroke-width": 1.1, opacity: one.own ? 1 : 0.6 }) : disc(cx, cy, 2.4, { fill: colour, opacity: one.own ? 0.9 : 0.45 });
  return s("g", { class: "mark", "data-key": `${series}:${one.id}`, "data-series": series, "data-x": one.id, "data-value": series === "points" ? one.predicted_s : one.error, tabindex: -1, role: "img", "aria-label": tipText(one.tip), "data-tip": tipAttribute(one.tip) }, s("circle", { cx: place(cx), cy: place(cy), r: 6, fill: "transparent" }), mark);
}

type Scale = (value: number) => number;
interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function drawSquare(svg: SVGSVGElement, x: Scale, y: Scale, [low, high]: [number, number], { left, right, top, bottom }: Frame): void {
  const powers = Array.from({ length: 9 }, (_, at) => 10 ** (at - 4)).filter((power) => power >= low && power <= high);
  for (const tick of powers) svg.append(rule(left, crisp(y(tick)), right, crisp(y(tick))), rule(crisp(x(tick)), top, crisp(x(tick)), bottom), label(left - 8, y(tick) + 4, tickText(tick, second), { anchor: "end" }), label(x(tick), bottom + 16, tickText(tick, second), { anchor: "middle" }));
  svg.append(label(0, 12, "predicted step, s, log"), label(right, bottom + 32, "measured step, s, log", { anchor: "end" }));
  const along = (factor: number, more: Record<string, string | number>) => {
    const [from, to] = [Math.max(low, low / factor), Math.min(high, high / factor)];
    svg.append(s("line", { x1: place(x(from)), y1: place(y(from * factor)), x2: place(x(to)), y2: place(y(to * factor)), ...more }));
  };
  for (const share of [0.1, 0.2]) for (const factor of [1 + share, 1 - share]) along(factor, { stroke: "var(--line2)", "stroke-width": 1, ...(share === 0.2 ? { "stroke-dasharray": "3 3" } : {}) });
  along(1, { stroke: "var(--ctl)", "stroke-width": 1 });
  svg.append(label(left + 8, top + 12, "lines: ±10, ±20 %", { halo: true }));
}

/** Points of a bin that its median stands for; fewer say little. */
const fewest = 3;

/** The median error between one power of eight devices and the next, of points that no rule keeps out. */
function drawMedians(svg: SVGSVGElement, points: readonly ParityPoint[], x: ReturnType<typeof scaleLog<number, number>>, y: Scale): void {
  const [least = 1, most = 1] = x.domain();
  const powers = Array.from({ length: 7 }, (_, at) => 8 ** at);
  for (const power of powers) {
    // A machine of 8 devices and its neighbours of 8 nodes stand in the middle of their bin.
    const [from, to] = [power / Math.sqrt(8), power * Math.sqrt(8)];
    const errors = points.filter(({ flag, devices }) => flag === null && from <= devices && devices < to).map(({ error }) => error);
    if (errors.length < fewest) continue;
    const level = crisp(y(Math.max(-reach, Math.min(reach, median(errors) ?? 0))));
    svg.append(rule(x(Math.max(from, least)) + 2, level, x(Math.min(to, most)) - 2, level, "var(--ink)", { "stroke-width": 2 }));
  }
}

function drawStrip(svg: SVGSVGElement, x: ReturnType<typeof scaleLog<number, number>>, y: Scale, { left, right, top, bottom }: Frame, ruler: ChartSize["ruler"]): void {
  svg.append(label(left - 44, top - 14, "error, %, linear; beyond ±50 on the edge; bars: median"));
  for (const tick of [-0.5, -0.2, -0.1, 0, 0.1, 0.2, 0.5]) svg.append(rule(left, crisp(y(tick)), right, crisp(y(tick)), tick === 0 ? "var(--ctl)" : "var(--line)", Math.abs(tick) === 0.2 ? { "stroke-dasharray": "3 3" } : {}), label(left - 8, y(tick) + 4, tick === 0 ? "0" : signedFixed(tick * 100, 0), { anchor: "end" }));
  const [fewest = 1, most = 1] = x.domain();
  const powers = Array.from({ length: 7 }, (_, at) => 8 ** at).filter((power) => power >= fewest && power <= most);
  for (const tick of thinTicks(powers, (one) => x(one), (one) => ruler(count(one)), () => false)) svg.append(label(Math.min(x(tick), right + 11 - ruler(count(tick)) / 2), bottom + 16, count(tick), { anchor: "middle" }), rule(crisp(x(tick)), top, crisp(x(tick)), bottom));
  svg.append(label(right, bottom + 32, "devices, log", { anchor: "end" }));
}
