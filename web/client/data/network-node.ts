/** One node in rows: devices, switches or hosts below them, network ports, and what lies outside. Both directions of a link are one line. */
import type { LoadedLink, NetworkPicture } from "../network/protocol.ts";
import { kindWord, showEnd } from "./network-words.ts";

export interface NodeItem {
  id: string;
  label: string;
  row: number;
  /** Rank of the job on this device, or null. */
  rank: number | null;
  device: boolean;
}

export interface NodeLine {
  kind: string;
  /** Items; of two in one row the left one first. */
  from: string;
  to: string;
  capacity_bytes_per_s: number;
  latency_s: number;
  there: LoadedLink | null;
  back: LoadedLink | null;
  used: number;
}

export interface NodeData {
  node: number;
  rows: NodeItem[][];
  lines: NodeLine[];
  widest_bytes_per_s: number;
}

const rowNames: ReadonlyArray<readonly [RegExp, number]> = [[/^device /, 0], [/^(node switch|pcie switch)/, 1], [/^host /, 2], [/^nic /, 3]];
const outsideRow = 4;

/** What lies outside: a switch by its name; neighbours of a torus together, axis by axis. */
function nameOutside(end: string, link: LoadedLink): string {
  return /^(axis|row) /.test(link.kind) ? `neighbours, ${kindWord(link.kind).name}` : showEnd(end);
}

export function nodeData({ inside, wish, jobNodes, machine }: NetworkPicture): NodeData {
  const node = wish.at.index;
  const prefix = `node ${node} / `;
  const items = new Map<string, NodeItem>();
  const at = jobNodes.indexOf(node);
  const itemOf = (end: string, link: LoadedLink): string => {
    const own = end.startsWith(prefix);
    const id = own ? end.slice(prefix.length) : nameOutside(end, link);
    if (!items.has(id)) {
      const row = own ? (rowNames.find(([pattern]) => pattern.test(id))?.[1] ?? 2) : outsideRow;
      const device = own && row === 0;
      const number = Number(id.replace(/\D+/g, ""));
      items.set(id, { id, label: id, row, device, rank: device && at >= 0 ? at * machine.devicesPerNode + number : null });
    }
    return id;
  };
  const lines = new Map<string, NodeLine>();
  for (const link of inside) {
    const [a, b] = [itemOf(link.from, link), itemOf(link.to, link)];
    const forward = order(items.get(a), items.get(b)) <= 0;
    const [from, to] = forward ? [a, b] : [b, a];
    // A router of a torus has two neighbours on an axis, whose links are told apart by their far end.
    const far = link.from.startsWith(prefix) ? link.to : link.from;
    const key = `${from} > ${to} ${far.startsWith(prefix) ? "" : far}`;
    const line = lines.get(key) ?? { kind: link.kind, from, to, capacity_bytes_per_s: link.capacity_bytes_per_s, latency_s: link.latency_s, there: null, back: null, used: 0 };
    line[forward ? "there" : "back"] = link;
    line.used = Math.max(line.used, link.used);
    lines.set(key, line);
  }
  const rows = [0, 1, 2, 3, outsideRow].map((row) => [...items.values()].filter((item) => item.row === row).toSorted(order)).filter((row) => row.length > 0);
  return { node, rows, lines: [...lines.values()], widest_bytes_per_s: Math.max(...[...lines.values()].map((line) => line.capacity_bytes_per_s), 1) };
}

function order(a: NodeItem | undefined, b: NodeItem | undefined): number {
  if (!a || !b) return 0;
  return a.row - b.row || a.label.localeCompare(b.label, "en", { numeric: true });
}
