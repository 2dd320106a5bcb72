/**
 * Reduce-scatter by recursive halving, the all-gather by recursive doubling run backwards: lg n exchanges, each of all that the partner's side will keep, 1/2, 1/4, ...
 * of the vector. Ranks beyond a power of two give all but their own share to a neighbour before and get that share from it after. For these the
 * closed form is an upper bound: it lets nobody begin while they hand over.
 */
import { gatherBound_s } from "./parts/bounds.ts";
import { range, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { exchangePhase, groupOf, neighbourPhase, pairUp } from "./parts/doubling.ts";
import { addNeighbours, addPairs, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const pairing = pairUp(ranksOf(shape));
  const { ranks, active } = pairing;
  const rounds = range(0, pairing.rounds).toReversed().map((round) => {
    const distance = 1 << round;
    const count = Int32Array.from({ length: active }, (_, number) => groupOf(pairing, number ^ distance, distance).count);
    return exchangePhase(pairing, "exchange", distance, count, "add", (number) => {
      const group = groupOf(pairing, number ^ distance, distance);
      return range(group.first, group.count);
    });
  });
  const before = neighbourPhase(pairing, "all others to the neighbour", "in", ranks - 1, "add", (index) => range(0, ranks).filter((block) => block !== 2 * index));
  const after = neighbourPhase(pairing, "share from the neighbour", "out", 1, "add", (index) => [2 * index]);
  return { ranks, parts: ranks, phases: [before, ...rounds, after] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  const active = 2 ** (31 - Math.clz32(ranks));
  const extra = ranks - active;
  const share_bytes = bytes / ranks;
  if (extra > 0) addNeighbours(tally, network, 1, share_bytes * (ranks - 1));
  for (let distance = active / 2; distance >= 1; distance /= 2) addPairs(tally, network, 1, distance, share_bytes * (distance + Math.min(distance, extra)), extra);
  if (extra > 0) addNeighbours(tally, network, 1, share_bytes);
  return tally;
}

export const reduceScatterRecursiveHalving: CollectiveAlgorithm = {
  id: "reduce-scatter-recursive-halving",
  operation: "reduce-scatter",
  does: "partners half as far each time exchange what the other side will keep",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: gatherBound_s,
};
