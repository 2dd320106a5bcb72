/** Titles of the network page, made from what was computed, and its tables. */
import { count, show } from "../format.ts";
import type { LinkClass, NetworkPicture } from "../network/protocol.ts";
import { placeName } from "./network-map.ts";
import { routeSteps, type RouteSummary } from "./network-route.ts";
import { kindWord, operationWords, showBusy } from "./network-words.ts";
import { showBytes } from "./si.ts";
import type { Table } from "./table.ts";

export const nodesWords = (nodes: number): string => `${count(nodes)} ${nodes === 1 ? "node" : "nodes"}`;

export function networkTitle(picture: NetworkPicture): string {
  const { operation, wish, machine, time_s, ranks } = picture;
  const what = operationWords[operation as keyof typeof operationWords]?.name ?? operation;
  return ranks === 1 ? `One device of ${machine.title} alone: nothing is sent` : `${what} of ${showBytes(wish.bytes)} on ${nodesWords(wish.nodes)} of ${machine.title}: ${show(time_s, "time")}`;
}

const fullest = (classes: readonly LinkClass[]): LinkClass | undefined => classes.find(({ busy }) => busy > 0);

export function mapFinding({ classes, wish, time_s }: NetworkPicture): string {
  const most = wish.kind === null ? fullest(classes) : classes.find(({ kind }) => kind === wish.kind);
  const used = most?.fullest[0]?.used;
  if (most === undefined || used === undefined) return wish.kind === null ? "No link carries anything" : `${capital(kindWord(wish.kind).many)} carry nothing`;
  return `${capital(kindWord(most.kind).many)} are ${wish.kind === null ? "fullest" : "busy"}: up to ${showBusy(used)} of ${show(time_s, "time")}`;
}

export function busiestFinding({ classes }: NetworkPicture): string {
  const [most, next] = classes.filter(({ busy }) => busy > 0);
  if (most === undefined) return "Nothing is carried";
  const [first, second] = [most.fullest[0]?.used ?? 0, next?.fullest[0]?.used ?? 0];
  const name = capital(kindWord(most.kind).many);
  if (next === undefined || second <= 0) return `Only ${kindWord(most.kind).many} carry anything`;
  const ratio = first / second;
  return ratio >= 1.1 ? `${name} are ${ratio.toPrecision(2)} × as busy as ${kindWord(next.kind).many}` : `${name} and ${kindWord(next.kind).many} are about as busy`;
}

export const classesFinding = ({ classes, links }: NetworkPicture): string => `${count(links)} links of ${classes.length === 1 ? "one kind" : `${classes.length} kinds`}`;

