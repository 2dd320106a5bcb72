/** The inside of a node: devices in a row with arcs between those that are joined directly, and below them, level by level, what carries their bytes out. */
import type { NodeData, NodeItem, NodeLine } from "../data/network-node.ts";
import { kindWord, showBusy } from "../data/network-words.ts";
import { showBytes } from "../data/si.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { count, show } from "../format.ts";
import { bar, label, place, root, type ChartSize } from "./kit.ts";
import { loadFill, loadKey } from "./load-scale.ts";

const itemHeight = 24;
const rowGap = 52;

interface Spot {
  left: number;
  right: number;
  y: number;
}

export function nodeLinks(data: NodeData, { width, ruler }: Pick<ChartSize, "width" | "ruler">, summary: string): SVGSVGElement {
  const gutter = width >= 620 ? 190 : 0;
  const inner = width - gutter;
  const devices = new Set(data.rows.flat().filter(({ device }) => device).map(({ id }) => id));
  const arcs = data.lines.filter((line) => devices.has(line.from) && devices.has(line.to));
  const arcSpace = arcs.length > 0 ? Math.min(150, 36 + inner * 0.09) : 8;
  const spots = placeItems(data, gutter, inner, arcSpace);
  const bottom = Math.max(...[...spots.values()].map(({ y }) => y)) + itemHeight;
  const height = bottom + 34;
  const chart = root(width, height, summary);
  const lines = data.lines.toSorted((a, b) => a.used - b.used);
  lines.forEach((line) => chart.append(lineMark(data, line, spots, arcs.includes(line) ? arcSpace : 0)));
  for (const row of data.rows) for (const item of row) chart.append(...itemMark(item, spots.get(item.id) as Spot, ruler));
  if (gutter > 0) chart.append(...gutterWords(data, spots, arcSpace));
  chart.append(...loadKey(0, height - 6, ruler, { idle: width >= 480 && data.lines.some(({ used }) => used === 0), outside: false }).elements);
  return chart;
}

const rowOf = (data: NodeData, id: string): number => data.rows.findIndex((row) => row.some((item) => item.id === id));

/** Devices stand evenly; what is below them spans those that hang on it. */
function placeItems(data: NodeData, left: number, width: number, arcSpace: number): Map<string, Spot> {
  const spots = new Map<string, Spot>();
  const deviceRow = data.rows.findIndex((row) => row.some(({ device }) => device));
  data.rows.forEach((row, at) => {
    // A switch above the devices stands above their arcs as well.
    const y = (at < deviceRow ? 8 : arcSpace + (deviceRow > 0 ? itemHeight + rowGap - 8 : 0)) + (at < deviceRow ? at : at - deviceRow) * (itemHeight + rowGap);
    const pitch = width / row.length;
    row.forEach((item, index) => {
      const joined = data.lines.flatMap(({ from, to }) => (from === item.id ? [to] : to === item.id ? [from] : [])).flatMap((id) => (at > 0 && rowOf(data, id) < at ? [spots.get(id) as Spot] : []));
      const own = { left: left + pitch * index + 3, right: left + pitch * (index + 1) - 3 };
      const spans = joined.length > 0 && row.length <= 4 && !isPort(item) && !isBeside(item.id);
      spots.set(item.id, { y, ...(spans ? { left: Math.min(...joined.map((spot) => spot.left)), right: Math.max(...joined.map((spot) => spot.right)) } : isPort(item) && row.length < 4 ? around((own.left + own.right) / 2, Math.min(pitch - 8, 90)) : own) });
    });
    untangle(row, spots, left, width);
  });
  return spots;
}

const isBeside = (id: string): boolean => id.startsWith("neighbours");
const isPort = (item: NodeItem): boolean => item.id.startsWith("nic ");
const around = (centre: number, width: number) => ({ left: centre - width / 2, right: centre + width / 2 });

/** Where spans would overlap, the row is dealt evenly. */
function untangle(row: readonly NodeItem[], spots: Map<string, Spot>, left: number, width: number): void {
  const clash = row.some((item, index) => index > 0 && (spots.get(item.id) as Spot).left < (spots.get((row[index - 1] as NodeItem).id) as Spot).right + 2);
  if (!clash) return;
  row.forEach((item, index) => Object.assign(spots.get(item.id) as Spot, { left: left + (width * index) / row.length + 3, right: left + (width * (index + 1)) / row.length - 3 }));
}

const middle = ({ left, right }: Spot): number => (left + right) / 2;

