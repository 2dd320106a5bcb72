/**
 * All-gather by recursive doubling: lg n exchanges of all that partners have gathered, 1, 2, 4, ... shares. Ranks beyond a power of two give their share to a
 * neighbour before and get all others from it after, so that the last step carries nearly the whole vector once more.
 */
import { gatherBound_s } from "./parts/bounds.ts";
import { range, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { groupOf, exchangePhase, neighbourPhase, pairUp } from "./parts/doubling.ts";
import { addNeighbours, addPairs, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const pairing = pairUp(ranksOf(shape));
  const { ranks, active } = pairing;
  const rounds = range(0, pairing.rounds).map((round) => {
    const distance = 1 << round;
    const count = Int32Array.from({ length: active }, (_, number) => groupOf(pairing, number, distance).count);
    return exchangePhase(pairing, "exchange", distance, count, "copy", (number) => {
      const group = groupOf(pairing, number, distance);
      return range(group.first, group.count);
    });
  });
  const before = neighbourPhase(pairing, "share to the neighbour", "in", 1, "copy", (index) => [2 * index]);
  const after = neighbourPhase(pairing, "all others from the neighbour", "out", ranks - 1, "copy", (index) => range(0, ranks).filter((block) => block !== 2 * index));
  return { ranks, parts: ranks, phases: [before, ...rounds, after] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  const active = 2 ** (31 - Math.clz32(ranks));
  const extra = ranks - active;
  const share_bytes = bytes / ranks;
  if (extra > 0) addNeighbours(tally, network, 1, share_bytes);
  for (let distance = 1; distance < active; distance *= 2) addPairs(tally, network, 1, distance, share_bytes * (distance + Math.min(distance, extra)), extra);
  if (extra > 0) addNeighbours(tally, network, 1, share_bytes * (ranks - 1));
  return tally;
}

export const allGatherRecursiveDoubling: CollectiveAlgorithm = {
  id: "all-gather-recursive-doubling",
  operation: "all-gather",
  does: "partners twice as far each time exchange all that they have gathered",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: gatherBound_s,
};
