/**
 * Gloo: a ring all-reduce whose chunks are cut so that two pieces of each are in flight: two segments per rank at least, none above 1 MiB. It makes no choice
 * by size. Other operations: ring all-gather, binomial broadcast, all-to-all with all sends at once.
 */
import { ranksOf } from "./types.ts";
import type { CollectiveLibrary } from "./types.ts";

const largestSegment_bytes = 2 ** 20;
const segmentsPerRank = 2;

export const gloo: CollectiveLibrary = {
  id: "gloo",
  title: "Gloo",
  does: "a segmented ring for every size",
  sources: ["github.com/facebookincubator/gloo: gloo/allreduce.h and allreduce.cc"],
  overlapsCollectives: true,
  operations: ["all-reduce", "all-gather", "broadcast", "all-to-all"],
  choose(operation, bytes, shape) {
    const segment_bytes = Math.max(1, Math.min(largestSegment_bytes, Math.ceil(bytes / (segmentsPerRank * ranksOf(shape)))));
    if (operation === "all-reduce") return { algorithm: "segmented-ring", segment_bytes, why: "the default for every size, at least two segments per rank, at most 1 MiB each" };
    if (operation === "all-gather") return { algorithm: "ring", why: "the only algorithm" };
    if (operation === "broadcast") return { algorithm: "binomial-tree", why: "the only algorithm" };
    return operation === "all-to-all" ? { algorithm: "direct", why: "all sends at once" } : undefined;
  },
};
