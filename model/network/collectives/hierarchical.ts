/**
 * Hierarchical all-reduce: reduce-scatter over the devices of a node, all-reduce between nodes by a few leaders, all-gather inside (NCCL inside and MPI outside, as
 * on Summit in 2018). Between nodes by halving and doubling: 2 lg m steps, 2 (m-1)/m of the vector; on a circle, so that any number of nodes takes as many
 * rounded up. Fewer leaders than devices are first given the shares of the others, and give them back. Leaders sit apart, so that every socket and network port has
 * its part of them: of four among six devices 0, 1, 3 and 4, as on Summit. Left out: pipelining of the phases.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { copies, makeFlows, range, ranksOf, stepsOf, type BlockPhase, type BlockPlan } from "./parts/block-plan.ts";
import { circulantAllGather, circulantReduceScatter, type Circles } from "./parts/circulant.ts";
import { ringsInside } from "./parts/tree-plan.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

/** The device of a node that is its leader of that number. */
export const leaderDevice = (leader: number, leaders: number, devicesPerNode: number): number => Math.floor((leader * devicesPerNode) / leaders);

/** A block is a piece of a device's share: piece p of L goes to leader p where the device is none, and each of these has a part for every node. */
function plan(shape: CollectiveShape): BlockPlan {
  const { nodes, devicesPerNode: g } = shape;
  const ranks = ranksOf(shape);
  const leaders = Math.min(shape.leaders ?? g, g);
  const piece = (device: number, leader: number): number => (device * leaders + leader) * nodes;
  const { before, after } = ringsInside(ranks, g, leaders * nodes);
  const leading = range(0, leaders).map((leader) => leaderDevice(leader, leaders, g));
  const others = range(0, g).filter((device) => !leading.includes(device));
  const circles: Circles = {
    members: nodes,
    lanes: leaders,
    perShare: g,
    where: " between nodes",
    rank: (node, leader) => node * g + (leading[leader] as number),
    share: (node, leader) => [
      ...range(0, leaders).map((own) => piece(leading[leader] as number, own) + node),
      ...others.map((device) => piece(device, leader) + node),
    ],
  };
  const device = (flow: number): number => others[Math.floor(flow / leaders) % others.length] as number;
  const firstOfNode = (flow: number): number => Math.floor(flow / leaders / others.length) * g;
  const handOver = makeFlows(nodes > 1 ? nodes * others.length * leaders : 0, (flow) => firstOfNode(flow) + device(flow), (flow) => firstOfNode(flow) + (leading[flow % leaders] as number));
  const hand = { repeat: 1, count: nodes, effect: copies, blocks: (_: number, flow: number) => range(piece(device(flow), flow % leaders), nodes) };
  const toLeaders: BlockPhase = { ...hand, ...handOver, name: "to the leaders" };
  const fromLeaders: BlockPhase = { ...hand, from: handOver.to, to: handOver.from, name: "from the leaders" };
  return { ranks, parts: g * leaders * nodes, phases: [before, toLeaders, ...circulantReduceScatter(circles), ...circulantAllGather(circles), fromLeaders, after] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
  const leaders = network.leaders ?? g;
  const hands = nodes > 1 && leaders < g;
  const insideSends_bytes = g > 1 ? (2 * bytes * (g - 1)) / g : 0;
  const handed_bytes = hands ? 2 * bytes * Math.max(1 / g, (g - leaders) / g / leaders) : 0;
  const insideNode_s = (insideSends_bytes + handed_bytes) / network.nodeLink_bytes_per_s;
  const nodeSends_bytes = nodes > 1 ? (2 * bytes * (nodes - 1)) / nodes : 0;
  const betweenNodes_s = nodeSends_bytes / (network.fabric_bytes_per_s * Math.min(1, network.leaderShare));
  const insideSteps = (g > 1 ? 2 * (g - 1) : 0) + (hands ? 2 : 0);
  const latency_s = insideSteps * network.nodeLinkLatency_s + (nodes > 1 ? 2 * Math.ceil(Math.log2(nodes)) * network.fabricLatency_s : 0);
  return { time_s: insideNode_s + betweenNodes_s + latency_s, insideNode_s, betweenNodes_s, latency_s, nodeSends_bytes };
}

export const hierarchical: CollectiveAlgorithm = {
  id: "hierarchical",
  operation: "all-reduce",
  does: "sums inside the node, leaders sum between nodes, result is gathered inside",
  source: "Kurth et al. SC18, Exascale deep learning for climate analytics; between nodes Rabenseifner 2004 on the circle of Bruck et al. 1997",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
