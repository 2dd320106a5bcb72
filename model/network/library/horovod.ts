/**
 * Horovod's hierarchical all-reduce: reduce-scatter inside each node, then every local rank all-reduces its share with its peers of other nodes, then
 * all-gather inside. Tensors are fused into one buffer per cycle before that. Off by default; without it the underlying library runs on all ranks.
 */
import type { CollectiveLibrary } from "./types.ts";

export interface FusionRule {
  readonly buffer_bytes: number;
  readonly cycle_s: number;
}

/** HOROVOD_FUSION_THRESHOLD and HOROVOD_CYCLE_TIME left alone: 64 MiB and 5 ms until 0.20, 128 MiB and 1 ms from 0.21. */
export function fusionDefaults(version: readonly [major: number, minor: number]): FusionRule {
  const [major, minor] = version;
  return major > 0 || minor >= 21 ? { buffer_bytes: 128 * 2 ** 20, cycle_s: 1e-3 } : { buffer_bytes: 64 * 2 ** 20, cycle_s: 5e-3 };
}

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
