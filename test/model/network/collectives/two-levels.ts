/**
 * The network that closed forms speak of: devices with a link inside the node, nodes with one way out, nothing else in between. As a graph for the events engine,
 * and as a recursion without events for exchanges in which all flows that share a link are alike: each takes its latency and its bytes at an equal share of the
 * busier of its two ends, and a rank goes on when its own sends and receives of the step have ended.
 */
import { LinkBuilder, type NetworkGraph } from "../../../../model/network/topology/graph.ts";
import type { CollectiveNetwork } from "../../../../model/network/collectives/types.ts";
import type { Exchange, Phase } from "../../../../model/network/exchange.ts";

function flowTimes({ from, to, bytes }: Phase, network: CollectiveNetwork): Float64Array {
  const { devicesPerNode: g } = network;
  const nodeOf = (rank: number): number => Math.floor(rank / g);
  const load = new Map<string, number>();
  const placesOf = (flow: number): [string, string] => {
    const [sender, receiver] = [from[flow] as number, to[flow] as number];
    return nodeOf(sender) === nodeOf(receiver) ? [`device ${sender} out`, `device ${receiver} in`] : [`node ${nodeOf(sender)} out`, `node ${nodeOf(receiver)} in`];
  };
  for (let flow = 0; flow < from.length; flow++) for (const place of placesOf(flow)) load.set(place, (load.get(place) ?? 0) + 1);
  return bytes.map((size, flow) => {
    const [out, into] = placesOf(flow);
    const sharers = Math.max(load.get(out) ?? 0, load.get(into) ?? 0);
    const inside = out.startsWith("device");
    const rate_bytes_per_s = inside ? network.nodeLink_bytes_per_s : network.fabric_bytes_per_s * Math.min(1, network.leaderShare);
    return (inside ? network.nodeLinkLatency_s : network.fabricLatency_s) + (size * sharers) / rate_bytes_per_s;
  });
}

export function endOnTwoLevels({ ranks, phases }: Exchange, network: CollectiveNetwork): number {
  let now_s = new Float64Array(ranks);
  for (const phase of phases) {
    const time_s = flowTimes(phase, network);
    for (let step = 0; step < phase.repeat; step++) {
      const next_s = now_s.slice();
      phase.from.forEach((sender, flow) => {
        const end_s = (now_s[sender] as number) + (time_s[flow] as number);
        for (const rank of [sender, phase.to[flow] as number]) next_s[rank] = Math.max(next_s[rank] as number, end_s);
      });
      now_s = next_s;
    }
  }
  return now_s.reduce((latest, one) => Math.max(latest, one), 0);
}

/** Latency stands on the way out; into a device or a node there is none. */
export function makeTwoLevels({ nodes, devicesPerNode: g, ...speeds }: CollectiveNetwork): NetworkGraph {
  const links = new LinkBuilder();
  const describe = (kind: string, from: string, to: string) => () => ({ kind, from, to });
  const out = links.add(nodes * g, speeds.nodeLink_bytes_per_s, speeds.nodeLinkLatency_s, describe("device", "device", "node"));
  const into = links.add(nodes * g, speeds.nodeLink_bytes_per_s, 0, describe("device", "node", "device"));
  const nodeOut = links.add(nodes, speeds.fabric_bytes_per_s, speeds.fabricLatency_s, describe("fabric", "node", "fabric"));
  const nodeIn = links.add(nodes, speeds.fabric_bytes_per_s, 0, describe("fabric", "fabric", "node"));
  return {
    endpoints: nodes * g,
    links: links.build(),
    longestRoute: 2,
    route(from, to, route, at) {
      const [sender, receiver] = [Math.floor(from / g), Math.floor(to / g)];
      route[at] = sender === receiver ? out + from : nodeOut + sender;
      route[at + 1] = sender === receiver ? into + to : nodeIn + receiver;
      return at + 2;
    },
  };
}
