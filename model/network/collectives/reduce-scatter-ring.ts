/** Ring reduce-scatter: n - 1 steps, in each everybody adds its own part to what it got last and passes it on. */
import { gatherBound_s } from "./parts/bounds.ts";
import { ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { ringReduceScatter, ringTime } from "./parts/rings.ts";
import type { CollectiveAlgorithm, CollectiveShape } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  return { ranks, parts: ranks, phases: [ringReduceScatter({ ranks, members: ranks, perShare: 1, where: "", share: (member) => [member] })] };
}

export const reduceScatterRing: CollectiveAlgorithm = {
  id: "reduce-scatter-ring",
  operation: "reduce-scatter",
  does: "partial sums go around one ring over all devices",
  source: "Patarasuk and Yuan 2009, Bandwidth optimal all-reduce algorithms for clusters of workstations",
  plan,
  steps: stepsOf(plan),
  time: (bytes, network) => ringTime(bytes, network, 1),
  lowerBound_s: gatherBound_s,
};
