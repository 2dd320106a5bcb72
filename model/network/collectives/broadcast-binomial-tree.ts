/** Broadcast down a binomial tree: ceil(lg n) steps, in each everybody that has the message sends it on. Fewest steps; the whole message each time. */
import { broadcastBound_s } from "./parts/bounds.ts";
import { ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { addBinomial, binomialPhases } from "./parts/binomial.ts";
import { startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  return { ranks, parts: 1, phases: binomialPhases(ranks, "broadcast", () => [0]) };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  if (network.nodes * network.devicesPerNode <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  addBinomial(tally, network, bytes, false);
  return tally;
}

export const broadcastBinomialTree: CollectiveAlgorithm = {
  id: "broadcast-binomial-tree",
  operation: "broadcast",
  does: "everybody that has the message sends it to another",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: broadcastBound_s,
};
