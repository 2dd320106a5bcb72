/**
 * Links in series. Where all flows of a link go on over one and the same next link, it carries no more than that one does; if it is not narrower it cannot
 * bind before it does. The same holds for the link that all its flows come from. Of two equal links with the same flows the later is kept: following
 * the reasons from link to link never comes back, so some link of each series stays. Only of links that may bind it is asked who follows.
 */
import type { NetworkGraph } from "../../network/topology/graph.ts";
import { endOf, type DistinctSends, type Routes } from "./routes.ts";

const [unknown, several] = [-1, -2];

/** Takes from the links that may bind those that do not because of one before or after them. */
export function leaveOutSeries(graph: NetworkGraph, placement: Int32Array, sends: DistinctSends, routes: Routes | null, mayBind: Uint8Array): void {
  const next = new Int32Array(mayBind.length).fill(unknown);
  const previous = new Int32Array(mayBind.length).fill(unknown);
  const { capacity_bytes_per_s } = graph.links;
  const own = new Int32Array(graph.longestRoute);
  for (const [number, { from, to }] of sends.phases.entries()) {
    for (let flow = 0; flow < from.length; flow++) {
      const out = routes?.links ?? own;
      const first = routes === null ? 0 : ((sends.first[number] as number) + flow) * routes.stride;
      const end = routes === null ? graph.route(placement[from[flow] as number] as number, placement[to[flow] as number] as number, own, 0) : endOf(routes, first);
      let before = several;
      for (let hop = first; hop < end; hop++) {
        const link = out[hop] as number;
        if (mayBind[link]) {
          const after = hop + 1 < end ? (out[hop + 1] as number) : several;
          if (next[link] !== after) next[link] = next[link] === unknown ? after : several;
          if (previous[link] !== before) previous[link] = previous[link] === unknown ? before : several;
        }
        before = link;
      }
    }
  }
  const isCovered = (link: number): boolean => {
    const capacity = capacity_bytes_per_s[link] as number;
    const after = next[link] as number;
    if (after >= 0 && capacity >= (capacity_bytes_per_s[after] as number)) return true;
    const before = previous[link] as number;
    if (before < 0) return false;
    const narrower = capacity_bytes_per_s[before] as number;
    return capacity > narrower || (capacity === narrower && next[before] !== link);
  };
  for (let link = 0; link < mayBind.length; link++) if (mayBind[link] && isCovered(link)) mayBind[link] = 0;
}
