/**
 * What NCCL, and RCCL after it, estimate for a ring and for a tree before they choose (src/graph/tuning.cc of both): a base, hops by kind of link, and bytes
 * over a share of the bandwidth. The two differ in their constants only. Plain numbers in and out: costs ask for every message.
 */
import { bandwidthShare, treeShareAt, type ByProtocol } from "./nccl-constants.ts";
import type { ChosenAlgorithm, GroupShape, LibraryOperation, LibrarySetting, Protocol } from "./types.ts";

export interface ByForm {
  readonly tree: ByProtocol;
  readonly ring: ByProtocol;
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

/** `rate_bytes_per_s`: of a node over several, of a device in one. */
export function estimateRing(tuning: Tuning, operation: LibraryOperation, bytes: number, nodes: number, devicesPerNode: number, rate_bytes_per_s: number, protocol: Protocol): number {
  const reduces = operation === "all-reduce";
  const passes = reduces ? 2 : 1;
  const n = nodes * devicesPerNode;
  const hops_us = passes * ((n - nodes) * tuning.nodeHop_us.ring[protocol] + (nodes - 1) * tuning.networkHop_us.ring[protocol]);
  const factor = reduces && protocol === "Simple" && nodes > 1 ? tuning.ringSimpleFactor : 1;
  const weight = operation === "broadcast" || operation === "reduce" ? 1 : (passes * (n - 1)) / n;
  return (tuning.base_us.ring[protocol] + hops_us * factor) * 1e-6 + (weight * bytes) / (rate_bytes_per_s * bandwidthShare.ring[protocol]);
}

/** All-reduce only. */
export function estimateTree(tuning: Tuning, bytes: number, nodes: number, devicesPerNode: number, rate_bytes_per_s: number, protocol: Protocol): number {
  const hops_us = 2 * ((devicesPerNode - 1) * tuning.nodeHop_us.tree[protocol] + Math.floor(Math.log2(nodes)) * tuning.networkHop_us.tree[protocol]);
  const weight = nodes === 2 ? tuning.sendsAtTwo : 2;
  const ofProtocol = protocol === "LL" ? bandwidthShare.treeLL : protocol === "LL128" ? bandwidthShare.treeLL128[nodes > 1 ? "between" : "inside"] : 1;
  return (tuning.base_us.tree[protocol] + hops_us) * 1e-6 + (weight * bytes) / (rate_bytes_per_s * bandwidthShare.tree * ofProtocol * treeShareAt(protocol, bytes));
}

/** Whether an all-reduce over several nodes runs a ring with Simple: no other protocol of a ring, and no tree, is estimated as fast. */
export function prefersRing(tuning: Tuning, bytes: number, nodes: number, devicesPerNode: number, rate_bytes_per_s: number): boolean {
  const ring_s = estimateRing(tuning, "all-reduce", bytes, nodes, devicesPerNode, rate_bytes_per_s, "Simple");
  const beats = (protocol: Protocol): boolean => estimateTree(tuning, bytes, nodes, devicesPerNode, rate_bytes_per_s, protocol) <= ring_s;
  if (beats("Simple") || beats("LL") || estimateRing(tuning, "all-reduce", bytes, nodes, devicesPerNode, rate_bytes_per_s, "LL") <= ring_s) return false;
  return !tuning.takesLL128 || !(beats("LL128") || estimateRing(tuning, "all-reduce", bytes, nodes, devicesPerNode, rate_bytes_per_s, "LL128") <= ring_s);
}

/** Every ring and tree that is weighed. */
export function estimateForms(tuning: Tuning, operation: LibraryOperation, bytes: number, { nodes, devicesPerNode }: GroupShape, setting: LibrarySetting): Estimate[] {
  const rate_bytes_per_s = nodes > 1 ? setting.fabric_bytes_per_s : setting.nodeLink_bytes_per_s;
  const found: Estimate[] = [];
  for (const protocol of ["LL", "LL128", "Simple"] as const) {
    if (protocol === "LL128" && !tuning.takesLL128) continue;
    found.push({ algorithm: "ring", protocol, estimate_s: estimateRing(tuning, operation, bytes, nodes, devicesPerNode, rate_bytes_per_s, protocol) });
    if (operation === "all-reduce" && nodes > 1) found.push({ algorithm: "double-binary-tree", protocol, estimate_s: estimateTree(tuning, bytes, nodes, devicesPerNode, rate_bytes_per_s, protocol) });
  }
  return found;
}
