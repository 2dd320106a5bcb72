/** Broadcast of a long message: scattered down a binomial tree, then gathered around a ring. Nearly twice the message through the root, whatever the number of ranks. */
import { broadcastBound_s } from "./parts/bounds.ts";
import { range, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { addBinomial, binomialPhases } from "./parts/binomial.ts";
import { ringAllGather } from "./parts/rings.ts";
import { addShift, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  const gather = ringAllGather({ ranks, members: ranks, perShare: 1, where: "", share: (member) => [member] });
  return { ranks, parts: ranks, phases: [...binomialPhases(ranks, "scatter", range), gather] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  addBinomial(tally, network, bytes / ranks, true);
  addShift(tally, network, ranks - 1, 1, bytes / ranks);
  return tally;
}

export const broadcastScatterAllGather: CollectiveAlgorithm = {
  id: "broadcast-scatter-all-gather",
  operation: "broadcast",
  does: "shares are scattered down a tree and gathered around a ring",
  source: "Barnett et al. 1994, Interprocessor collective communication library (InterCom); Thakur, Rabenseifner and Gropp 2005",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: broadcastBound_s,
};
