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

const rowNames: ReadonlyArray<readonly [RegExp, number]> = [[/^domain /, -1], [/^device /, 0], [/^(node switch|pcie switch)/, 1], [/^host /, 2], [/^nic /, 3]];
const outsideRow = 4;

const isAxis = ({ kind }: LoadedLink): boolean => /^(axis|row) /.test(kind);

export function nodeData({ inside, wish, jobNodes, machine }: NetworkPicture): NodeData {
  const node = wish.at.index;
  const prefix = `node ${node} / `;
  const items = new Map<string, NodeItem>();
  const at = jobNodes.indexOf(node);
  // Where nodes hang on routers of their own, the links to neighbours begin at these.
  const routers = new Set(inside.filter((link) => !isAxis(link)).flatMap(({ from, to }) => [from, to]).filter((end) => !end.startsWith(prefix)));
  /** What lies outside: a switch by its name; neighbours of a torus together, axis by axis. */
  const itemOf = (end: string, link: LoadedLink): string => {
    const own = end.startsWith(prefix);
    const beside = !own && isAxis(link) && !routers.has(end);
    const id = own ? end.slice(prefix.length) : beside ? `neighbours, ${kindWord(link.kind).name}` : showEnd(end);
    if (!items.has(id)) {
      const name = own ? id : end;
      const row = rowNames.find(([pattern]) => pattern.test(name))?.[1] ?? (own ? 2 : beside ? outsideRow + 1 + Number(link.kind.replace(/\D+/g, "")) : outsideRow);
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
    // There are two neighbours on an axis of a torus, told apart by the far end; their own links back belong to them.
    const far = isAxis(link) && !link.to.startsWith(prefix) ? link.to : "";
    const key = `${from} > ${to} ${far}`;
    const line = lines.get(key) ?? { kind: link.kind, from, to, capacity_bytes_per_s: link.capacity_bytes_per_s, latency_s: link.latency_s, there: null, back: null, used: 0 };
    line[forward ? "there" : "back"] = link;
    line.used = Math.max(line.used, link.used);
    lines.set(key, line);
  }
  const found = [...new Set([...items.values()].map(({ row }) => row))].toSorted((a, b) => a - b);
  const rows = found.map((row) => [...items.values()].filter((item) => item.row === row).toSorted(order));
  return { node, rows, lines: [...lines.values()], widest_bytes_per_s: Math.max(...[...lines.values()].map((line) => line.capacity_bytes_per_s), 1) };
}

function order(a: NodeItem | undefined, b: NodeItem | undefined): number {
  if (!a || !b) return 0;
  return a.row - b.row || a.label.localeCompare(b.label, "en", { numeric: true });
}
