/**
 * Ring all-reduce over all devices: 2 (n-1) steps, each device sends 2 (n-1)/n of the vector to its neighbour. The latencies of the ring's links are summed,
 * which is exact where all are alike. Where they differ the ranks around the slowest link pay it in every step, so that small vectors take longer, up to
 * the ratio of the two latencies.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { ringAllGather, ringReduceScatter, ringTime, type Rings } from "./parts/rings.ts";
import type { CollectiveAlgorithm, CollectiveShape } from "./types.ts";

function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  const rings: Rings = { ranks, members: ranks, perShare: 1, where: "", share: (member) => [member] };
  return { ranks, parts: ranks, phases: [ringReduceScatter(rings), ringAllGather(rings)] };
}

export const ring: CollectiveAlgorithm = {
  id: "ring",
  operation: "all-reduce",
  does: "one ring over all devices",
  source: "Patarasuk and Yuan 2009, Bandwidth optimal all-reduce algorithms for clusters of workstations",
  plan,
  steps: stepsOf(plan),
  time: (bytes, network) => ringTime(bytes, network, 2),
  lowerBound_s: allReduceBound_s,
};
