/**
 * Links of a network that have failed, or have a part of their bandwidth. A failed link carries nothing; where routing hashes, ways over it are hashed again
 * until one avoids it, as a switch leaves out a dead port. Routing by destination has no other way: the pair is a problem then. Adaptive routing is drawn
 * as bundles of parallel links: of n cables with one dead, the bundle keeps (n - 1) / n of its bandwidth, so slow it. Left out: time to notice a failure.
 */
import type { NetworkGraph } from "../network/topology/index.ts";
import { InputError, unknownName, wrongValue, type Problem } from "../problems.ts";

export interface SlowLink {
  /** "leaf 3 > spine 1" as the topology names it, that direction alone; "leaf 3 <> spine 1" both; or a kind of links. Cables between the same two ends go together. */
  readonly name: string;
  /** Of its bandwidth that is left, above 0 to 1. */
  readonly share: number;
}

export interface LinkConditions {
  readonly slow: readonly SlowLink[];
  readonly failed: readonly string[];
}

/** Hashes tried before a pair counts as cut off. */
const mostLabels = 64;

export function withConditions(graph: NetworkGraph, { slow, failed }: LinkConditions): NetworkGraph {
  if (slow.length === 0 && failed.length === 0) return graph;
  const found = findLinks(graph, [...slow.map(({ name }) => ({ name, path: "slowLinks" })), ...failed.map((name) => ({ name, path: "failedLinks" }))]);
  const capacity_bytes_per_s = graph.links.capacity_bytes_per_s.slice();
  slow.forEach(({ share }, index) => {
    for (const link of found[index] as readonly number[]) capacity_bytes_per_s[link] = (capacity_bytes_per_s[link] as number) * share;
  });
  const dead = new Uint8Array(graph.links.count);
  for (const link of found.slice(slow.length).flat()) {
    dead[link] = 1;
    capacity_bytes_per_s[link] = 0;
  }
  const links = { ...graph.links, capacity_bytes_per_s };
  return failed.length === 0 ? { ...graph, links } : { ...graph, links, route: routeAround(graph, dead) };
}

function routeAround(graph: NetworkGraph, dead: Uint8Array): NetworkGraph["route"] {
  const isAlive = (out: Int32Array, at: number, end: number): boolean => {
    for (let place = at; place < end; place++) if (dead[out[place] as number]) return false;
    return true;
  };
  return (from, to, out, at, label = 0) => {
    let end = graph.route(from, to, out, at, label);
    for (let other = 1; other < mostLabels && !isAlive(out, at, end); other++) end = graph.route(from, to, out, at, label + other * 0x10001);
    return end;
  };
}

/** Links of each name; throws all problems at once. */
function findLinks({ links }: NetworkGraph, wanted: readonly { name: string; path: string }[]): number[][] {
  const found = wanted.map((): number[] => []);
  const names = new Set<string>();
  const kinds = new Set<string>();
  for (let link = 0; link < links.count; link++) {
    const { kind, from, to } = links.describe(link);
    kinds.add(kind);
    names.add(`${from} > ${to}`);
    wanted.forEach(({ name }, index) => {
      if (name === kind || name === `${from} > ${to}` || name === `${from} <> ${to}` || name === `${to} <> ${from}`) (found[index] as number[]).push(link);
    });
  }
  const problems = wanted.flatMap(({ name, path }, index): Problem[] => ((found[index] as number[]).length > 0 ? [] : [nameProblem(path, name, [...names], [...kinds])]));
  if (problems.length > 0) throw new InputError(problems);
  return found;
}

/** Among half a million names only the nearest helps. */
function nameProblem(path: string, name: string, names: readonly string[], kinds: readonly string[]): Problem {
  const numbers = (text: string): string => text.replace(/\d+/g, "0");
  const alike = names.filter((one) => numbers(one) === numbers(name.replace("<>", ">")));
  const { hint } = unknownName(path, "link", name.replace("<>", ">"), alike.length > 0 ? alike : [...new Map(names.map((one) => [numbers(one), one])).values(), ...kinds]);
  return { code: "unknown-name", path, got: `"${name}"`, expected: `a link as the topology names it, such as "${names[0] ?? ""}", or a kind: ${kinds.join(", ")}`, ...(hint ? { hint } : {}) };
}

export const checkConditions = ({ slow }: LinkConditions): Problem[] =>
  slow.flatMap(({ name, share }, index) => (share > 0 && share <= 1 ? [] : [wrongValue(`slowLinks[${index}] ${name}`, share, "the share of its bandwidth that is left, above 0 to 1", "a link that carries nothing is a failed one")]));