export function routeFinding(summary: RouteSummary | null, { wish }: NetworkPicture): string {
  if (summary === null) return "Both ranks are the same: there is no way between them";
  return `Rank ${count(wish.from)} to ${count(wish.to)}: ${count(summary.links)} ${summary.links === 1 ? "link" : "links"}, ${show(summary.latency_s, "time")}, ${show(summary.bottleneck_bytes_per_s, "bandwidth")}`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const digits = (value: number): number => Number(value.toPrecision(6));
const inGB_per_s = (rate_bytes_per_s: number): number => digits(rate_bytes_per_s / 1e9);
const inMiB = (bytes: number): number => digits(bytes / 2 ** 20);
const inUs = (time_s: number): number => digits(time_s * 1e6);
const inPercent = (share: number): number => digits(share * 100);

export function busiestTable(picture: NetworkPicture): Table {
  return {
    name: "busiest", caption: `Most used links of each kind: ${networkTitle(picture)}`,
    columns: [{ name: "kind" }, { name: "from" }, { name: "to" }, { name: "carries", unit: "MiB" }, { name: "bandwidth", unit: "GB/s" }, { name: "time", unit: "ms" }, { name: "busy", unit: "%" }],
    rows: picture.classes.flatMap(({ fullest: links }) => links.map(({ kind, from, to, carried_bytes, capacity_bytes_per_s, used }) => [kind, from, to, inMiB(carried_bytes), inGB_per_s(capacity_bytes_per_s), digits((carried_bytes / capacity_bytes_per_s) * 1e3), inPercent(used)])),
  };
}

export function classesTable(picture: NetworkPicture): Table {
  return {
    name: "classes", caption: `Kinds of links of ${picture.machine.title}`,
    columns: [{ name: "kind" }, { name: "links", whole: true }, { name: "bandwidth, least", unit: "GB/s" }, { name: "bandwidth, most", unit: "GB/s" }, { name: "latency, least", unit: "µs" }, { name: "latency, most", unit: "µs" }, { name: "links that carry", whole: true }, { name: "carried in all", unit: "MiB" }, { name: "busy, mean", unit: "%" }],
    rows: picture.classes.map(({ kind, count: links, capacity_bytes_per_s: [low, high], latency_s: [short, long], busy, carried_bytes, meanUsed }) => [kind, links, inGB_per_s(low), inGB_per_s(high), inUs(short), inUs(long), busy, inMiB(carried_bytes), inPercent(meanUsed)]),
  };
}

export function routeTable(picture: NetworkPicture): Table {
  return {
    name: "route", caption: `Way from rank ${picture.wish.from} to rank ${picture.wish.to}`,
    columns: [{ name: "kind" }, { name: "from" }, { name: "to" }, { name: "links", whole: true }, { name: "latency", unit: "µs" }, { name: "bandwidth", unit: "GB/s" }, { name: "carries", unit: "MiB" }, { name: "busy", unit: "%" }],
    rows: routeSteps(picture.route).map(({ kind, from, to, links, latency_s, capacity_bytes_per_s, carried_bytes, used }) => [kind, from, to, links, inUs(latency_s), inGB_per_s(capacity_bytes_per_s), inMiB(carried_bytes), inPercent(used)]),
  };
}

/** The places that the map shows, one row each; of a node its links. */
export function mapTable(picture: NetworkPicture): Table {
  const { levels, loads, wish, inside, machine } = picture;
  const { at } = wish;
  if (at.depth === levels.length) {
    return {
      name: "map", caption: `Links of ${placeName(picture, at)}`,
      columns: [{ name: "kind" }, { name: "from" }, { name: "to" }, { name: "bandwidth", unit: "GB/s" }, { name: "latency", unit: "µs" }, { name: "carries", unit: "MiB" }, { name: "busy", unit: "%" }],
      rows: inside.map(({ kind, from, to, capacity_bytes_per_s, latency_s, carried_bytes, used }) => [kind, from, to, inGB_per_s(capacity_bytes_per_s), inUs(latency_s), inMiB(carried_bytes), inPercent(used)]),
    };
  }
  const level = levels[at.depth];
  const own = loads[at.depth];
  const size = level?.nodes ?? 1;
  const first = at.depth === 0 ? 0 : Math.round((at.index * (levels[at.depth - 1]?.nodes ?? 1)) / size);
  const end = at.depth === 0 ? (level?.places ?? 0) : Math.min(level?.places ?? 0, Math.ceil(((at.index + 1) * (levels[at.depth - 1]?.nodes ?? 1)) / size - 1e-9));
  return {
    name: "map", caption: `Places of ${placeName(picture, at)}`,
    columns: [{ name: level?.name ?? "place", whole: true }, { name: "nodes", whole: true }, { name: "out of it", unit: "GB/s" }, { name: "sends", unit: "MiB" }, { name: "receives", unit: "MiB" }, { name: "its fullest link", unit: "%" }, { name: "fullest inside", unit: "%" }],
    rows: Array.from({ length: end - first }, (_, step) => {
      const index = first + step;
      return [index, Math.min(size, machine.nodes - index * size), inGB_per_s(own?.out_bytes_per_s[index] ?? 0), inMiB(own?.out_bytes[index] ?? 0), inMiB(own?.in_bytes[index] ?? 0), inPercent(own?.own[index] ?? 0), inPercent(own?.within[index] ?? 0)];
    }),
  };
}
