/** Bruck's all-gather: ceil(lg n) steps for any n, in each everybody passes all that it has gathered, the last time only what is missing, to the rank 1, 2, 4, ... before. */
import { gatherBound_s } from "./parts/bounds.ts";
import { ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { circulantAllGather } from "./parts/circulant.ts";
import { addShift, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  return { ranks, parts: ranks, phases: circulantAllGather({ members: ranks, lanes: 1, rank: (member) => member, perShare: 1, where: "", share: (member) => [member] }) };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  for (let distance = 1; distance < ranks; distance *= 2) addShift(tally, network, 1, distance, (bytes * Math.min(distance, ranks - distance)) / ranks);
  return tally;
}

export const allGatherBruck: CollectiveAlgorithm = {
  id: "all-gather-bruck",
  operation: "all-gather",
  does: "all that is gathered goes to ranks twice as far each time, around a circle",
  source: "Bruck et al. 1997, Efficient algorithms for all-to-all communications in multiport message-passing systems",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: gatherBound_s,
};
