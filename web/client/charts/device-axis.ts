/** The axis of device counts: ticks are the counts used, nodes as a second row, the active count in ink. */
import { scaleLinear, scaleLog } from "d3";
import { count } from "../format.ts";
import { s } from "../dom.ts";
import { label, rule, crisp, thinTicks, type Ruler } from "./kit.ts";

export interface Count {
  devices: number;
  nodes: number;
}

export type Scale = (value: number) => number;

export function deviceScale(counts: readonly Count[], kind: "log" | "linear", left: number, right: number): Scale & { invert(x: number): number } {
  const devices = counts.map((item) => item.devices);
  const low = Math.min(...devices);
  const high = Math.max(...devices);
  if (kind === "linear") return scaleLinear([0, high], [left, right]);
  return low === high ? scaleLog([low / 2, high * 2], [left, right]) : scaleLog([low, high], [left, right]);
}

export interface DeviceAxis {
  grid: SVGGElement;
  ticks: SVGGElement;
}

export function deviceAxis(counts: readonly Count[], x: Scale, active: number, top: number, bottom: number, left: number, ruler: Ruler): DeviceAxis {
  const shown = thinTicks(counts, (item) => x(item.devices), (item) => ruler(count(item.devices), 11, item.devices === active ? 600 : 400), (item, index) => item.devices === active || index === counts.length - 1);
  const nodesWidth = ruler("nodes", 11);
  const grid = s("g", {}, ...shown.map((item) => rule(crisp(x(item.devices)), top, crisp(x(item.devices)), bottom)));
  const ticks = s("g", {});
  shown.forEach((item, index) => {
    const style = item.devices === active ? { fill: "var(--ink)", weight: 600, anchor: "middle" as const } : { anchor: "middle" as const };
    ticks.append(label(x(item.devices), bottom + 17, count(item.devices), style));
    const before = shown[index - 1];
    if (before === undefined || item.nodes !== before.nodes) ticks.append(label(x(item.devices), bottom + 31, count(item.nodes), style.fill ? { anchor: "middle", fill: "var(--ink)" } : { anchor: "middle", size: 10.5 }));
  });
  const first = shown[0];
  const end = first === undefined ? left : x(first.devices) - ruler(count(first.devices), 11, 600) / 2 - 8;
  ticks.append(label(Math.max(nodesWidth, end), bottom + 17, "GPUs", { anchor: "end" }), label(Math.max(nodesWidth, end), bottom + 31, "nodes", { anchor: "end", size: 10.5 }));
  return { grid, ticks };
}
