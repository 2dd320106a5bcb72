/**
 * RCCL: NCCL's way of choosing with AMD's constants, which differ by model of the GPU and are corrected by tables over 27 sizes with jumps of up to 10 times,
 * so the choice is not monotone in the size. The published ranges are kept; where their two ends choose differently both answers are given.
 */
import { bandwidthShare, treeShareAt } from "./nccl-constants.ts";
import { defaultSetting, ranksOf } from "./types.ts";
import type { ChosenAlgorithm, CollectiveLibrary, GroupShape, LibraryOperation, LibrarySetting, Protocol } from "./types.ts";

const base_us: Readonly<Record<Protocol, number>> = { LL: 12, LL128: 12, Simple: 17 };
/** Per hop of the network over the models of GPU: least, most. */
const networkHop_us: Readonly<Record<"tree" | "ring", Readonly<Record<Protocol, readonly [number, number]>>>> = {
  tree: { LL: [12, 33], LL128: [18, 34], Simple: [16, 48] },
  ring: { LL: [5, 35], LL128: [5, 88], Simple: [15, 209] },
};
/** Inside a node NCCL's figures stand in: RCCL's own were not read. */
const nodeHop_us: Readonly<Record<Protocol, number>> = { LL: 0.6, LL128: 1.9, Simple: 3.4 };

interface Estimate {
  readonly algorithm: ChosenAlgorithm;
  readonly protocol: Protocol;
  readonly time_s: number;
}

function estimateAt(end: 0 | 1, operation: LibraryOperation, bytes: number, shape: GroupShape, setting: LibrarySetting): Estimate {
  const { nodes, devicesPerNode } = shape;
  const n = ranksOf(shape);
  const rate = nodes > 1 ? setting.fabric_bytes_per_s : setting.nodeLink_bytes_per_s;
  const passes = operation === "all-reduce" ? 2 : 1;
  const weight = operation === "broadcast" || operation === "reduce" ? 1 : (passes * (n - 1)) / n;
  const all: Estimate[] = [];
  for (const protocol of ["LL", "Simple"] as const) {
    const ring_us = base_us[protocol] + passes * ((n - nodes) * nodeHop_us[protocol] + (nodes - 1) * networkHop_us.ring[protocol][end]);
    all.push({ algorithm: "ring", protocol, time_s: ring_us * 1e-6 + (weight * bytes) / (rate * bandwidthShare.ring[protocol]) });
    if (operation !== "all-reduce" || nodes === 1) continue;
    const tree_us = base_us[protocol] + 2 * ((devicesPerNode - 1) * nodeHop_us[protocol] + Math.floor(Math.log2(nodes)) * networkHop_us.tree[protocol][end]);
    const share = bandwidthShare.tree * (protocol === "LL" ? bandwidthShare.treeLL : 1) * treeShareAt(protocol, bytes);
    all.push({ algorithm: "double-binary-tree", protocol, time_s: tree_us * 1e-6 + ((nodes === 2 ? 1 : 2) * bytes) / (rate * share) });
  }
  return all.reduce((a, b) => (b.time_s < a.time_s ? b : a));
}

export const rccl: CollectiveLibrary = {
  id: "rccl",
  title: "RCCL 2.2x",
  does: "chooses as NCCL does, with constants by model of the GPU and corrections by size; both choices are named where the published range leaves two",
  sources: ["github.com/ROCm/rccl: src/graph/tuning.cc"],
  overlapsCollectives: true,
  operations: ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce", "all-to-all", "send-recv"],
  choose(operation, bytes, shape, setting = defaultSetting) {
    if (operation === "all-to-all" || operation === "send-recv") return { algorithm: "pairwise", protocol: "Simple", why: "grouped sends and receives, all at once" };
    const [fast, slow] = [estimateAt(0, operation, bytes, shape, setting), estimateAt(1, operation, bytes, shape, setting)];
    const same = fast.algorithm === slow.algorithm && fast.protocol === slow.protocol;
    const choice = { algorithm: fast.algorithm, protocol: fast.protocol, why: same ? "the least estimate at both ends of the published latencies" : "the least estimate at the short end of the published latencies" };
    return same ? choice : { ...choice, or: { algorithm: slow.algorithm, protocol: slow.protocol } };
  },
};
