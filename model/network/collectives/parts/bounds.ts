/**
 * Times that no algorithm of an operation beats (Chan et al. 2007, Collective communication: theory, practice and experience): what must leave the
 * busiest node goes through its way out and then takes one latency; what all ranks must send together goes through all links of all devices and nodes.
 * Left out: the number of rounds, which depends on how many messages a rank may send at once.
 */
import type { CollectiveNetwork } from "../types.ts";

/** `node_bytes`: must leave the busiest of several nodes; `device_bytes`: must leave the busiest device of a single node; `all_bytes`: all ranks together. */
function bound_s(network: CollectiveNetwork, node_bytes: number, device_bytes: number, all_bytes: number): number {
  const { nodes, devicesPerNode: g, nodeLink_bytes_per_s, fabric_bytes_per_s } = network;
  if (nodes * g <= 1 || all_bytes <= 0) return 0;
  if (nodes === 1) return device_bytes / nodeLink_bytes_per_s + network.nodeLinkLatency_s;
  const pooled_s = all_bytes / (nodes * fabric_bytes_per_s + (g > 1 ? nodes * g * nodeLink_bytes_per_s : 0));
  return Math.max(node_bytes / fabric_bytes_per_s + network.fabricLatency_s, pooled_s);
}

/** Every rank holds the vector, every rank gets the sum; nobody but ranks adds. */
export function allReduceBound_s(bytes: number, network: CollectiveNetwork): number {
  const { nodes, devicesPerNode: g } = network;
  return bound_s(network, (2 * bytes * (nodes - 1)) / nodes, (2 * bytes * (g - 1)) / g, 2 * bytes * (nodes * g - 1));
}

/** The same where switches add between nodes: each node gives its vector and gets the sum. */
export function switchedAllReduceBound_s(bytes: number, network: CollectiveNetwork): number {
  return network.nodes > 1 ? bound_s(network, bytes, 0, bytes) : allReduceBound_s(bytes, network);
}

/** The same where the switch inside the node adds: each device gives its vector and gets the sum. */
export function nodeSwitchedAllReduceBound_s(bytes: number, network: CollectiveNetwork): number {
  return bound_s(network, (2 * bytes * (network.nodes - 1)) / network.nodes, bytes, bytes);
}

/** All-gather and reduce-scatter, which mirror each other: each rank gets, or gives, a share from or to every other. */
export function gatherBound_s(bytes: number, network: CollectiveNetwork): number {
  const { nodes, devicesPerNode: g } = network;
  return bound_s(network, (bytes * (nodes - 1)) / nodes, (bytes * (g - 1)) / g, bytes * (nodes * g - 1));
}

/** What every rank must get once: a broadcast. */
export function broadcastBound_s(bytes: number, network: CollectiveNetwork): number {
  return bound_s(network, bytes, bytes, bytes * (network.nodes * network.devicesPerNode - 1));
}

export function allToAllBound_s(bytes: number, network: CollectiveNetwork): number {
  const { nodes, devicesPerNode: g } = network;
  return bound_s(network, (g * bytes * (nodes - 1)) / nodes, (bytes * (g - 1)) / g, bytes * (nodes * g - 1));
}

export function sendBound_s(bytes: number, network: CollectiveNetwork): number {
  return bound_s(network, bytes, bytes, bytes * network.nodes * network.devicesPerNode);
}
