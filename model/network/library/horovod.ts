/**
 * Horovod's hierarchical all-reduce: reduce-scatter inside each node, then every local rank all-reduces its share with its peers of other nodes, then
 * all-gather inside. Off by default; without it the underlying library runs on all ranks.
 */
import type { CollectiveLibrary } from "./types.ts";

export const horovodHierarchical: CollectiveLibrary = {
  id: "horovod-hierarchical",
  title: "Horovod, hierarchical all-reduce",
  does: "reduce-scatter inside nodes, all-reduce of the shares between them by every local rank, all-gather inside",
  sources: ["github.com/horovod/horovod: horovod/common/ops/nccl_operations.cc, HOROVOD_HIERARCHICAL_ALLREDUCE"],
  overlapsCollectives: false,
  operations: ["all-reduce"],
  choose(operation, _bytes, { nodes, devicesPerNode }) {
    if (operation !== "all-reduce") return undefined;
    if (nodes === 1 || devicesPerNode === 1) return { algorithm: "ring", why: nodes === 1 ? "one node: NCCL inside it" : "one rank per node: the library between nodes alone" };
    return { algorithm: "hierarchical", inside: "ring reduce-scatter and all-gather", between: "rabenseifner", why: "several nodes with several ranks each" };
  },
};
