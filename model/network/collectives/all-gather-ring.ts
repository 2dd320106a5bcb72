/** Ring all-gather: n - 1 steps, in each everybody passes on the share that it got last. */
import { gatherBound_s } from "./parts/bounds.ts";
import { ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { ringAllGather, ringTime } from "./parts/rings.ts";
import type { CollectiveAlgorithm, CollectiveShape } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  return { ranks, parts: ranks, phases: [ringAllGather({ ranks, members: ranks, perShare: 1, where: "", share: (member) => [member] })] };
}

export const allGatherRing: CollectiveAlgorithm = {
  id: "all-gather-ring",
  operation: "all-gather",
  does: "shares go around one ring over all devices",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time: (bytes, network) => ringTime(bytes, network, 1),
  lowerBound_s: gatherBound_s,
};
