/**
 * An exchange as if all ranks met after every step: a step takes what its fullest link needs for all its bytes, and the latency of its longest way. No flow on
 * that link can end sooner, so no step takes less; that ranks run ahead of one another is left out. One pass over all messages, for exchanges of
 * which the events would take minutes. Beside the events on Summit's tree: 1 % longer where routing spreads the load; under a fixed routing -3 to +2 %, and once
 * 17 % longer, where few links were overloaded (docs/simulation.md).
 */
import type { Exchange } from "../network/exchange.ts";
import type { NetworkGraph } from "../network/topology/index.ts";

export function synchronousTime(graph: NetworkGraph, placement: Int32Array, { phases }: Exchange): number {
  const { links, longestRoute } = graph;
  const load_bytes = new Float64Array(links.count);
  const way = new Int32Array(longestRoute);
  const touched = new Int32Array(links.count);
  let total_s = 0;
  for (const { repeat, from, to, bytes } of phases) {
    let [count, latency_s, transfer_s] = [0, 0, 0];
    for (let flow = 0; flow < from.length; flow++) {
      const end = graph.route(placement[from[flow] as number] as number, placement[to[flow] as number] as number, way, 0);
      let own_s = 0;
      for (let at = 0; at < end; at++) {
        const link = way[at] as number;
        if ((load_bytes[link] as number) === 0) touched[count++] = link;
        load_bytes[link] = (load_bytes[link] as number) + (bytes[flow] as number);
        own_s += links.latency_s[link] as number;
      }
      if (own_s > latency_s) latency_s = own_s;
    }
    for (let at = 0; at < count; at++) {
      const link = touched[at] as number;
      transfer_s = Math.max(transfer_s, (load_bytes[link] as number) / (links.capacity_bytes_per_s[link] as number));
      load_bytes[link] = 0;
    }
    total_s += repeat * (transfer_s + latency_s);
  }
  return total_s;
}
