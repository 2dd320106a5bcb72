/**
 * Rabenseifner's all-reduce: recursive halving and doubling, where ranks beyond a power of two share the work of adding with their neighbour: both exchange halves
 * and add, then one gives its half of the sum away and sits out. Three extra steps of 1/2, 1/2 and 1 vector: one latency more than giving all of it away,
 * as many bytes, and half of the additions, which are not modelled.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { makeFlows, range, ranksOf, stepsOf, type BlockPhase, type BlockPlan } from "./parts/block-plan.ts";
import { halveAndDouble, largestPower, neighbourPhase, pairUp, type Pairing } from "./parts/doubling.ts";
import { addNeighbours, startTally } from "./parts/tally.ts";
import { addHalvingDoubling } from "./recursive-halving-doubling.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

/** Rank 2i keeps the first half and sends the second; its neighbour the other way round. Flow i is that of rank i. */
function exchangeHalves({ extra, active }: Pairing): BlockPhase {
  const half = active / 2;
  return {
    name: "halves with the neighbour",
    repeat: 1,
    ...makeFlows(2 * extra, (rank) => rank, (rank) => rank ^ 1),
    count: half,
    effect: () => "add",
    blocks: (_, rank) => range(rank % 2 === 0 ? half : 0, half),
  };
}

function plan(shape: CollectiveShape): BlockPlan {
  const pairing = pairUp(ranksOf(shape));
  const { ranks, active: parts } = pairing;
  const before = neighbourPhase(pairing, "first half to the neighbour", "in", parts / 2, "copy", () => range(0, parts / 2));
  const after = neighbourPhase(pairing, "from the neighbour", "out", parts, "copy", () => range(0, parts));
  return { ranks, parts, phases: [exchangeHalves(pairing), before, ...halveAndDouble(pairing), after] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  addHalvingDoubling(tally, network, bytes, ranks);
  if (ranks > largestPower(ranks)) {
    addNeighbours(tally, network, 2, bytes / 2);
    addNeighbours(tally, network, 1, bytes);
  }
  return tally;
}

export const rabenseifner: CollectiveAlgorithm = {
  id: "rabenseifner",
  operation: "all-reduce",
  does: "recursive halving and doubling; ranks beyond a power of two first halve with a neighbour",
  source: "Rabenseifner 2004, Optimization of collective reduction operations",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
