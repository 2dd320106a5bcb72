/** Walks of ways by the names of links' ends, which know nothing of how a topology numbers its links. */
import type { NetworkGraph } from "../../../../model/network/topology/index.ts";

export function routeOf(graph: NetworkGraph, from: number, to: number, label?: number): number[] {
  // The guards before and after tell a route that writes outside its place.
  const out = new Int32Array(graph.longestRoute + 4).fill(-7);
  const end = graph.route(from, to, out, 2, label);
  if (out[0] !== -7 || out[1] !== -7 || (out[end] ?? -7) !== -7) throw new Error(`the way from ${from} to ${to} writes outside its place`);
  return [...out.subarray(2, end)];
}

/** What is wrong with a way: nothing, or a sentence. `name`: of endpoints. */
export function faultOf(graph: NetworkGraph, from: number, to: number, name: (endpoint: number) => string, label?: number): string | undefined {
  const way = routeOf(graph, from, to, label);
  const told = `${from} to ${to}: ${way.map((link) => `${graph.links.describe(link).from} > ${graph.links.describe(link).to}`).join(", ")}`;
  if (way.length === 0 || way.length > graph.longestRoute) return `${way.length} links, ${told}`;
  if (new Set(way).size !== way.length) return `a link twice, ${told}`;
  if (way.some((link) => link < 0 || link >= graph.links.count)) return `no such link, ${told}`;
  let place = name(from);
  for (const link of way) {
    const { from: start, to: end } = graph.links.describe(link);
    if (start !== place) return `not connected at ${place}, ${told}`;
    place = end;
  }
  return place === name(to) ? undefined : `ends at ${place}, ${told}`;
}

/** The first faults over all pairs of the first endpoints. */
export function faultsOf(graph: NetworkGraph, name: (endpoint: number) => string, endpoints = graph.endpoints): string[] {
  const faults: string[] = [];
  for (let from = 0; from < endpoints; from++) {
    for (let to = 0; to < endpoints; to++) {
      const fault = from === to ? undefined : faultOf(graph, from, to, name);
      if (fault) faults.push(fault);
      if (faults.length >= 5) return faults;
    }
  }
  return faults;
}

/** Fewest links between places, over the named ends of all links: the distance that no minimal route may exceed. */
export function distancesFrom(graph: NetworkGraph, start: string): Map<string, number> {
  const next = new Map<string, string[]>();
  for (let link = 0; link < graph.links.count; link++) {
    const { from, to } = graph.links.describe(link);
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
  }
  const distances = new Map([[start, 0]]);
  const queue = [start];
  for (const place of queue) {
    for (const other of next.get(place) ?? []) {
      if (distances.has(other)) continue;
      distances.set(other, (distances.get(place) ?? 0) + 1);
      queue.push(other);
    }
  }
  return distances;
}
