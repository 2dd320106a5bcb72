/**
 * What NCCL, and RCCL after it, estimate for a ring and for a tree before they choose (src/graph/tuning.cc of both): a base, hops by kind of link, and bytes
 * over a share of the bandwidth. The two differ in their constants only. Plain numbers in and out, protocols by their place in a list: costs ask for every message.
 */
import { bandwidthShare, treeSizeShare, type ByProtocol } from "./nccl-constants.ts";
import type { ChosenAlgorithm, GroupShape, LibraryOperation, LibrarySetting, Protocol } from "./types.ts";

const protocols = ["LL", "LL128", "Simple"] as const satisfies readonly Protocol[];
const [lowLatency, lowLatency128, simple] = [0, 1, 2] as const;
/** By protocol, in the order above. */
export type InOrder = readonly [LL: number, LL128: number, Simple: number];
export const inOrder = ({ LL, LL128, Simple }: ByProtocol): InOrder => [LL, LL128, Simple];

export interface ByForm {
  readonly tree: InOrder;
  readonly ring: InOrder;
}

export interface Tuning {
  readonly base_us: ByForm;
  readonly nodeHop_us: ByForm;
  readonly networkHop_us: ByForm;
  /** On the latency of a ring all-reduce with Simple over several nodes. */
  readonly ringSimpleFactor: number;
  /** Times that a tree over two nodes sends the message out of each. */
  readonly sendsAtTwo: 1 | 2;
  readonly takesLL128: boolean;
}

export interface Estimate {
  readonly algorithm: ChosenAlgorithm;
  readonly protocol: Protocol;
  /** The library's own: for choosing only. */
  readonly estimate_s: number;
}

const ringShare = inOrder(bandwidthShare.ring);
const treeShareInside: InOrder = [bandwidthShare.treeLL, bandwidthShare.treeLL128.inside, 1];
const treeShareBetween: InOrder = [bandwidthShare.treeLL, bandwidthShare.treeLL128.between, 1];
const treeSizeShares = protocols.map((protocol) => treeSizeShare[protocol]);

/** Place in the tables of shares by size: powers of two from 64 B on. */
const sizeIndex = (bytes: number): number => Math.floor(Math.log2(bytes / 64));

function shareBySize(protocol: number, index: number): number {
  const shares = treeSizeShares[protocol]!;
  return index < 0 ? 1 : shares[index < shares.length ? index : shares.length - 1]!;
}

/** `rate_bytes_per_s`: of a node over several, of a device in one. */
function estimateRing({ base_us, nodeHop_us, networkHop_us, ringSimpleFactor }: Tuning, operation: LibraryOperation, bytes: number, nodes: number, devicesPerNode: number, rate_bytes_per_s: number, protocol: number): number {
  const reduces = operation === "all-reduce";
  const passes = reduces ? 2 : 1;
  const n = nodes * devicesPerNode;
  const hops_us = passes * ((n - nodes) * nodeHop_us.ring[protocol]! + (nodes - 1) * networkHop_us.ring[protocol]!);
  const factor = reduces && protocol === simple && nodes > 1 ? ringSimpleFactor : 1;
  const weight = operation === "broadcast" || operation === "reduce" ? 1 : (passes * (n - 1)) / n;
  return (base_us.ring[protocol]! + hops_us * factor) * 1e-6 + (weight * bytes) / (rate_bytes_per_s * ringShare[protocol]!);
}

/** All-reduce only. `levels`: whole powers of two in the number of nodes; `size`: as `sizeIndex`. */
function estimateTree({ base_us, nodeHop_us, networkHop_us, sendsAtTwo }: Tuning, bytes: number, size: number, nodes: number, levels: number, devicesPerNode: number, rate_bytes_per_s: number, protocol: number): number {
  const hops_us = 2 * ((devicesPerNode - 1) * nodeHop_us.tree[protocol]! + levels * networkHop_us.tree[protocol]!);
  const weight = nodes === 2 ? sendsAtTwo : 2;
  const ofProtocol = (nodes > 1 ? treeShareBetween : treeShareInside)[protocol]!;
  return (base_us.tree[protocol]! + hops_us) * 1e-6 + (weight * bytes) / (rate_bytes_per_s * bandwidthShare.tree * ofProtocol * shareBySize(protocol, size));
}

const levelsOf = (nodes: number): number => 31 - Math.clz32(nodes);

/** Whether an all-reduce over several nodes runs a ring with Simple: no other protocol of a ring, and no tree, is estimated as fast. */
export function prefersRing(tuning: Tuning, bytes: number, nodes: number, devicesPerNode: number, rate_bytes_per_s: number): boolean {
  const size = sizeIndex(bytes);
  const levels = levelsOf(nodes);
  const ring_s = estimateRing(tuning, "all-reduce", bytes, nodes, devicesPerNode, rate_bytes_per_s, simple);
  for (let protocol = simple as number; protocol >= lowLatency; protocol--) {
    if (protocol === lowLatency128 && !tuning.takesLL128) continue;
    if (estimateTree(tuning, bytes, size, nodes, levels, devicesPerNode, rate_bytes_per_s, protocol) <= ring_s) return false;
    if (protocol !== simple && estimateRing(tuning, "all-reduce", bytes, nodes, devicesPerNode, rate_bytes_per_s, protocol) <= ring_s) return false;
  }
  return true;
}

/** Every ring and tree that is weighed. */
export function estimateForms(tuning: Tuning, operation: LibraryOperation, bytes: number, { nodes, devicesPerNode }: GroupShape, setting: LibrarySetting): Estimate[] {
  const rate_bytes_per_s = nodes > 1 ? setting.fabric_bytes_per_s : setting.nodeLink_bytes_per_s;
  const found: Estimate[] = [];
  for (const [index, protocol] of protocols.entries()) {
    if (index === lowLatency128 && !tuning.takesLL128) continue;
    found.push({ algorithm: "ring", protocol, estimate_s: estimateRing(tuning, operation, bytes, nodes, devicesPerNode, rate_bytes_per_s, index) });
    if (operation === "all-reduce" && nodes > 1) found.push({ algorithm: "double-binary-tree", protocol, estimate_s: estimateTree(tuning, bytes, sizeIndex(bytes), nodes, levelsOf(nodes), devicesPerNode, rate_bytes_per_s, index) });
  }
  return found;
}
