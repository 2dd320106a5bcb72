/**
 * All-reduce by recursive halving and doubling: lg n exchanges of halves, quarters, ... leave everybody a share of the sum, lg n exchanges bring the shares together;
 * 2 (n-1)/n of the vector. The large exchanges are with the nearest partners. Ranks beyond a power of two give their whole vector to a neighbour before and get
 * the sum from it after: two steps, and one rank adds for both.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { range, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { halveAndDouble, largestPower, neighbourPhase, pairUp } from "./parts/doubling.ts";
import { addNeighbours, addPairs, startTally, type Tally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const pairing = pairUp(ranksOf(shape));
  const { ranks, active: parts } = pairing;
  const whole = (): number[] => range(0, parts);
  const before = neighbourPhase(pairing, "to the neighbour", "in", parts, "add", whole);
  const after = neighbourPhase(pairing, "from the neighbour", "out", parts, "copy", whole);
  return { ranks, parts, phases: [before, ...halveAndDouble(pairing), after] };
}

/** Halving and doubling among those that take part. */
export function addHalvingDoubling(tally: Tally, network: CollectiveNetwork, bytes: number, ranks: number): void {
  const active = largestPower(ranks);
  let part_bytes = bytes;
  for (let distance = 1; distance < active; distance *= 2) {
    part_bytes /= 2;
    addPairs(tally, network, 2, distance, part_bytes, ranks - active);
  }
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  addHalvingDoubling(tally, network, bytes, ranks);
  if (ranks > largestPower(ranks)) addNeighbours(tally, network, 2, bytes);
  return tally;
}

export const recursiveHalvingDoubling: CollectiveAlgorithm = {
  id: "recursive-halving-doubling",
  operation: "all-reduce",
  does: "halves, quarters, ... are exchanged and summed, then gathered the same way back",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
