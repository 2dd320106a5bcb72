/**
 * All-reduce with sums in the switch inside the node (NVLink SHARP): each device reads its share of the sum through the switch, which fetches it from all, and writes
 * it to all at once; two trees sum the shares between nodes. Reading and writing overlap chunk by chunk, so that a device's link carries (g+1)/g of the vector each
 * way. A flow ends at an endpoint, so in the steps each half of that goes to the next device of the node, which loads the links alike. Left out: the time
 * that the switch takes to add.
 */
import { nodeSwitchedAllReduceBound_s } from "./parts/bounds.ts";
import { makeFlows, range, stepsOf, sumsInNetwork } from "./parts/block-plan.ts";
import { treePlan, type Inside } from "./parts/tree-plan.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

/** Blocks of a share come in two halves, one for each tree. */
function switchInside(ranks: number, g: number, perShare: number): Inside {
  const flows = makeFlows(ranks, (rank) => rank, (rank) => (rank % g === g - 1 ? rank + 1 - g : rank + 1));
  const phase = { repeat: g > 1 ? 1 : 0, ...flows, count: ((g + 1) * perShare) / 2, effect: sumsInNetwork };
  const { to } = flows;
  return {
    before: { ...phase, name: "read sums through the switch", blocks: (_, flow) => range(((to[flow] as number) % g) * perShare, perShare) },
    after: { ...phase, name: "write through the switch to all", blocks: () => range(0, g * perShare) },
  };
}

const plan = (shape: CollectiveShape, bytes: number) => treePlan(shape, bytes, 2, switchInside);

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
  const insideNode_s = g > 1 ? (bytes * (g + 1)) / g / network.nodeLink_bytes_per_s : 0;
  const nodeSends_bytes = nodes > 1 ? bytes * (nodes > 2 ? 2 : 1) : 0;
  const betweenNodes_s = nodeSends_bytes / network.fabric_bytes_per_s;
  const latency_s = (g > 1 ? 2 * network.nodeLinkLatency_s : 0) + (nodes > 1 ? 2 * Math.ceil(Math.log2(nodes)) * network.fabricLatency_s : 0);
  // The stages are pipelined chunk by chunk, so the slower one sets the pace.
  return { time_s: Math.max(insideNode_s, betweenNodes_s) + latency_s, insideNode_s, betweenNodes_s, latency_s, nodeSends_bytes };
}

export const nvls: CollectiveAlgorithm = {
  id: "nvls",
  operation: "all-reduce",
  does: "the switch inside the node adds; two binary trees between nodes",
  source: "Klenk et al. 2020, An in-network architecture for accelerating shared-memory multiprocessor collectives",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: nodeSwitchedAllReduceBound_s,
};