function lineMark(data: NodeData, line: NodeLine, spots: ReadonlyMap<string, Spot>, arcSpace: number): SVGElement {
  const [from, to] = [spots.get(line.from) as Spot, spots.get(line.to) as Spot];
  const tip = lineTip(line);
  const thick = 1.5 + (6 * line.capacity_bytes_per_s) / data.widest_bytes_per_s;
  const mark = s("g", { class: "mark", tabindex: -1, role: "img", "data-series": line.kind, "data-x": data.lines.indexOf(line), "data-key": `link:${line.from}:${line.to}:${data.lines.indexOf(line)}`, "data-tip": tipAttribute(tip), "aria-label": tipText(tip) });
  let path: string;
  if (arcSpace > 0) {
    const [x1, x2] = [middle(from), middle(to)];
    const spans = data.lines.flatMap((other) => [[spots.get(other.from) as Spot, spots.get(other.to) as Spot] as const]).filter(([a, b]) => a.y === from.y && b.y === from.y);
    const furthest = Math.max(1, ...spans.map(([a, b]) => Math.abs(middle(b) - middle(a))));
    const rise = 14 + ((arcSpace - 24) * Math.abs(x2 - x1)) / furthest;
    path = `M${place(x1)},${place(from.y)}C${place(x1)},${place(from.y - rise * 1.3)} ${place(x2)},${place(to.y - rise * 1.3)} ${place(x2)},${place(to.y)}`;
  } else if (isBeside(line.to)) {
    const beside = data.lines.filter((other) => other.from === line.from && isBeside(other.to));
    const x = from.left + ((from.right - from.left) * (beside.indexOf(line) + 1)) / (beside.length + 1);
    path = `M${place(x)},${place(from.y + itemHeight)}L${place(x)},${place(to.y)}`;
  } else if (from.y === to.y) {
    const [x1, x2] = [from.right - 24, to.left + 24];
    path = `M${place(x1)},${place(from.y + itemHeight)}C${place(x1)},${place(from.y + itemHeight + 28)} ${place(x2)},${place(to.y + itemHeight + 28)} ${place(x2)},${place(to.y + itemHeight)}`;
  } else {
    const twins = data.lines.filter((other) => other.from === line.from && other.to === line.to);
    const shift = (twins.indexOf(line) - (twins.length - 1) / 2) * (thick + 3);
    const wideEnd = to.right - to.left > from.right - from.left;
    const x1 = wideEnd ? middle(from) : Math.min(Math.max(middle(to), from.left + 4), from.right - 4);
    const x2 = wideEnd ? Math.min(Math.max(x1, to.left + 4), to.right - 4) : middle(to);
    const siblings = data.lines.filter((other) => other.from === line.from && other.to !== line.to);
    const lean = siblings.length > 0 && from.right - from.left <= (to.right - to.left) * 1.2 ? (siblings.findIndex((other) => data.lines.indexOf(other) > data.lines.indexOf(line)) === 0 ? -5 : 5) : 0;
    path = `M${place(x1 + shift + lean)},${place(from.y + itemHeight)}L${place(x2 + shift + lean)},${place(to.y)}`;
  }
  mark.append(s("path", { d: path, fill: "none", stroke: "transparent", "stroke-width": Math.max(10, thick + 4) }), s("path", { d: path, fill: "none", stroke: loadFill(line.used), "stroke-width": place(thick), ...(line.used > 0 ? {} : { "stroke-opacity": 0.5 }) }));
  return mark;
}

export function lineTip({ kind, from, to, capacity_bytes_per_s, latency_s, there, back }: NodeLine): Tip {
  const load = (link: NodeLine["there"]): string => (link ? `${showBytes(Math.round(link.carried_bytes))}, busy ${showBusy(link.used)}` : "nothing");
  return { head: kindWord(kind).name, place: `${from} – ${to}`, rows: [["bandwidth", `${show(capacity_bytes_per_s, "bandwidth")} each way`], ["latency", show(latency_s, "time")], ["there", load(there)], ...(back ? [["back", load(back)] as const] : [])], text: kindWord(kind).help };
}

function itemMark(item: NodeItem, { left, right, y }: Spot, ruler: ChartSize["ruler"]): SVGElement[] {
  const short = item.label.replace(/^device |^nic |^host |^pcie switch /, "");
  const text = ruler(item.label) + 8 <= right - left ? item.label : ruler(short) + 4 <= right - left ? short : "";
  const tip: Tip = { head: item.label, rows: item.device ? [["rank", item.rank === null ? "not in the job" : count(item.rank)]] : [] };
  const box = bar(left, y, right - left, itemHeight, item.device ? "var(--alt)" : "var(--paper)", { stroke: item.device ? "var(--ink2)" : "var(--line2)", rx: 2 });
  const group = s("g", { class: "mark", tabindex: -1, role: item.device ? "button" : "img", "data-series": "items", "data-x": item.id, "data-key": `item:${item.id}`, "data-tip": tipAttribute(tip), "aria-label": tipText(tip), ...(item.rank === null ? {} : { "data-rank": item.rank }) }, box);
  if (text !== "") group.append(label((left + right) / 2, y + 16, text, { anchor: "middle", fill: "var(--ink)", ...(item.device ? { weight: 500 } : {}) }));
  return [group];
}

/** Kinds of links with their bandwidth, at the height at which they are drawn. */
function gutterWords(data: NodeData, spots: ReadonlyMap<string, Spot>, arcSpace: number): SVGElement[] {
  const heights = new Map<string, number>();
  for (const { kind, from, to } of data.lines) {
    const [a, b] = [spots.get(from) as Spot, spots.get(to) as Spot];
    const y = isBeside(to) ? b.y - 14 : a.y !== b.y ? (a.y + itemHeight + b.y) / 2 : data.rows.flat().some(({ id, device }) => device && id === from) ? a.y - arcSpace / 2 : a.y + itemHeight / 2;
    if (!heights.has(kind)) heights.set(kind, y);
  }
  const used: number[] = [];
  return [...heights].toSorted((a, b) => a[1] - b[1]).flatMap(([kind, height]) => {
    let y = height;
    while (used.some((other) => Math.abs(other - y) < 30)) y += 30;
    used.push(y);
    const own = data.lines.filter((line) => line.kind === kind);
    const most = Math.max(...own.map(({ capacity_bytes_per_s }) => capacity_bytes_per_s));
    return [label(0, y - 2, kindWord(kind).name, { fill: "var(--ink2)", size: 12 }), label(0, y + 12, `${show(most, "bandwidth")} each way, busy ${showBusy(Math.max(...own.map(({ used: share }) => share)))}`)];
  });
}
