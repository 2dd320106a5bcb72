/** What an all-reduce is costed from and what it answers. One rank per device; `bytes` is the size of the vector that every rank holds. */
export interface CollectiveNetwork {
  readonly nodes: number;
  readonly devicesPerNode: number;
  /** Per device and direction, inside the node. */
  readonly nodeLink_bytes_per_s: number;
  readonly nodeLinkLatency_s: number;
  /** What a large reduction reaches out of one node, one direction, when all its NICs are used. */
  readonly fabric_bytes_per_s: number;
  readonly fabricLatency_s: number;
  /** Share of fabric_bytes_per_s that the node's leaders reach together, at most 1. */
  readonly leaderShare: number;
}

export interface CollectiveTime {
  readonly time_s: number;
  readonly insideNode_s: number;
  readonly betweenNodes_s: number;
  readonly latency_s: number;
  /** Sent by one node to others. */
  readonly nodeSends_bytes: number;
}

export interface CollectiveAlgorithm {
  readonly id: string;
  readonly does: string;
  allReduce(bytes: number, network: CollectiveNetwork): CollectiveTime;
}

export const nothingToDo: CollectiveTime = { time_s: 0, insideNode_s: 0, betweenNodes_s: 0, latency_s: 0, nodeSends_bytes: 0 };

/** Time no all-reduce can beat: every device must send and receive 2 (n-1)/n of the vector through the slower of its ways. */
export function lowerBound_s(bytes: number, network: CollectiveNetwork): number {
  const { nodes, devicesPerNode } = network;
  const inside = devicesPerNode > 1 ? (bytes * (devicesPerNode - 1)) / devicesPerNode / network.nodeLink_bytes_per_s : 0;
  const between = nodes > 1 ? (2 * bytes * (nodes - 1)) / nodes / network.fabric_bytes_per_s : 0;
  return Math.max(inside, between);
}
