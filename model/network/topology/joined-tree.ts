/**
 * A tree in which every subtree has one link up and one down: what a network with adaptive routing is when the parallel links of a level spread their load
 * as evenly as can be (min-max spread). An optimistic end: real switches see only their own queues, and ways that are not minimal load links twice.
 */
import { LinkBuilder, type NetworkGraph } from "./graph.ts";
import { nameHost, type Link, type NameEndpoint } from "./link.ts";

/** One level of the tree, from the hosts up: `down` children join in one parent, over one link each. */
export interface JoinedLevel extends Link {
  readonly down: number;
  readonly kind: string;
  /** What a child of this level is called: "leaf", "group". */
  readonly child: string;
}

export function makeJoinedTree(levels: readonly JoinedLevel[], name: NameEndpoint = nameHost): NetworkGraph {
  const count = levels.length;
  const below = new Int32Array(count + 1).fill(1);
  for (const [level, { down }] of levels.entries()) below[level + 1] = (below[level] ?? 1) * down;
  const endpoints = below[count] ?? 1;
  const [up, down] = [new Int32Array(count), new Int32Array(count)];
  const links = new LinkBuilder();
  levels.forEach(({ capacity_bytes_per_s, latency_s, kind, child, down: children }, level) => {
    const nodes = endpoints / (below[level] ?? 1);
    const lower = (index: number) => (level === 0 ? name(index) : `${child} ${index}`);
    const upper = (index: number) => (level === count - 1 ? "top" : `${levels[level + 1]?.child ?? ""} ${Math.floor(index / children)}`);
    up[level] = links.add(nodes, capacity_bytes_per_s, latency_s, (index) => ({ kind, from: lower(index), to: upper(index) }));
    down[level] = links.add(nodes, capacity_bytes_per_s, latency_s, (index) => ({ kind, from: upper(index), to: lower(index) }));
  });
  return {
    endpoints,
    links: links.build(),
    longestRoute: 2 * count,
    route(from, to, out, at) {
      let place = at;
      let level = 0;
      for (; level < count; level++) {
        const size = below[level]!;
        const [mine, theirs] = [(from / size) | 0, (to / size) | 0];
        if (mine === theirs) break;
        out[place++] = up[level]! + mine;
      }
      while (level-- > 0) out[place++] = down[level]! + ((to / below[level]!) | 0);
      return place;
    },
  };
}
