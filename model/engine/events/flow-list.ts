/** All flows of an exchange with their ways, as columns: what folding compares. Ways hold only links that can bind, numbered as `Binding` has them. */
import type { Exchange } from "../../network/exchange.ts";
import type { NetworkGraph } from "../../network/topology/graph.ts";
import type { Binding } from "./ways.ts";

export interface FlowList {
  readonly count: number;
  readonly phase: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly bytes: Float64Array;
  readonly latency_s: Float64Array;
  readonly cap_bytes_per_s: Float64Array;
  /** Links of flow f: link[start[f]] to link[start[f + 1] - 1]. */
  readonly start: Int32Array;
  readonly link: Int32Array;
}

export const countFlows = ({ phases }: Exchange): number => phases.reduce((sum, { from }) => sum + from.length, 0);

export function listFlows(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, { numberOf }: Binding): FlowList {
  const count = countFlows(exchange);
  const phaseOf = new Int32Array(count);
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const bytes = new Float64Array(count);
  const latency_s = new Float64Array(count);
  const cap_bytes_per_s = new Float64Array(count);
  const start = new Int32Array(count + 1);
  let link = new Int32Array(Math.max(16, count * 2));
  const route = new Int32Array(graph.longestRoute);
  const { links } = graph;
  let at = 0;
  let place = 0;
  exchange.phases.forEach((phase, index) => {
    for (let flow = 0; flow < phase.from.length; flow++, at++) {
      phaseOf[at] = index;
      from[at] = phase.from[flow] as number;
      to[at] = phase.to[flow] as number;
      bytes[at] = phase.bytes[flow] as number;
      const hops = graph.route(placement[from[at] as number] as number, placement[to[at] as number] as number, route, 0);
      let cap = Number.POSITIVE_INFINITY;
      let wait_s = 0;
      if (place + hops > link.length) {
        const longer = new Int32Array(link.length * 2 + hops);
        longer.set(link);
        link = longer;
      }
      for (let hop = 0; hop < hops; hop++) {
        const one = route[hop] as number;
        wait_s += links.latency_s[one] as number;
        cap = Math.min(cap, links.capacity_bytes_per_s[one] as number);
        if ((numberOf[one] as number) >= 0) link[place++] = numberOf[one] as number;
      }
      latency_s[at] = wait_s;
      cap_bytes_per_s[at] = cap;
      start[at + 1] = place;
    }
  });
  return { count, phase: phaseOf, from, to, bytes, latency_s, cap_bytes_per_s, start, link: link.subarray(0, place) };
}
