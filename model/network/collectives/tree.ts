/**
 * Double binary tree all-reduce between nodes (Sanders, Speck and Traeff 2009; as in NCCL since 2.4), sums inside the node by its links.
 * With two nodes an edge carries the vector once, with more twice. Depth lg m, up and down.
 * Left out: the un-pipelined chunk that every hop pays, which matters from 1 to 8 MiB.
 */
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork } from "./types.ts";

export const tree: CollectiveAlgorithm = {
  id: "tree",
  does: "two binary trees between nodes, each for half of the vector",
  allReduce(bytes: number, network: CollectiveNetwork) {
    const { nodes, devicesPerNode: g } = network;
    if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
    const insideNode_s = g > 1 ? (2 * bytes * (g - 1)) / g / network.nodeLink_bytes_per_s : 0;
    const nodeSends_bytes = nodes > 1 ? bytes * (nodes > 2 ? 2 : 1) : 0;
    const betweenNodes_s = nodeSends_bytes / network.fabric_bytes_per_s;
    const latency_s = (g > 1 ? 2 * (g - 1) * network.nodeLinkLatency_s : 0) + (nodes > 1 ? 2 * Math.ceil(Math.log2(nodes)) * network.fabricLatency_s : 0);
    // The stages are pipelined chunk by chunk, so the slower one sets the pace.
    return { time_s: Math.max(insideNode_s, betweenNodes_s) + latency_s, insideNode_s, betweenNodes_s, latency_s, nodeSends_bytes };
  },
};
