/** Loads of links added up for a picture: by kind of link, by place of the machine, inside one node, along one way. */
import type { LinkTable, NetworkGraph, Outline } from "../../../model/network/topology/index.ts";
import type { LinkLoads } from "../../../model/simulate/link-loads.ts";
import type { LinkClass, LoadedLink, PlaceLoads } from "../network/protocol.ts";

/** What is known of each link without its load: columns, because there may be two million. */
export interface LinkIndex {
  kinds: string[];
  kind: Uint8Array;
  /** 255: no place. */
  depth: Uint8Array;
  place: Int32Array;
  /** 1: out of its place, upwards or across; 0: into or inside it. */
  out: Uint8Array;
  inside: Uint8Array;
}

const nowhere = 255;

export function indexLinks(links: LinkTable, outline: Outline, progress: (part: number) => void = () => {}): LinkIndex {
  const { count } = links;
  const index: LinkIndex = { kinds: [], kind: new Uint8Array(count), depth: new Uint8Array(count), place: new Int32Array(count), out: new Uint8Array(count), inside: new Uint8Array(count) };
  const known = new Map<string, number>();
  for (let link = 0; link < count; link++) {
    const ends = links.describe(link);
    let kind = known.get(ends.kind);
    if (kind === undefined) known.set(ends.kind, (kind = index.kinds.push(ends.kind) - 1));
    const owner = outline.ownerOf(ends);
    index.kind[link] = kind;
    index.depth[link] = owner?.depth ?? nowhere;
    index.place[link] = owner?.index ?? 0;
    index.out[link] = owner && (owner.way === "up" || owner.way === "across") ? 1 : 0;
    index.inside[link] = owner?.way === "inside" ? 1 : 0;
    if (link % 100_000 === 0) progress(link / count);
  }
  return index;
}

const usedShare = (carried: number, capacity: number, time_s: number): number => (carried > 0 && time_s > 0 ? carried / capacity / time_s : 0);

function loadedLink(links: LinkTable, { carried_bytes, time_s }: LinkLoads, link: number): LoadedLink {
  const [capacity_bytes_per_s, carried] = [links.capacity_bytes_per_s[link] ?? 0, carried_bytes[link] ?? 0];
  return { ...links.describe(link), capacity_bytes_per_s, latency_s: links.latency_s[link] ?? 0, carried_bytes: carried, used: usedShare(carried, capacity_bytes_per_s, time_s) };
}

const listed = 5;

/** Links of ports that no node uses are not counted. */
export function sumClasses(links: LinkTable, { kinds, kind, depth }: LinkIndex, loads: LinkLoads): Array<Omit<LinkClass, "facts">> {
  const { carried_bytes, time_s } = loads;
  const sums = kinds.map((name) => ({ name, count: 0, capacity: [Infinity, 0] as [number, number], latency: [Infinity, 0] as [number, number], busy: 0, carried: 0, used: 0, top: [] as number[] }));
  const use = (link: number): number => usedShare(carried_bytes[link] as number, links.capacity_bytes_per_s[link] as number, time_s);
  for (let link = 0; link < links.count; link++) {
    const sum = sums[kind[link] as number];
    if (sum === undefined || depth[link] === nowhere) continue;
    const [capacity, latency, carried] = [links.capacity_bytes_per_s[link] as number, links.latency_s[link] as number, carried_bytes[link] as number];
    sum.count++;
    sum.capacity = capacity < sum.capacity[0] || capacity > sum.capacity[1] ? [Math.min(sum.capacity[0], capacity), Math.max(sum.capacity[1], capacity)] : sum.capacity;
    sum.latency = latency < sum.latency[0] || latency > sum.latency[1] ? [Math.min(sum.latency[0], latency), Math.max(sum.latency[1], latency)] : sum.latency;
    if (carried <= 0) continue;
    const used = use(link);
    sum.busy++;
    sum.carried += carried;
    sum.used += used;
    const last = sum.top.at(-1);
    if (sum.top.length < listed || (last !== undefined && used > use(last))) {
      sum.top.push(link);
      sum.top.sort((a, b) => use(b) - use(a) || a - b);
      sum.top.length = Math.min(sum.top.length, listed);
    }
  }
  const alike = sums.map(({ top }) => (top[0] === undefined ? Infinity : use(top[0]) * 0.999));
  const counts = sums.map(() => 0);
  for (let link = 0; link < links.count; link++) {
    const own = kind[link] as number;
    if (depth[link] !== nowhere && (carried_bytes[link] as number) > 0 && use(link) >= (alike[own] as number)) counts[own] = (counts[own] as number) + 1;
  }
  return sums
    .map(({ name, count, capacity, latency, busy, carried, used, top }, own) => ({ kind: name, count, capacity_bytes_per_s: capacity, latency_s: latency, busy, carried_bytes: carried, meanUsed: busy > 0 ? used / busy : 0, fullest: top.map((link) => loadedLink(links, loads, link)), alike: counts[own] as number }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => (b.fullest[0]?.used ?? 0) - (a.fullest[0]?.used ?? 0));
}

/** `kind`: of these links only; null of all. */
export function loadsByPlace(links: LinkTable, outline: Outline, { kinds, kind, depth, place, out, inside }: LinkIndex, { carried_bytes, time_s }: LinkLoads, only: string | null): PlaceLoads[] {
  const loads = outline.levels.map(({ places }): PlaceLoads => ({ own: new Float32Array(places), within: new Float32Array(places), out_bytes_per_s: new Float64Array(places), out_bytes: new Float64Array(places), in_bytes: new Float64Array(places) }));
  const wanted = only === null ? -1 : kinds.indexOf(only);
  for (let link = 0; link < links.count; link++) {
    const own = loads[(depth[link] as number) - 1];
    if (own === undefined || (wanted >= 0 && kind[link] !== wanted)) continue;
    const at = place[link] as number;
    const [capacity, carried] = [links.capacity_bytes_per_s[link] as number, carried_bytes[link] as number];
    if (!inside[link]) {
      if (out[link]) {
        own.out_bytes_per_s[at] = (own.out_bytes_per_s[at] as number) + capacity;
        own.out_bytes[at] = (own.out_bytes[at] as number) + carried;
      } else own.in_bytes[at] = (own.in_bytes[at] as number) + carried;
    }
    if (carried > 0) own.own[at] = Math.max(own.own[at] as number, usedShare(carried, capacity, time_s));
  }
  for (let at = loads.length - 1; at >= 0; at--) {
    const here = loads[at] as PlaceLoads;
    here.own.forEach((used, index) => (here.within[index] = Math.max(here.within[index] as number, used)));
    const above = loads[at - 1];
    if (above) here.within.forEach((used, index) => {
      const parent = outline.placeOf(at, outline.nodesOf(at + 1, index)[0]);
      above.within[parent] = Math.max(above.within[parent] as number, used);
    });
  }
  return loads;
}

export function insideOf(links: LinkTable, outline: Outline, { depth, place }: LinkIndex, loads: LinkLoads, node: number): LoadedLink[] {
  const found: LoadedLink[] = [];
  for (let link = 0; link < links.count; link++) if (place[link] === node && depth[link] === outline.levels.length) found.push(loadedLink(links, loads, link));
  return found;
}

export function routeOf(graph: NetworkGraph, loads: LinkLoads, from: number, to: number): LoadedLink[] {
  if (from === to) return [];
  const way = new Int32Array(graph.longestRoute);
  const end = graph.route(from, to, way, 0);
  return Array.from(way.subarray(0, end), (link) => loadedLink(graph.links, loads, link));
}
