/** Patterns in the words that simgrid/oracle.cpp reads. */
import type { ExchangePattern } from "./exchanges.ts";
import type { Network } from "./networks.ts";
import type { FlowPattern } from "./patterns.ts";

type Words = (string | number)[];

export function writeNetwork(network: Network): Words {
  if (network.kind === "ways") {
    const links = network.capacity_bytes_per_s.flatMap((capacity, link) => [capacity, network.latency_s[link] ?? 0]);
    const ways = network.ways.flatMap(([from = 0, to = 0, ...way]) => [from, to, way.length, ...way]);
    return ["ways", network.endpoints, network.capacity_bytes_per_s.length, ...links, network.ways.length, ...ways];
  }
  const head: Words = [network.kind, network.capacity_bytes_per_s, network.latency_s];
  if (network.kind === "star") return [...head, network.endpoints];
  if (network.kind === "fat-tree") return [...head, network.down.length, ...network.down, ...network.up, ...network.cables];
  if (network.kind === "torus") return [...head, network.sizes.length, ...network.sizes];
  const { groups, groupCables, chassis, chassisCables, blades, bladeCables, nodes } = network;
  return [...head, groups, groupCables, chassis, chassisCables, blades, bladeCables, nodes];
}

export function writeFlows({ network, flows: { from, to, bytes, start_s } }: FlowPattern): string {
  const lines = from.map((sender, flow) => [sender, to[flow], bytes[flow], start_s[flow]].join(" "));
  return [writeNetwork(network).join(" "), `flows ${from.length}`, ...lines, ""].join("\n");
}

export function writeExchange({ network, placement, start_s, exchange: { ranks, phases } }: ExchangePattern): string {
  const lines = phases.flatMap(({ repeat, from, to, bytes }) => [`${repeat} ${from.length}`, ...Array.from(from, (sender, flow) => `${sender} ${to[flow]} ${bytes[flow]}`)]);
  return [writeNetwork(network).join(" "), `exchange ${ranks}`, placement.join(" "), start_s.join(" "), phases.length, ...lines, ""].join("\n");
}
