/**
 * Hierarchical all-reduce: reduce-scatter over the devices of a node, all-reduce between nodes by a few leaders, all-gather inside
 * (NCCL inside and MPI outside, as on Summit in 2018; Kurth et al. SC18). Between nodes by recursive halving and doubling
 * (Rabenseifner 2004: 2 lg m steps, 2 (m-1)/m of the vector). The three phases follow one another.
 * Left out: pipelining of the phases, and the extra step where the number of nodes is not a power of two.
 */
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork } from "./types.ts";

export const hierarchical: CollectiveAlgorithm = {
  id: "hierarchical",
  does: "sums inside the node, leaders sum between nodes, result is gathered inside",
  allReduce(bytes: number, network: CollectiveNetwork) {
    const { nodes, devicesPerNode: g } = network;
    if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
    const insideNode_s = g > 1 ? (2 * bytes * (g - 1)) / g / network.nodeLink_bytes_per_s : 0;
    const nodeSends_bytes = nodes > 1 ? (2 * bytes * (nodes - 1)) / nodes : 0;
    const betweenNodes_s = nodeSends_bytes / (network.fabric_bytes_per_s * Math.min(1, network.leaderShare));
    const latency_s = (g > 1 ? 2 * (g - 1) * network.nodeLinkLatency_s : 0) + (nodes > 1 ? 2 * Math.ceil(Math.log2(nodes)) * network.fabricLatency_s : 0);
    return { time_s: insideNode_s + betweenNodes_s + latency_s, insideNode_s, betweenNodes_s, latency_s, nodeSends_bytes };
  },
};
