/** Device memory of every stage as a stack of its parts against the line of what the device has. Labels stand beside the fullest bar; a whisker is the 95 % interval. */
import { scaleLinear } from "d3";
import { s, tipAttribute, tipText } from "../dom.ts";
import { count, fixed, show } from "../format.ts";
import type { MemoryStackData } from "../data/memory-stack-data.ts";
import { bar, crisp, hatch, label, place, root, rule, type ChartSize } from "./kit.ts";

const fillOf = (id: string): string => (id === "cache" ? "url(#memory-cache)" : `var(--m-${id})`);

export function memoryStack(data: MemoryStackData, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const { bars, capacity_bytes, names } = data;
  const height = 268;
  const plot = { left: 36, right: width - Math.max(...names.map(({ name }) => ruler(name)), ruler("activations")) - 62, top: 30, bottom: height - 26 };
  const most = Math.max(capacity_bytes, ...bars.map(({ high_bytes }) => high_bytes)) * 1.04;
  const y = scaleLinear([0, most / 2 ** 30], [plot.bottom, plot.top]);
  const at = (bytes: number) => y(bytes / 2 ** 30);
  const svg = root(width, height, `Device memory by stage: the fullest needs ${show(bars.find(({ stage }) => stage === data.fullest)?.device_bytes ?? 0, "data")} of ${show(capacity_bytes, "data")}`);
  svg.append(s("defs", {}, hatch("memory-cache", "var(--m-context)")), label(0, 12, "GiB"));
  for (const tick of y.ticks(5)) svg.append(label(plot.left - 8, y(tick) + 4, fixed(tick, 0), { anchor: "end" }), rule(plot.left, crisp(y(tick)), plot.right, crisp(y(tick))));
  const slot = (plot.right - plot.left) / bars.length;
  const barWidth = Math.max(1.5, Math.min(44, slot * 0.78));
  const x = (index: number) => plot.left + (index + 0.5) * slot;
  bars.forEach((one, index) => {
    const left = x(index) - barWidth / 2;
    const group = s("g", { class: "mark", "data-key": `stage:${one.stage}`, "data-series": "stages", "data-value": one.device_bytes, "data-x": one.stage, tabindex: -1, role: "img", "aria-label": tipText(one.tip), "data-tip": tipAttribute(one.tip) }, bar(x(index) - slot / 2, plot.top, slot, plot.bottom - plot.top, "transparent", { class: "hover" }));
    let below = 0;
    for (const { id, bytes } of one.segments) {
      const [top, bottom] = [at(below + bytes), at(below)];
      const gap = bottom - top > 3 && barWidth > 4 ? 0.8 : 0;
      group.append(bar(left, top + gap, barWidth, bottom - top - gap, fillOf(id), id === "cache" ? { stroke: "var(--m-context)", "stroke-width": 0.6 } : {}));
      below += bytes;
    }
    if (barWidth > 8) group.append(rule(x(index), at(one.low_bytes), x(index), at(one.high_bytes), "var(--ink)", { "stroke-width": 1.6 }), ...[one.low_bytes, one.high_bytes].map((end) => rule(x(index) - 3.5, at(end), x(index) + 3.5, at(end), "var(--ink)", { "stroke-width": 1.6 })));
    svg.append(group);
  });
  const line = at(capacity_bytes);
  svg.append(rule(plot.left, crisp(line), plot.right, crisp(line), "var(--ink)", { "stroke-width": 1.5 }), label(plot.right, plot.top - 17, `device has ${show(capacity_bytes, "data")}`, { anchor: "end", weight: 600, fill: "var(--ink)" }), rule(plot.right - 3, plot.top - 13, plot.right - 3, line, "var(--ctl)"));
  drawNames(svg, data, at, plot, ruler);
  // Every so many stages, and the last where the one before leaves it room.
  const every = [1, 2, 4, 8, 16, 32, 64].find((step) => step * slot > ruler(count(bars.length - 1), 11, 600) + 8) ?? 128;
  const last = bars.length - 1;
  const room = Math.ceil((ruler(count(last), 11, 600) + 8) / slot);
  const ticks = bars.filter((_, index) => index === last || (index % every === 0 && last - index >= room));
  for (const { stage } of ticks) svg.append(label(x(stage), plot.bottom + 15, count(stage), { anchor: "middle", ...(stage === data.fullest ? { weight: 600, fill: "var(--ink)" } : {}) }));
  svg.append(label(width, plot.bottom + 15, bars.length > 1 ? "stage" : "one stage", { anchor: "end" }));
  svg.append(rule(plot.left, crisp(plot.bottom), plot.right, crisp(plot.bottom), "var(--line2)"));
  return svg;
}

/** Names with their sizes in the fullest stage, level with its parts and pushed apart where they would meet. */
function drawNames(svg: SVGSVGElement, { bars, fullest, names }: MemoryStackData, at: (bytes: number) => number, plot: { right: number; top: number; bottom: number }, ruler: ChartSize["ruler"]): void {
  const shown = bars.find(({ stage }) => stage === fullest) ?? bars[0];
  if (!shown) return;
  let below = 0;
  const rows = names.flatMap(({ id, name }) => {
    const bytes = shown.segments.find((segment) => segment.id === id)?.bytes ?? 0;
    const middle = at(below + bytes / 2);
    below += bytes;
    return bytes > 0 ? [{ id, name, bytes, y: middle + 4 }] : [];
  });
  const room = 14;
  let floor = plot.bottom;
  for (const row of rows) {
    row.y = Math.min(row.y, floor);
    floor = row.y - room;
  }
  let ceiling = plot.top + 6;
  for (const row of rows.toReversed()) {
    row.y = Math.max(row.y, ceiling);
    ceiling = row.y + room;
  }
  const left = plot.right + 12;
  const figures = Math.max(...rows.map(({ bytes }) => ruler(figure(bytes))));
  for (const { id, name, bytes, y } of rows) svg.append(s("rect", { x: left, y: place(y - 8), width: 8, height: 8, fill: fillOf(id), ...(id === "cache" ? { stroke: "var(--m-context)", "stroke-width": 0.6 } : {}) }), label(left + 14 + figures, y, figure(bytes), { anchor: "end", fill: "var(--ink)" }), label(left + 19 + figures, y, name));
}

const figure = (bytes: number): string => fixed(bytes / 2 ** 30, bytes >= 10 * 2 ** 30 ? 0 : bytes >= 0.095 * 2 ** 30 ? 1 : 2);
