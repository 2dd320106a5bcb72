/** Pairwise all-to-all: n - 1 steps, in step d everybody sends its block for the rank d places on. One block in flight at a time; a step per rank. */
import { allToAllBound_s } from "./parts/bounds.ts";
import { checkFlows, copies, makeFlows, range, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { addShift, addSteps, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  checkFlows(ranks * (ranks - 1), "the hierarchical all-to-all, or fewer ranks");
  const phases = range(1, ranks - 1).map((distance) => ({
    name: `${distance} on`,
    repeat: 1,
    ...makeFlows(ranks, (rank) => rank, (rank) => (rank + distance) % ranks),
    count: 1,
    effect: copies,
    blocks: (_: number, rank: number) => [rank * ranks + ((rank + distance) % ranks)],
  }));
  return { ranks, parts: ranks, phases };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  const ranks = nodes * g;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  const block_bytes = bytes / ranks;
  if (nodes === 1) {
    addSteps(tally, network, ranks - 1, block_bytes, 0);
    return tally;
  }
  // In all but 2 (g - 1) steps everybody sends to another node; distances d and n - d are alike.
  for (let distance = 1; distance < g; distance++) addShift(tally, network, 2, distance, block_bytes);
  addSteps(tally, network, ranks - 1 - 2 * (g - 1), 0, g * block_bytes);
  return tally;
}

export const allToAllPairwise: CollectiveAlgorithm = {
  id: "all-to-all-pairwise",
  operation: "all-to-all",
  does: "in step d everybody sends to the rank d places on",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allToAllBound_s,
};
