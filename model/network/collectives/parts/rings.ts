/**
 * Rings: all ranks in one, or one in each group of consecutive ranks. A reduce-scatter ends with share i at member i, an all-gather begins there, each in one
 * step less than members (Patarasuk and Yuan 2009). `share` gives the blocks of a member's share.
 */
import { nothingToDo, type CollectiveNetwork, type CollectiveTime } from "../types.ts";
import { adds, copies, makeFlows, type BlockPhase } from "./block-plan.ts";

/** `members` must divide `ranks`: each run of so many ranks is a ring. */
export interface Rings {
  readonly ranks: number;
  readonly members: number;
  readonly perShare: number;
  readonly where: string;
  share(member: number): number[];
}

const wrap = (member: number, members: number): number => ((member % members) + members) % members;

const flowsToNext = (ranks: number, members: number) =>
  makeFlows(ranks, (rank) => rank, (rank) => (rank % members === members - 1 ? rank + 1 - members : rank + 1));

export function ringReduceScatter({ ranks, members, perShare, where, share }: Rings): BlockPhase {
  return {
    name: `reduce-scatter${where}`,
    repeat: members - 1,
    ...flowsToNext(ranks, members),
    count: perShare,
    effect: adds,
    blocks: (step, rank) => share(wrap((rank % members) - 1 - step, members)),
  };
}

export function ringAllGather({ ranks, members, perShare, where, share }: Rings): BlockPhase {
  return {
    name: `all-gather${where}`,
    repeat: members - 1,
    ...flowsToNext(ranks, members),
    count: perShare,
    effect: copies,
    blocks: (step, rank) => share(wrap((rank % members) - step, members)),
  };
}

/** Around all devices, once for each pass. The ring leaves each node once, so its pace is the slower of the node link and the node's way out. */
export function ringTime(bytes: number, network: CollectiveNetwork, passes: 1 | 2): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  const ranks = nodes * g;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const pace = Math.min(g > 1 ? network.nodeLink_bytes_per_s : Number.POSITIVE_INFINITY, nodes > 1 ? network.fabric_bytes_per_s : Number.POSITIVE_INFINITY);
  const transfer_s = (passes * bytes * (ranks - 1)) / ranks / pace;
  const steps = passes * (ranks - 1);
  const stepsOut = nodes > 1 ? Math.min(passes * nodes, steps) : 0;
  const latency_s = (steps - stepsOut) * network.nodeLinkLatency_s + stepsOut * network.fabricLatency_s;
  const slowerOutside = nodes > 1 && (g === 1 || network.fabric_bytes_per_s <= network.nodeLink_bytes_per_s);
  return {
    time_s: transfer_s + latency_s,
    insideNode_s: slowerOutside ? 0 : transfer_s,
    betweenNodes_s: slowerOutside ? transfer_s : 0,
    latency_s,
    nodeSends_bytes: nodes > 1 ? (passes * bytes * (ranks - 1)) / ranks : 0,
  };
}
