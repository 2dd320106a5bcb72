/** A way through the network as a line with stops: places it passes, and beside each stretch the link's kind, latency, bandwidth and load; the narrowest is said. */
import type { RouteStep, RouteSummary } from "../data/network-route.ts";
import { kindWord, showBusy, showEnd } from "../data/network-words.ts";
import { showBytes } from "../data/si.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { count, show } from "../format.ts";
import { bar, label, root, wrap, type ChartSize } from "./kit.ts";
import { loadFill } from "./load-scale.ts";

const rowHeight = 44;
const headHeight = 18;

export function routeLine(steps: readonly RouteStep[], { narrowest, bottleneck_bytes_per_s }: RouteSummary, ends: readonly [string, string], { width, ruler }: Pick<ChartSize, "width" | "ruler">, summary: string): SVGSVGElement {
  const height = headHeight + steps.length * rowHeight + 22;
  const chart = root(width, height, summary);
  const wide = width >= 420;
  const [latencyAt, bandwidthAt, busyAt] = wide ? [width - 150, width - 62, width] : [width - 118, width - 48, width];
  chart.append(label(latencyAt, 10, "latency", { anchor: "end" }), label(bandwidthAt, 10, "bandwidth", { anchor: "end" }), label(busyAt, 10, "busy", { anchor: "end" }));
  const most = Math.max(...steps.map(({ capacity_bytes_per_s }) => capacity_bytes_per_s));
  const room = latencyAt - 62 - (wide ? 20 : 4);
  const stop = (at: number, name: string, end: boolean): void => {
    const y = headHeight + at * rowHeight + 6;
    chart.append(s("circle", { cx: 8, cy: y, r: end ? 5 : 3.5, fill: end ? "var(--accent)" : "var(--paper)", stroke: end ? "var(--accent)" : "var(--ink)", "stroke-width": 1.5 }));
    chart.append(label(20, y + 4, wrap(name, width - 24, 1, ruler, 12)[0] ?? "", { size: 12, fill: "var(--ink)", weight: end ? 600 : 400 }));
  };
  steps.forEach((step, at) => {
    const y = headHeight + at * rowHeight + 6;
    const thick = 2 + (7 * step.capacity_bytes_per_s) / most;
    const tip = stepTip(step);
    const isNarrow = step.kind === narrowest && step.capacity_bytes_per_s === bottleneck_bytes_per_s;
    const mark = s("g", { class: "mark", tabindex: -1, role: "img", "data-series": "route", "data-x": at, "data-key": `route:${at}`, "data-tip": tipAttribute(tip), "aria-label": tipText(tip) }, bar(0, y + 9, width, rowHeight - 16, "transparent", { class: "hover" }), bar(8 - thick / 2, y, thick, rowHeight, loadFill(step.used)));
    const words = step.links > 1 ? `${count(step.links)} × ${kindWord(step.kind).name}` : kindWord(step.kind).name;
    const middle = y + rowHeight / 2 + 4;
    mark.append(label(30, middle, wrap(isNarrow && wide ? `${words}, narrowest` : words, Math.max(60, room + 10), 1, ruler)[0] ?? "", { fill: isNarrow ? "var(--ink)" : "var(--ink2)", weight: isNarrow ? 600 : 400 }),
      label(latencyAt, middle, show(step.latency_s, "time"), { anchor: "end", fill: "var(--ink2)" }), label(bandwidthAt, middle, show(step.capacity_bytes_per_s, "bandwidth"), { anchor: "end", fill: isNarrow ? "var(--ink)" : "var(--ink2)", weight: isNarrow ? 600 : 400 }), label(busyAt, middle, showBusy(step.used, 2), { anchor: "end", fill: "var(--ink2)" }));
    chart.append(mark);
  });
  steps.forEach((step, at) => stop(at, at === 0 ? ends[0] : showEnd(step.from), at === 0));
  stop(steps.length, ends[1], true);
  return chart;
}

function stepTip({ kind, from, to, links, latency_s, capacity_bytes_per_s, carried_bytes, used }: RouteStep): Tip {
  return {
    head: kindWord(kind).name,
    ...(links > 1 ? { place: `${count(links)} links in a row` } : {}),
    rows: [["from", showEnd(from)], ["to", showEnd(to)], ["latency", show(latency_s, "time")], ["bandwidth", show(capacity_bytes_per_s, "bandwidth")], ["carries", `${showBytes(Math.round(carried_bytes))} in the collective`], ["busy", showBusy(used)]],
    text: kindWord(kind).help,
  };
}
