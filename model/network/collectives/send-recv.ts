/** Everybody sends a message to the next rank and receives one from the rank before, as pipeline stages do and as nccl-tests measures it: one step. */
import { sendBound_s } from "./parts/bounds.ts";
import { copies, makeFlows, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { addShift, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  const flows = makeFlows(ranks, (rank) => rank, (rank) => (rank + 1) % ranks);
  return { ranks, parts: 1, phases: [{ name: "to the next rank", repeat: ranks > 1 ? 1 : 0, ...flows, count: 1, effect: copies, blocks: (_, rank) => [rank] }] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  if (network.nodes * network.devicesPerNode <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  addShift(tally, network, 1, 1, bytes);
  return tally;
}

export const sendRecv: CollectiveAlgorithm = {
  id: "send-recv",
  operation: "send-recv",
  does: "everybody sends to the next rank",
  source: "Hockney 1994, The communication challenge for MPP; nccl-tests, sendrecv",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: sendBound_s,
};
