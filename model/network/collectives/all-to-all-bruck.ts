/**
 * Bruck's all-to-all: a block that must go j places on takes the steps of j's binary digits, together with all others that have the digit; ceil(lg n) steps of
 * about half of the data. Few steps, (lg n)/2 times the bytes: for small blocks.
 */
import { allToAllBound_s } from "./parts/bounds.ts";
import { copies, makeFlows, range, ranksOf, stepsOf, type BlockPhase, type BlockPlan } from "./parts/block-plan.ts";
import { addShift, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

/** Of 0 .. ranks - 1, how many have the binary digit. */
const withDigit = (ranks: number, digit: number): number => Math.floor(ranks / (2 * digit)) * digit + Math.max(0, (ranks % (2 * digit)) - digit);

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  const phases: BlockPhase[] = [];
  for (let digit = 1; digit < ranks; digit *= 2) {
    const places = digit;
    // A block on its way stands as many places on as its lower digits say.
    const block = (rank: number, distance: number): number => {
      const sender = (rank - (distance % places) + ranks) % ranks;
      return sender * ranks + ((sender + distance) % ranks);
    };
    phases.push({
      name: `${places} on`,
      repeat: 1,
      ...makeFlows(ranks, (rank) => rank, (rank) => (rank + places) % ranks),
      count: withDigit(ranks, places),
      effect: copies,
      blocks: (_, rank) => range(0, ranks).filter((distance) => Math.floor(distance / places) % 2 === 1).map((distance) => block(rank, distance)),
    });
  }
  return { ranks, parts: ranks, phases };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  for (let digit = 1; digit < ranks; digit *= 2) addShift(tally, network, 1, digit, (bytes * withDigit(ranks, digit)) / ranks);
  return tally;
}

export const allToAllBruck: CollectiveAlgorithm = {
  id: "all-to-all-bruck",
  operation: "all-to-all",
  does: "blocks travel by the binary digits of their distance",
  source: "Bruck et al. 1997, Efficient algorithms for all-to-all communications in multiport message-passing systems",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allToAllBound_s,
};
