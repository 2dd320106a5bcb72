/**
 * NCCL's choice among ring, tree and in-switch reduction (NVLS) and among the protocols LL, LL128 and Simple: the least of its own estimates, with its
 * constants. The estimate names what runs and does not time it. Not modelled: channels, tuner plug-ins, CollNet, PAT, user settings such as NCCL_ALGO.
 */
import { bandwidthShare, base_us, hop_us, nvlsHop_us, ringSimpleLatencyFactor, type ByProtocol } from "./nccl-constants.ts";
import { estimateForms, inOrder, type ByForm, type Estimate, type Tuning } from "./tuning.ts";
import { defaultSetting } from "./types.ts";
import type { CollectiveLibrary, GroupShape, LibraryOperation, LibrarySetting } from "./types.ts";

/** LL128 needs NVLink in the node, and between nodes a NIC near its device, which from Hopper on any NIC is. */
function takesLL128({ nodes }: GroupShape, { nodeLink, nicNearDevice, device }: LibrarySetting): boolean {
  return nodeLink === "nvlink" && (nodes === 1 || nicNearDevice || device === "hopper" || device === "blackwell");
}

const formsInOrder = ({ tree, ring }: { readonly tree: ByProtocol; readonly ring: ByProtocol }): ByForm => ({ tree: inOrder(tree), ring: inOrder(ring) });

/** At two nodes of switched devices a tree carries the message once each way, else twice. */
export function ncclTuning(shape: GroupShape, setting: LibrarySetting): Tuning {
  return {
    base_us: formsInOrder(base_us),
    nodeHop_us: formsInOrder(hop_us[setting.nodeLink]),
    networkHop_us: formsInOrder(hop_us.network),
    ringSimpleFactor: ringSimpleLatencyFactor[setting.device],
    sendsAtTwo: setting.switched ? 1 : 2,
    takesLL128: takesLL128(shape, setting),
  };
}

/** In one node every device sends its vector once and the n-th part of the result; over the network trees of nodes halve the rate from three nodes on. */
function estimateNvls(bytes: number, shape: GroupShape, setting: LibrarySetting): Estimate | undefined {
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
export function estimateNccl(operation: LibraryOperation, bytes: number, shape: GroupShape, setting: LibrarySetting = defaultSetting): Estimate[] {
  const tuning = ncclTuning(shape, setting);
  const found = estimateForms(tuning, operation, bytes, shape, setting);
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
