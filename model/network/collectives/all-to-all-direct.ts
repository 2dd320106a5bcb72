/** All-to-all with all sends at once, as with grouped sends and receives: one latency; what a network makes of n - 1 flows from and to each rank decides. */
import { allToAllBound_s } from "./parts/bounds.ts";
import { checkFlows, copies, makeFlows, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { addSteps, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  const others = ranks - 1;
  checkFlows(ranks * others, "the hierarchical all-to-all, or fewer ranks");
  const flows = makeFlows(ranks * others, (flow) => Math.floor(flow / others), (flow) => (Math.floor(flow / others) + 1 + (flow % others)) % ranks);
  const { from, to } = flows;
  const phase = { name: "all at once", repeat: 1, ...flows, count: 1, effect: copies, blocks: (_: number, flow: number) => [(from[flow] as number) * ranks + (to[flow] as number)] };
  return { ranks, parts: ranks, phases: [phase] };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  const ranks = nodes * g;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  addSteps(tally, network, 1, (bytes * (g - 1)) / ranks, (g * bytes * (nodes - 1)) / nodes);
  return tally;
}

export const allToAllDirect: CollectiveAlgorithm = {
  id: "all-to-all-direct",
  operation: "all-to-all",
  does: "everybody sends to all others at once",
  source: "NCCL documentation, point-to-point communication: all-to-all by grouped sends and receives",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allToAllBound_s,
};
