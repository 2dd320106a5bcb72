/**
 * An exchange of a group with servers that hold the weights: gradients (or weights) go, weights come. Alone it takes the latency both ways and the bytes at the slower
 * of the client's share of its node's ports and all servers together, one way after the other. Servers that are asked more often than they can answer hold everybody
 * back: a step takes at least clients x bytes / (rate of all servers x period), the asymptote of a closed queue; between the two a fully used server is reached
 * without waiting, which holds for steps of nearly equal length (test/model/simulate: within 6 % at 5 % jitter).
 * Dean et al. 2012 (parameter servers); Zhang, Choromanska, LeCun 2015 (elastic averaging); Kurth et al. 2017 (groups). Left out: servers of unequal load.
 */
import { groupsAt, type Asynchrony } from "./scheme.ts";

export interface ExchangeNetwork {
  /** What a node's ports reach, one way, and a small message takes. */
  readonly node_bytes_per_s: number;
  readonly latency_s: number;
  readonly devicesPerNode: number;
}

/** One exchange of one client that finds servers free. `bytes`: one way. */
export function exchangeAlone_s(asynchrony: Asynchrony, network: ExchangeNetwork, bytes: number, devices: number): number {
  if (asynchrony.exchange !== "server" || bytes <= 0) return 0;
  const { size } = groupsAt(asynchrony, devices);
  const clientsPerNode = Math.max(1, network.devicesPerNode / size);
  return 2 * (network.latency_s + bytes / Math.min(network.node_bytes_per_s / clientsPerNode, serverRate(asynchrony, network)));
}

const serverRate = ({ servers, server_bytes_per_s }: Asynchrony, { node_bytes_per_s }: ExchangeNetwork): number => servers * (server_bytes_per_s ?? node_bytes_per_s);

/** The least that a step takes because servers serve all groups, both ways at once. */
export function serverFloor_s(asynchrony: Asynchrony, network: ExchangeNetwork, bytes: number, devices: number): number {
  if (asynchrony.exchange !== "server") return 0;
  return (groupsAt(asynchrony, devices).groups * bytes) / (serverRate(asynchrony, network) * asynchrony.period);
}
