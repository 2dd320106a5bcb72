/**
 * Time of one collective of an NCCL-like library: a low-latency and a bandwidth protocol over a tree (several nodes) or over the links of a node, and a ring.
 * Each protocol pays a start, a latency per serial hop that grows as the message fills more channels, and bytes: the first chunk goes hop by hop, the rest
 * follows in a pipeline through the bottleneck. The library takes the faster protocol; a soft minimum keeps the time smooth in its parameters. Form of the
 * all-reduce and parameters: docs/network-fits.md. Over several nodes gathers, scatters and broadcasts run rings, exchanges single hops: by the library's
 * rules, as no published times of them were found. Left out: queueing of launches, congestion, switches of a tuner that are not to the faster choice.
 */
import type { GroupShape, LibraryOperation } from "./types.ts";

/** What a fit of published times gives for one stack on one machine. */
export interface StackParameters {
  /** Once per call. */
  readonly start_s: number;
  /** Per serial hop of the smallest message, which takes one channel. */
  readonly hop_s: number;
  /** What a hop takes longer once all channels are in use. */
  readonly channelHop_s: number;
  /** Message that has most channels in use. */
  readonly channelFill_bytes: number;
  /** What the bandwidth protocol adds per hop. */
  readonly simpleHop_s: number;
  /** Share of the bandwidth that the low-latency protocol reaches. */
  readonly lowLatencyShare: number;
  /** Largest piece that a hop holds back before it passes it on, all channels together. */
  readonly chunk_bytes: number;
  /** Of the bottleneck, with the bandwidth protocol in a ring. */
  readonly rate_bytes_per_s: number;
  /** Per step between nodes of a ring. */
  readonly ringStep_s: number;
}

export type CollectiveForm = "tree" | "ring";

/** Share of a ring's bandwidth that NCCL counts a tree across nodes with (tuning.cc). */
export const treeShare = 0.92;

/** Serial hops of the first byte, over the network where there are several nodes. */
export function hopsOf(operation: LibraryOperation, nodes: number, devicesPerNode: number): number {
  const depth = Math.log2(nodes > 1 ? nodes : devicesPerNode);
  return operation === "all-reduce" ? 2 * depth : operation === "send-recv" ? 1 : depth;
}

/** Bytes through the bottleneck per byte of the message: out of a device in one node, out of a node over several. */
export function weightOf(operation: LibraryOperation, nodes: number, devicesPerNode: number): number {
  const n = nodes * devicesPerNode;
  if (n < 2) return 0;
  if (operation === "broadcast" || operation === "reduce" || operation === "send-recv") return 1;
  // Every device of a node has blocks of its own for each device elsewhere.
  if (operation === "all-to-all" && nodes > 1) return (devicesPerNode * (n - devicesPerNode)) / n;
  if (operation !== "all-reduce") return (n - 1) / n;
  // Across nodes an edge of a tree carries the message up and down; of two nodes each sends its half of a double tree once.
  return nodes === 1 ? (2 * (n - 1)) / n : nodes === 2 ? 1 : 2;
}

/** The less of message and chunk, smoothly. */
const heldBack = (bytes: number, chunk: number): number => bytes / Math.sqrt(1 + (bytes / chunk) * (bytes / chunk));
const shareInUse = (bytes: number, fill: number): number => bytes / Math.sqrt(bytes * bytes + fill * fill);

/** (a^-16 + b^-16)^(-1/16). Squares and roots in place of powers, which cost most of the time of a call. */
export function softMinimum(a: number, b: number): number {
  const less = a < b ? a : b;
  const ratio = less / (a < b ? b : a);
  const square = ratio * ratio;
  const fourth = square * square;
  const eighth = fourth * fourth;
  return less / Math.sqrt(Math.sqrt(Math.sqrt(Math.sqrt(1 + eighth * eighth))));
}

export interface CollectiveShape extends GroupShape {
  readonly operation: LibraryOperation;
}

