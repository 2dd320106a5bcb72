/**
 * All-reduce with sums in the switches between nodes (SHARP): inside the node rings reduce-scatter and gather, between nodes each device sends its share up once and
 * gets the sum down once. A flow ends at an endpoint, so in the steps each device sends its share to the same device of the next node: this loads every link of a tree
 * as the reduction does, in both directions, while nodes stand in order. Left out: the time that switches take to add, and their limits of size and number.
 */
import { switchedAllReduceBound_s } from "./parts/bounds.ts";
import { makeFlows, ranksOf, stepsOf, sumsInNetwork, type BlockPhase, type BlockPlan } from "./parts/block-plan.ts";
import { addSteps, startTally } from "./parts/tally.ts";
import { ringsInside } from "./parts/tree-plan.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const { nodes, devicesPerNode: g } = shape;
  const ranks = ranksOf(shape);
  const { before, after } = ringsInside(ranks, g, 1);
  const between: BlockPhase = {
    name: "sum in the switches",
    repeat: nodes > 1 ? 1 : 0,
    ...makeFlows(ranks, (rank) => rank, (rank) => (rank + g) % ranks),
    count: 1,
    effect: sumsInNetwork,
    blocks: (_, rank) => [rank % g],
  };
  return { ranks, parts: g, phases: [before, between, after] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  if (g > 1) addSteps(tally, network, 2 * (g - 1), bytes / g, 0);
  if (nodes > 1) addSteps(tally, network, 1, 0, bytes);
  return tally;
}

export const sharp: CollectiveAlgorithm = {
  id: "sharp",
  operation: "all-reduce",
  does: "switches between nodes add: each node sends the vector once and gets the sum once",
  source: "Graham et al. 2016, Scalable hierarchical aggregation protocol (SHArP): a hardware architecture for efficient data reduction",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: switchedAllReduceBound_s,
};
