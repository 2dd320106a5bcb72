/**
 * Ring all-reduce over all devices (Patarasuk and Yuan 2009): 2 (n-1) steps, each device sends 2 (n-1)/n of the vector to its neighbour.
 * The ring crosses each node's boundary once, so its pace is the slower of the node link and the node's way out.
 */
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork } from "./types.ts";

export const ring: CollectiveAlgorithm = {
  id: "ring",
  does: "one ring over all devices",
  allReduce(bytes: number, network: CollectiveNetwork) {
    const { nodes, devicesPerNode: g } = network;
    const ranks = nodes * g;
    if (ranks <= 1 || bytes <= 0) return nothingToDo;
    const pace = Math.min(g > 1 ? network.nodeLink_bytes_per_s : Number.POSITIVE_INFINITY, nodes > 1 ? network.fabric_bytes_per_s : Number.POSITIVE_INFINITY);
    const transfer_s = (2 * bytes * (ranks - 1)) / ranks / pace;
    const stepsOut = nodes > 1 ? 2 * nodes : 0;
    const stepsInside = 2 * (ranks - 1) - Math.min(stepsOut, 2 * (ranks - 1));
    const latency_s = stepsInside * network.nodeLinkLatency_s + Math.min(stepsOut, 2 * (ranks - 1)) * network.fabricLatency_s;
    const slowerOutside = nodes > 1 && network.fabric_bytes_per_s <= network.nodeLink_bytes_per_s;
    return {
      time_s: transfer_s + latency_s,
      insideNode_s: slowerOutside || (nodes > 1 && g === 1) ? 0 : transfer_s,
      betweenNodes_s: slowerOutside || (nodes > 1 && g === 1) ? transfer_s : 0,
      latency_s,
      nodeSends_bytes: nodes > 1 ? (2 * bytes * (ranks - 1)) / ranks : 0,
    };
  },
};
