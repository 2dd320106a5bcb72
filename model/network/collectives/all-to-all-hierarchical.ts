/**
 * Hierarchical all-to-all: inside the node each device collects what goes to devices of its own place in other nodes, then devices of one place exchange between nodes:
 * g - 1 and m - 1 steps with messages m and g times as large as a block, instead of n - 1 small ones.
 */
import { allToAllBound_s } from "./parts/bounds.ts";
import { checkFlows, copies, makeFlows, range, ranksOf, stepsOf, type BlockPhase, type BlockPlan } from "./parts/block-plan.ts";
import { addSteps, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const { nodes, devicesPerNode: g } = shape;
  const ranks = ranksOf(shape);
  checkFlows(ranks * (nodes + g - 2), "fewer ranks");
  const block = (sender: number, receiver: number): number => sender * ranks + receiver;
  const inside = range(1, g - 1).map((distance): BlockPhase => {
    const partner = (rank: number): number => rank - (rank % g) + (((rank % g) + distance) % g);
    const blocks = (_: number, rank: number): number[] => range(0, nodes).map((node) => block(rank, node * g + (partner(rank) % g)));
    return { name: `inside the node, ${distance} on`, repeat: 1, ...makeFlows(ranks, (rank) => rank, partner), count: nodes, effect: copies, blocks };
  });
  const between = range(1, nodes - 1).map((distance): BlockPhase => {
    const partner = (rank: number): number => (rank + distance * g) % ranks;
    const blocks = (_: number, rank: number): number[] => range(rank - (rank % g), g).map((sender) => block(sender, partner(rank)));
    return { name: `between nodes, ${distance} on`, repeat: 1, ...makeFlows(ranks, (rank) => rank, partner), count: g, effect: copies, blocks };
  });
  return { ranks, parts: ranks, phases: [...inside, ...between] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  if (g > 1) addSteps(tally, network, g - 1, bytes / g, 0);
  if (nodes > 1) addSteps(tally, network, nodes - 1, 0, (g * bytes) / nodes);
  return tally;
}

export const allToAllHierarchical: CollectiveAlgorithm = {
  id: "all-to-all-hierarchical",
  operation: "all-to-all",
  does: "devices of a node first collect for their place in other nodes, then nodes exchange",
  source: "Rajbhandari et al. 2022, DeepSpeed-MoE: advancing mixture-of-experts inference and training",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allToAllBound_s,
};
