/** Tokens a second over devices, log by log with the ideal line, and below it on a linear axis the utilisation: log by log alone hides what is lost. */
import { area, line, scaleLinear, scaleLog } from "d3";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { count, interval95, percent, showIn, unitOf } from "../format.ts";
import { formatNumber } from "../../../model/units.ts";
import type { ScalePoint } from "../transformer/protocol.ts";
import { crisp, label, root, rule, thinTicks, type ChartSize } from "./kit.ts";
import { cross, diamond } from "./marks.ts";
import { valueTicks } from "./value-axes.ts";

export function transformerScaling(points: readonly ScalePoint[], active: number, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const { width, ruler } = size;
  const height = 300;
  const plot = { left: 46, right: width - 16, top: 24, middle: 150, second: 186, bottom: height - 40 };
  const svg = root(width, height, `Tokens a second and utilisation on ${points.map(({ devices }) => count(devices)).join(", ")} GPUs`);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return svg;
  const x = first === last ? scaleLog([first.devices / 2, first.devices * 2], [plot.left, plot.right]) : scaleLog([first.devices, last.devices], [plot.left + 10, plot.right - 10]);
  const ideal = (devices: number) => (first.throughput_tokens_per_s.value / first.devices) * devices;
  const rates = points.flatMap(({ throughput_tokens_per_s: { low95, high95 }, devices }) => [low95, high95, ideal(devices)]);
  const y = scaleLog([Math.min(...rates) * 0.9, Math.max(...rates) * 1.1], [plot.middle, plot.top]);
  const most = Math.min(1, Math.max(0.1, Math.ceil(Math.max(...points.map(({ utilisation }) => utilisation.high95)) * 10.5) / 10));
  const u = scaleLinear([0, most], [plot.bottom, plot.second]);
  svg.append(label(0, 12, "tokens/s, log"), label(0, plot.second - 12, "MFU"));
  const parts = valueTicks({ kind: "log", domain: [Math.min(...rates) * 0.9, Math.max(...rates) * 1.1] }, 4);
  const powers = parts.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9));
  const ticks = thinTicks(parts.length > 4 && powers.length > 1 ? powers : parts, (tick) => -y(tick), () => 12, () => false, 6);
  for (const tick of ticks) svg.append(label(plot.left - 8, y(tick) + 4, short(tick), { anchor: "end" }), rule(plot.left, crisp(y(tick)), plot.right, crisp(y(tick))));
  for (const tick of u.ticks(4)) svg.append(label(plot.left - 8, u(tick) + 4, percent(tick, 2), { anchor: "end" }), rule(plot.left, crisp(u(tick)), plot.right, crisp(u(tick)), tick === 0 ? "var(--line2)" : "var(--line)"));
  const shown = thinTicks(points, ({ devices }) => x(devices), ({ devices }) => ruler(count(devices), 11, 600), ({ devices }, index) => devices === active || index === 0 || index === points.length - 1);
  for (const { devices } of shown) svg.append(label(x(devices), plot.bottom + 17, count(devices), { anchor: "middle", ...(devices === active ? { weight: 600, fill: "var(--ink)" } : {}) }));
  svg.append(label(plot.right, height - 5, "GPUs, log", { anchor: "end" }));
  svg.append(s("line", { x1: x(first.devices), y1: y(ideal(first.devices)), x2: x(last.devices), y2: y(ideal(last.devices)), stroke: "var(--ctl)", "stroke-width": 1 }));
  const bands = [["low95", "high95"], ["low80", "high80"]] as const;
  for (const [low, high] of bands) {
    svg.append(s("path", { d: area<ScalePoint>((one) => x(one.devices), (one) => y(one.throughput_tokens_per_s[low]), (one) => y(one.throughput_tokens_per_s[high]))([...points]) ?? "", fill: "var(--accent)", opacity: "var(--band)" }));
    svg.append(s("path", { d: area<ScalePoint>((one) => x(one.devices), (one) => u(one.utilisation[low]), (one) => u(Math.min(most, one.utilisation[high])))([...points]) ?? "", fill: "var(--accent)", opacity: "var(--band)" }));
  }
  for (const of of [(one: ScalePoint) => y(one.throughput_tokens_per_s.value), (one: ScalePoint) => u(one.utilisation.value)]) svg.append(s("path", { d: line<ScalePoint>((one) => x(one.devices), of)([...points]) ?? "", fill: "none", stroke: "var(--accent)", "stroke-width": 2 }));
  for (const one of points) {
    const step = unitOf(one.stepTime_s.value, "time");
    const tip: Tip = { head: `${count(one.devices)} GPUs`, place: `${count(one.nodes)} nodes`, rows: [["step", `${showIn(one.stepTime_s.value, step)}, ${interval95(one.stepTime_s, step)}`], ["tokens/s", short(one.throughput_tokens_per_s.value, 3)], ["of ideal", percent(one.throughput_tokens_per_s.value / ideal(one.devices))], ["MFU", percent(one.utilisation.value)], ...(one.answer === null ? [] : [["memory", one.answer] as const])], foot: one.devices === active ? "This number is shown." : "Enter shows this number." };
    const marks = one.answer === "does not fit" ? [cross(x(one.devices), y(one.throughput_tokens_per_s.value)), cross(x(one.devices), u(one.utilisation.value))] : [diamond(x(one.devices), y(one.throughput_tokens_per_s.value), one.devices === active ? 5.6 : 4.4), diamond(x(one.devices), u(one.utilisation.value), one.devices === active ? 5.6 : 4.4)];
    svg.append(s("g", { class: "mark", "data-key": `scale:${one.devices}`, "data-series": "scales", "data-devices": one.devices, "data-value": one.throughput_tokens_per_s.value, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) }, s("rect", { x: x(one.devices) - 9, y: plot.top, width: 18, height: plot.bottom - plot.top, fill: "transparent", class: "hover" }), ...marks));
  }
  return svg;
}

const steps = [["P", 1e15], ["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3]] as const;

function short(value: number, digits = 2): string {
  const [suffix, scale] = steps.find(([, step]) => value >= step) ?? ["", 1];
  return `${formatNumber(value / scale, digits).replace(/\.0+$/, "")}${suffix === "" ? "" : `\u00a0${suffix}`}`;
}
