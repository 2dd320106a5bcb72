/**
 * Double binary tree all-reduce between nodes (as in NCCL since 2.4), sums inside the node by its links. With two nodes an edge carries the vector once, with more
 * twice. Depth lg m, up and down. The closed form is that of endless pipelining: stages overlap and chunks are small. Left out there: the un-pipelined chunk that
 * every hop pays, which matters from 1 to 8 MiB, and that three nodes get by with 1.5. The steps have chunks, and do the stages one after another.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { stepsOf } from "./parts/block-plan.ts";
import { treePlan } from "./parts/tree-plan.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

const plan = (shape: CollectiveShape, bytes: number) => treePlan(shape, bytes, 2);

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
  const insideNode_s = g > 1 ? (2 * bytes * (g - 1)) / g / network.nodeLink_bytes_per_s : 0;
  const nodeSends_bytes = nodes > 1 ? bytes * (nodes > 2 ? 2 : 1) : 0;
  const betweenNodes_s = nodeSends_bytes / network.fabric_bytes_per_s;
  const latency_s = (g > 1 ? 2 * (g - 1) * network.nodeLinkLatency_s : 0) + (nodes > 1 ? 2 * Math.ceil(Math.log2(nodes)) * network.fabricLatency_s : 0);
  // The stages are pipelined chunk by chunk, so the slower one sets the pace.
  return { time_s: Math.max(insideNode_s, betweenNodes_s) + latency_s, insideNode_s, betweenNodes_s, latency_s, nodeSends_bytes };
}

export const tree: CollectiveAlgorithm = {
  id: "tree",
  operation: "all-reduce",
  does: "two binary trees between nodes, each for half of the vector",
  source: "Sanders, Speck and Traeff 2009, Two-tree algorithms for full bandwidth broadcast, reduction and scan",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
