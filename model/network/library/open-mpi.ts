/**
 * Open MPI's component "tuned" with the fixed rules of its 1.x to 4.0 series: limits in bytes and ranks, the same on every machine. From 4.1 on tables over
 * ranks and bytes took their place, which are not here. Reductions are taken as commutative.
 */
import { ranksOf } from "./types.ts";
import type { CollectiveLibrary, LibraryChoice } from "./types.ts";

const limits = { recursiveDoubling: 10_000, ringSegment: 2 ** 20, bruckBlock: 200, bruckRanks: 12, linearBlock: 3_000, binomial: 2_048, splitBinary: 370_728 } as const;

function chooseAllReduce(bytes: number, ranks: number): LibraryChoice {
  if (bytes < limits.recursiveDoubling) return { algorithm: "recursive-doubling", why: "below 10,000 bytes" };
  if (bytes <= ranks * limits.ringSegment) return { algorithm: "ring", why: "from 10,000 bytes on" };
  return { algorithm: "segmented-ring", segment_bytes: limits.ringSegment, why: "above 1 MiB per rank, in segments of 1 MiB" };
}

function chooseAllToAll(bytes: number, ranks: number): LibraryChoice {
  const block = bytes / ranks;
  if (block < limits.bruckBlock && ranks > limits.bruckRanks) return { algorithm: "bruck", why: "blocks below 200 bytes and more than 12 ranks" };
  if (block < limits.linearBlock) return { algorithm: "direct", why: "blocks below 3,000 bytes: all sends at once" };
  return { algorithm: "pairwise", why: "blocks of 3,000 bytes or more" };
}

function chooseBroadcast(bytes: number): LibraryChoice {
  if (bytes < limits.binomial) return { algorithm: "binomial-tree", why: "below 2 KiB" };
  if (bytes < limits.splitBinary) return { algorithm: "split-binary-tree", why: "below 362 KiB" };
  return { algorithm: "pipeline", why: "from 362 KiB on" };
}

export const openMpiTuned: CollectiveLibrary = {
  id: "open-mpi-tuned",
  title: "Open MPI tuned, fixed rules (1.x to 4.0)",
  does: "recursive doubling for small all-reduces and rings for others; Bruck, all at once or pairwise exchange; trees, then a pipeline, for a broadcast",
  sources: ["github.com/open-mpi/ompi: ompi/mca/coll/tuned/coll_tuned_decision_fixed.c, branches v1.x to v4.0.x"],
  overlapsCollectives: false,
  operations: ["all-reduce", "all-to-all", "broadcast"],
  choose(operation, bytes, shape) {
    const ranks = ranksOf(shape);
    if (operation === "all-reduce") return chooseAllReduce(bytes, ranks);
    if (operation === "all-to-all") return chooseAllToAll(bytes, ranks);
    return operation === "broadcast" ? chooseBroadcast(bytes) : undefined;
  },
};
