/**
 * Reduce-scatter by recursive halving, the all-gather by recursive doubling run backwards: lg n exchanges, each of all that the partner's side will keep, 1/2, 1/4, ...
 * of the vector. Ranks beyond a power of two give all but their own share to a neighbour before and get that share from it after.
 */
import { gatherBound_s } from "./parts/bounds.ts";
import { stepsOf } from "./parts/block-plan.ts";
import { sharePlan, shareTime } from "./parts/shares.ts";
import type { CollectiveAlgorithm, CollectiveShape } from "./types.ts";

const plan = (shape: CollectiveShape) => sharePlan(shape, "scatter");

export const reduceScatterRecursiveHalving: CollectiveAlgorithm = {
  id: "reduce-scatter-recursive-halving",
  operation: "reduce-scatter",
  does: "partners half as far each time exchange what the other side will keep",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time: shareTime,
  lowerBound_s: gatherBound_s,
};
