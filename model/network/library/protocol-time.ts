/**
 * Time of one collective of an NCCL-like library: a low-latency and a bandwidth protocol over a tree (several nodes) or over the links of a node, and a ring.
 * Each protocol pays a start, a latency per serial hop that grows as the message fills more channels, and bytes: the first chunk goes hop by hop, the rest
 * follows in a pipeline through the bottleneck. The library takes the faster protocol; a soft minimum keeps the time smooth in its parameters.
 * Left out: queueing of launches, congestion, switches of a library's tuner that are not to the faster choice. Forms chosen by docs/network-fits.md.
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

export interface CollectiveShape extends GroupShape {
  readonly operation: LibraryOperation;
}

export type CollectiveForm = "tree" | "ring";

/** Share of a ring's bandwidth that NCCL counts a tree across nodes with (tuning.cc). */
export const treeShare = 0.92;
const minimumSharpness = 16;

export interface Bottleneck {
  /** Serial hops of the first byte, over the network where there are several nodes. */
  readonly hops: number;
  /** Bytes through the bottleneck per byte of the message. */
  readonly weight: number;
}

export function bottleneckOf({ operation, nodes, devicesPerNode }: CollectiveShape): Bottleneck {
  const n = nodes * devicesPerNode;
  if (n < 2) return { hops: 0, weight: 0 };
  const depth = Math.log2(nodes > 1 ? nodes : n);
  const hops = operation === "all-reduce" ? 2 * depth : operation === "send-recv" ? 1 : depth;
  if (operation === "broadcast" || operation === "reduce" || operation === "send-recv") return { hops, weight: 1 };
  if (operation !== "all-reduce") return { hops, weight: (n - 1) / n };
  // Across nodes an edge of a tree carries the message up and down; of two nodes each sends its half of a double tree once.
  return { hops, weight: nodes === 1 ? (2 * (n - 1)) / n : nodes === 2 ? 1 : 2 };
}

/** In one node all collectives take as long as an all-reduce with the low-latency protocol (8 A100: 75 and 73 us at 1 MiB); grouped sends do not use it so. */
function lowLatencyOf(shape: CollectiveShape, own: Bottleneck): Bottleneck {
  const grouped = shape.operation === "all-to-all" || shape.operation === "send-recv";
  return shape.nodes > 1 || grouped ? own : bottleneckOf({ ...shape, operation: "all-reduce" });
}

/** The less of message and chunk, smoothly. */
const heldBack = (bytes: number, chunk: number): number => bytes / Math.hypot(1, bytes / chunk);
const shareInUse = (bytes: number, fill: number): number => bytes / Math.hypot(bytes, fill);

export function softMinimum(a: number, b: number): number {
  const [less, more] = a < b ? [a, b] : [b, a];
  return less * (1 + (less / more) ** minimumSharpness) ** (-1 / minimumSharpness);
}

/** With the ring form only all-reduce over nodes differs from the tree. One rank takes no time; no bytes take the latency. */
export function timeOfCollective(bytes: number, shape: CollectiveShape, stack: StackParameters, form: CollectiveForm = "tree"): number {
  const { operation, nodes, devicesPerNode } = shape;
  const n = nodes * devicesPerNode;
  if (n < 2) return 0;
  if (form === "ring" && operation === "all-reduce" && nodes > 1) {
    return stack.start_s + 2 * (nodes - 1) * stack.ringStep_s + ((2 * (n - 1)) / n) * (bytes / stack.rate_bytes_per_s);
  }
  const held = heldBack(bytes, stack.chunk_bytes);
  const rate = stack.rate_bytes_per_s * (nodes > 1 ? treeShare : 1);
  const perChannelHop_s = stack.channelHop_s * shareInUse(bytes, stack.channelFill_bytes);
  // Across nodes a tree goes down a chain of the node's devices and up again.
  const chain = nodes > 1 ? 2 * (devicesPerNode - 1) : 0;
  const time = ({ hops, weight }: Bottleneck, extra_s: number, share: number): number =>
    stack.start_s + hops * stack.hop_s + (hops + chain) * (perChannelHop_s + extra_s) + (weight * (bytes - held) + hops * held) / (rate * share);
  const own = bottleneckOf(shape);
  return softMinimum(time(lowLatencyOf(shape, own), 0, stack.lowLatencyShare), time(own, stack.simpleHop_s, 1));
}
