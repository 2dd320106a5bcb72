/**
 * Hosts on a network of routers: each has a link of its own up and down, and routers carry the rest. What routers do is told a key with every way: the
 * destination where routing is deterministic (so that destinations spread over parallel ways, as d-mod-k does), a seeded hash where it is ECMP.
 */
import { LinkBuilder, type LinkTable, type NetworkGraph } from "./graph.ts";
import { hashBits, type Link, type NameEndpoint, type Routing } from "./link.ts";

export interface RouterNetwork {
  readonly routers: number;
  readonly links: LinkTable;
  readonly longestRoute: number;
  nameRouter(router: number): string;
  /** As of a NetworkGraph, between two different routers; `key` picks among ways that are equally good. */
  route(from: number, to: number, out: Int32Array, at: number, key: number): number;
}

export function attachHosts(network: RouterNetwork, hostsPerRouter: number, host: Link, routing: Routing, name: NameEndpoint): NetworkGraph {
  const endpoints = network.routers * hostsPerRouter;
  const links = new LinkBuilder();
  links.append(network.links);
  const router = (endpoint: number) => network.nameRouter(Math.floor(endpoint / hostsPerRouter));
  const up = links.add(endpoints, host.capacity_bytes_per_s, host.latency_s, (endpoint) => ({ kind: "host", from: name(endpoint), to: router(endpoint) }));
  const down = links.add(endpoints, host.capacity_bytes_per_s, host.latency_s, (endpoint) => ({ kind: "host", from: router(endpoint), to: name(endpoint) }));
  const seed = routing.kind === "ecmp" ? routing.seed : -1;
  return {
    endpoints,
    links: links.build(),
    longestRoute: network.longestRoute + 2,
    route(from, to, out, at, label = 0) {
      out[at] = up + from;
      let place = at + 1;
      const [mine, theirs] = [(from / hostsPerRouter) | 0, (to / hostsPerRouter) | 0];
      if (mine !== theirs) place = network.route(mine, theirs, out, place, seed < 0 ? to : hashBits(seed, from, to, label));
      out[place] = down + to;
      return place + 1;
    },
  };
}
