/**
 * NCCL's choice among ring, tree and in-switch reduction (NVLS) and among the protocols LL, LL128 and Simple: the least of its own estimates, with its
 * constants. The estimate names what runs and does not time it. Not modelled: channels, tuner plug-ins, CollNet, PAT, user settings such as NCCL_ALGO.
 */
import { bandwidthShare, base_us, hop_us, nvlsHop_us, ringSimpleLatencyFactor, treeShareAt } from "./nccl-constants.ts";
import { defaultSetting, ranksOf } from "./types.ts";
import type { ChosenAlgorithm, CollectiveLibrary, GroupShape, LibraryOperation, LibrarySetting, Protocol } from "./types.ts";

export interface NcclEstimate {
  readonly algorithm: ChosenAlgorithm;
  readonly protocol: Protocol;
  /** NCCL's own estimate: for choosing only. */
  readonly estimate_s: number;
}

const protocols: readonly Protocol[] = ["LL", "LL128", "Simple"];

/** LL128 needs NVLink in the node, and between nodes a NIC near its device, which from Hopper on any NIC is. */
function takesLL128({ nodes }: GroupShape, { nodeLink, nicNearDevice, device }: LibrarySetting): boolean {
  return nodeLink === "nvlink" && (nodes === 1 || nicNearDevice || device === "hopper" || device === "blackwell");
}

/** Bytes of the message over the algorithm's share of the bandwidth that the topology gives a node (several nodes) or a device (one). */
function bandwidthOf({ nodes }: GroupShape, setting: LibrarySetting): number {
  return nodes > 1 ? setting.fabric_bytes_per_s : setting.nodeLink_bytes_per_s;
}

function estimateRing(operation: LibraryOperation, bytes: number, shape: GroupShape, setting: LibrarySetting, protocol: Protocol): number {
  const passes = operation === "all-reduce" ? 2 : 1;
  const n = ranksOf(shape);
  const networkSteps = passes * (shape.nodes - 1);
  const insideSteps = passes * (n - 1) - networkSteps;
  const hops_us = insideSteps * hop_us[setting.nodeLink].ring[protocol] + networkSteps * hop_us.network.ring[protocol];
  const factor = operation === "all-reduce" && protocol === "Simple" && shape.nodes > 1 ? ringSimpleLatencyFactor[setting.device] : 1;
  const weight = operation === "broadcast" || operation === "reduce" ? 1 : (passes * (n - 1)) / n;
  return (base_us.ring[protocol] + hops_us * factor) * 1e-6 + (weight * bytes) / (bandwidthOf(shape, setting) * bandwidthShare.ring[protocol]);
}

/** All-reduce only. At two nodes of switched devices each way out carries the message once, else twice. */
function estimateTree(bytes: number, shape: GroupShape, setting: LibrarySetting, protocol: Protocol): number {
  const { nodes, devicesPerNode } = shape;
  const hops_us = 2 * ((devicesPerNode - 1) * hop_us[setting.nodeLink].tree[protocol] + Math.floor(Math.log2(nodes)) * hop_us.network.tree[protocol]);
  const weight = nodes === 2 && setting.switched ? 1 : 2;
  const ofProtocol = protocol === "LL" ? bandwidthShare.treeLL : protocol === "LL128" ? bandwidthShare.treeLL128[nodes > 1 ? "between" : "inside"] : 1;
  const rate = bandwidthOf(shape, setting) * bandwidthShare.tree * ofProtocol * treeShareAt(protocol, bytes);
  return (base_us.tree[protocol] + hops_us) * 1e-6 + (weight * bytes) / rate;
}

/** In one node every device sends its vector once and the n-th part of the result; over the network trees of nodes halve the rate from three nodes on. */
function estimateNvls(bytes: number, shape: GroupShape, setting: LibrarySetting): NcclEstimate | undefined {
  const share = bandwidthShare.nvls[setting.device];
  if (share === 0 || !setting.switched || setting.nodeLink !== "nvlink") return undefined;
  const { nodes, devicesPerNode } = shape;
  const inside = (bytes * (devicesPerNode + 1)) / devicesPerNode / (setting.nodeLink_bytes_per_s * share);
  if (nodes === 1) return { algorithm: "nvls", protocol: "Simple", estimate_s: nvlsHop_us.nvlink * 1e-6 + inside };
  const latency_us = nvlsHop_us.nvlink + 2 * Math.floor(Math.log2(nodes)) * nvlsHop_us.networkTree;
  const between = ((nodes === 2 ? 1 : 2) * bytes) / (setting.fabric_bytes_per_s * share);
  return { algorithm: "nvls-tree", protocol: "Simple", estimate_s: latency_us * 1e-6 + Math.max(inside, between) };
}

/** All that NCCL weighs, best first. One rank has nothing to choose. */
export function estimateNccl(operation: LibraryOperation, bytes: number, shape: GroupShape, setting: LibrarySetting = defaultSetting): NcclEstimate[] {
  const found: NcclEstimate[] = [];
  const open = protocols.filter((protocol) => protocol !== "LL128" || takesLL128(shape, setting));
  for (const protocol of open) {
    found.push({ algorithm: "ring", protocol, estimate_s: estimateRing(operation, bytes, shape, setting, protocol) });
    if (operation === "all-reduce" && shape.nodes > 1) found.push({ algorithm: "double-binary-tree", protocol, estimate_s: estimateTree(bytes, shape, setting, protocol) });
  }
  const nvls = operation === "all-reduce" ? estimateNvls(bytes, shape, setting) : undefined;
  if (nvls) found.push(nvls);
  return found.toSorted((a, b) => a.estimate_s - b.estimate_s);
}

export const nccl: CollectiveLibrary = {
  id: "nccl",
  title: "NCCL 2.2x",
  does: "takes the least of its own estimates over ring, double binary tree and NVLS, each with LL, LL128 or Simple",
  sources: ["github.com/NVIDIA/nccl: src/graph/tuning.cc"],
  overlapsCollectives: true,
  operations: ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce", "all-to-all", "send-recv"],
  choose(operation, bytes, shape, setting = defaultSetting) {
    if (operation === "all-to-all" || operation === "send-recv") return { algorithm: "pairwise", protocol: "Simple", why: "grouped sends and receives, all at once" };
    const [best] = estimateNccl(operation, bytes, shape, setting);
    if (!best) return undefined;
    return { algorithm: best.algorithm, protocol: best.protocol, why: `the least of NCCL's own estimates, ${(best.estimate_s * 1e6).toPrecision(3)} us` };
  },
};