/** One rank takes no time; no bytes take the latency. The form decides for an all-reduce over several nodes alone. */
export const timeOfCollective = (bytes: number, { operation, nodes, devicesPerNode }: CollectiveShape, stack: StackParameters, form: CollectiveForm = "tree"): number =>
  timeByProtocol(operation, bytes, nodes, devicesPerNode, stack, form, stack.rate_bytes_per_s);

/** The same in plain numbers. `rate_bytes_per_s`: of the bottleneck, where the group has only a part of it. */
export function timeByProtocol(operation: LibraryOperation, bytes: number, nodes: number, devicesPerNode: number, stack: StackParameters, form: CollectiveForm, rate_bytes_per_s: number): number {
  if (nodes * devicesPerNode < 2) return 0;
  const grouped = operation === "all-to-all" || operation === "send-recv";
  const perChannelHop_s = stack.channelHop_s * shareInUse(bytes, stack.channelFill_bytes);
  if (nodes > 1 && operation === "all-reduce" && form === "ring") return stack.start_s + 2 * (nodes - 1) * stack.ringStep_s + ringBytes(operation, bytes, nodes * devicesPerNode) / rate_bytes_per_s;
  if (nodes > 1 && operation !== "all-reduce" && !grouped) {
    const steps = nodes - 1;
    const through_bytes = ringBytes(operation, bytes, nodes * devicesPerNode);
    const low_s = stack.start_s + steps * (stack.hop_s + perChannelHop_s) + nodes * (devicesPerNode - 1) * perChannelHop_s + through_bytes / (rate_bytes_per_s * stack.lowLatencyShare);
    return softMinimum(low_s, stack.start_s + steps * stack.ringStep_s + through_bytes / rate_bytes_per_s);
  }
  // Grouped sends over nodes all begin at once: one hop, and nothing is passed on.
  const held = grouped && nodes > 1 ? 0 : heldBack(bytes, stack.chunk_bytes);
  const hops = grouped && nodes > 1 ? 1 : hopsOf(operation, nodes, devicesPerNode);
  const weight = weightOf(operation, nodes, devicesPerNode);
  const rate = nodes > 1 && !grouped ? rate_bytes_per_s * treeShare : rate_bytes_per_s;
  // In one node all collectives take as long as an all-reduce with the low-latency protocol (8 A100: 75 and 73 us at 1 MiB); grouped sends do not use it so.
  const alike = nodes === 1 && !grouped;
  const lowHops = alike ? hopsOf("all-reduce", nodes, devicesPerNode) : hops;
  const lowWeight = alike ? weightOf("all-reduce", nodes, devicesPerNode) : weight;
  // Across nodes a tree goes down a chain of the node's devices and up again.
  const chain = nodes > 1 && !grouped ? 2 * (devicesPerNode - 1) : 0;
  const low_s = stack.start_s + lowHops * stack.hop_s + (lowHops + chain) * perChannelHop_s + (lowWeight * (bytes - held) + lowHops * held) / (rate * stack.lowLatencyShare);
  const high_s = stack.start_s + hops * stack.hop_s + (hops + chain) * (perChannelHop_s + stack.simpleHop_s) + (weight * (bytes - held) + hops * held) / rate;
  return softMinimum(low_s, high_s);
}

/** Bytes that a ring sends over each of its links. */
function ringBytes(operation: LibraryOperation, bytes: number, n: number): number {
  if (operation === "broadcast" || operation === "reduce") return bytes;
  return ((operation === "all-reduce" ? 2 : 1) * bytes * (n - 1)) / n;
}

/** What the bytes alone take at the full rate. */
export function transferByProtocol(operation: LibraryOperation, bytes: number, nodes: number, devicesPerNode: number, form: CollectiveForm, rate_bytes_per_s: number): number {
  const grouped = operation === "all-to-all" || operation === "send-recv";
  if (nodes * devicesPerNode < 2) return 0;
  if (nodes > 1 && !grouped && (operation !== "all-reduce" || form === "ring")) return ringBytes(operation, bytes, nodes * devicesPerNode) / rate_bytes_per_s;
  return (weightOf(operation, nodes, devicesPerNode) * bytes) / (nodes > 1 && !grouped ? rate_bytes_per_s * treeShare : rate_bytes_per_s);
}
