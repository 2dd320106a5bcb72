/**
 * All-gather by recursive doubling: lg n exchanges of all that partners have gathered, 1, 2, 4, ... shares. Ranks beyond a power of two give their share to a
 * neighbour before and get all others from it after, so that the last step carries nearly the whole vector once more.
 */
import { gatherBound_s } from "./parts/bounds.ts";
import { stepsOf } from "./parts/block-plan.ts";
import { sharePlan, shareTime } from "./parts/shares.ts";
import type { CollectiveAlgorithm, CollectiveShape } from "./types.ts";

const plan = (shape: CollectiveShape) => sharePlan(shape, "gather");

export const allGatherRecursiveDoubling: CollectiveAlgorithm = {
  id: "all-gather-recursive-doubling",
  operation: "all-gather",
  does: "partners twice as far each time exchange all that they have gathered",
  source: "Thakur, Rabenseifner and Gropp 2005, Optimization of collective communication operations in MPICH",
  plan,
  steps: stepsOf(plan),
  time: shareTime,
  lowerBound_s: gatherBound_s,
};
