/** The oracle's networks as the model makes them. */
import { makeDragonfly } from "../../model/network/topology/dragonfly.ts";
import { makeFatTree } from "../../model/network/topology/fat-tree.ts";
import { LinkBuilder, type NetworkGraph } from "../../model/network/topology/graph.ts";
import { makeStar } from "../../model/network/topology/star.ts";
import { makeTorus } from "../../model/network/topology/torus.ts";
import type { Network } from "./networks.ts";

export function buildGraph(network: Network): NetworkGraph {
  if (network.kind === "ways") return buildWays(network);
  const { capacity_bytes_per_s, latency_s } = network;
  const link = { capacity_bytes_per_s, latency_s };
  if (network.kind === "star") return makeStar(network.endpoints, capacity_bytes_per_s, latency_s);
  if (network.kind === "torus") return makeTorus({ sizes: network.sizes, link });
  if (network.kind === "fat-tree") {
    const { down, up, cables } = network;
    return makeFatTree({ levels: down.map((children, level) => ({ ...link, down: children, up: up[level] ?? 1, cables: cables[level] ?? 1 })) });
  }
  return makeDragonfly({
    groups: network.groups,
    chassis: network.chassis,
    blades: network.blades,
    hostsPerRouter: network.nodes,
    host: link,
    green: { ...link, cables: network.bladeCables },
    black: { ...link, cables: network.chassisCables },
    blue: { ...link, cables: network.groupCables },
    simgridChassisBug: network.chassisBug ?? false,
  });
}

function buildWays({ endpoints, capacity_bytes_per_s, latency_s, ways }: Extract<Network, { kind: "ways" }>): NetworkGraph {
  const links = new LinkBuilder();
  capacity_bytes_per_s.forEach((capacity, link) => links.add(1, capacity, latency_s[link] ?? 0, () => ({ kind: "drawn", from: `link ${link}`, to: `link ${link}` })));
  const wayOf = new Map(ways.map(([from = 0, to = 0, ...way]) => [from * endpoints + to, way]));
  return {
    endpoints,
    links: links.build(),
    longestRoute: Math.max(...ways.map((way) => way.length - 2)),
    route(from, to, out, at) {
      const way = wayOf.get(from * endpoints + to) ?? [];
      way.forEach((link, hop) => (out[at + hop] = link));
      return at + way.length;
    },
  };
}
