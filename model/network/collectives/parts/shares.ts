/**
 * One share per rank by exchanges with partners whose numbers differ in one binary digit (Thakur, Rabenseifner and Gropp 2005): gathered with partners twice as far
 * each time, or the same run backwards, scattered with sums. Ranks beyond a power of two are represented by a neighbour: one share goes one way between
 * them, all others the other way. For these the closed form of the scatter is an upper bound: it lets nobody begin while they hand over.
 */
import { range, ranksOf, type BlockPlan } from "./block-plan.ts";
import { exchangePhase, groupOf, neighbourPhase, pairUp } from "./doubling.ts";
import { addNeighbours, addPairs, startTally } from "./tally.ts";
import { nothingToDo, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "../types.ts";

export type Direction = "gather" | "scatter";

export function sharePlan(shape: CollectiveShape, direction: Direction): BlockPlan {
  const pairing = pairUp(ranksOf(shape));
  const { ranks, active } = pairing;
  const gathers = direction === "gather";
  const effect = gathers ? "copy" : "add";
  const inOrder = range(0, pairing.rounds);
  const rounds = (gathers ? inOrder : inOrder.toReversed()).map((round) => {
    const distance = 1 << round;
    // Who gathers sends what its own side has; who scatters sends what the partner's side will keep.
    const sent = (number: number) => groupOf(pairing, gathers ? number : number ^ distance, distance);
    const count = Int32Array.from({ length: active }, (_, number) => sent(number).count);
    return exchangePhase(pairing, "exchange", distance, count, effect, (number) => range(sent(number).first, sent(number).count));
  });
  const ownShare = (index: number): number[] => [2 * index];
  const others = (index: number): number[] => range(0, ranks).filter((block) => block !== 2 * index);
  const before = gathers ? neighbourPhase(pairing, "share to the neighbour", "in", 1, effect, ownShare) : neighbourPhase(pairing, "all others to the neighbour", "in", ranks - 1, effect, others);
  const after = gathers ? neighbourPhase(pairing, "all others from the neighbour", "out", ranks - 1, effect, others) : neighbourPhase(pairing, "share from the neighbour", "out", 1, effect, ownShare);
  return { ranks, parts: ranks, phases: [before, ...rounds, after] };
}

/** The same for both directions: steps only change places. */
export function shareTime(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { ranks, active, extra } = pairUp(network.nodes * network.devicesPerNode);
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  const share_bytes = bytes / ranks;
  if (extra > 0) addNeighbours(tally, network, 1, share_bytes);
  for (let distance = 1; distance < active; distance *= 2) addPairs(tally, network, 1, distance, share_bytes * (distance + Math.min(distance, extra)), extra);
  if (extra > 0) addNeighbours(tally, network, 1, share_bytes * (ranks - 1));
  return tally;
}
