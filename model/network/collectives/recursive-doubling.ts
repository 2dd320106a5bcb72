/**
 * All-reduce by recursive doubling: lg n times everybody exchanges the whole vector with a partner twice as far away. Fewest steps, most bytes: for small vectors.
 * Ranks beyond a power of two give their vector to a neighbour before and get the sum from it after.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { exchangePhase, neighbourPhase, pairUp } from "./parts/doubling.ts";
import { addNeighbours, addPairs, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

const whole = (): number[] => [0];

function plan(shape: CollectiveShape): BlockPlan {
  const pairing = pairUp(ranksOf(shape));
  const rounds = Array.from({ length: pairing.rounds }, (_, round) => exchangePhase(pairing, "exchange", 1 << round, 1, "add", whole));
  return {
    ranks: pairing.ranks,
    parts: 1,
    phases: [neighbourPhase(pairing, "to the neighbour", "in", 1, "add", whole), ...rounds, neighbourPhase(pairing, "from the neighbour", "out", 1, "copy", whole)],
  };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  const active = 2 ** (31 - Math.clz32(ranks));
  for (let distance = 1; distance < active; distance *= 2) addPairs(tally, network, 1, distance, bytes, ranks - active);
  if (ranks > active) addNeighbours(tally, network, 2, bytes);
  return tally;
}

export const recursiveDoubling: CollectiveAlgorithm = {
  id: "recursive-doubling",
  operation: "all-reduce",
  does: "partners twice as far each time exchange the whole vector",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
