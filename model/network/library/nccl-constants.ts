/**
 * The constants with which NCCL 2.2x estimates what each algorithm and protocol would take (its file tuning.cc, github.com/NVIDIA/nccl). They are estimates
 * of its authors for choosing, in microseconds and as shares of the bandwidth that it found in the topology; measured times differ by up to a factor of 2.
 */
import type { Protocol } from "./types.ts";

export type ByProtocol = Readonly<Record<Protocol, number>>;

/** Once per call. */
export const base_us = {
  tree: { LL: 6.8, LL128: 14, Simple: 8.4 },
  ring: { LL: 6.6, LL128: 14, Simple: 8.4 },
} as const satisfies Readonly<Record<string, ByProtocol>>;

/** Per hop over each kind of link. */
export const hop_us = {
  nvlink: { tree: { LL: 0.6, LL128: 1.25, Simple: 4 }, ring: { LL: 0.6, LL128: 1.9, Simple: 3.4 } },
  pcie: { tree: { LL: 1, LL128: 1.9, Simple: 4 }, ring: { LL: 1, LL128: 2.5, Simple: 5.7 } },
  network: { tree: { LL: 5, LL128: 8.5, Simple: 14 }, ring: { LL: 2.7, LL128: 4, Simple: 14 } },
} as const;

/** In-network reduction by NVLink SHARP: once over the switch of a node, once or per level over the network. */
export const nvlsHop_us = { nvlink: 25, network: 18, networkTree: 20.9 } as const;

/** Factor on the latency of a ring all-reduce with Simple over several nodes. */
export const ringSimpleLatencyFactor = { volta: 1.9, ampere: 1.4, hopper: 1.4, blackwell: 1.4 } as const;

/** Shares of the found bandwidth. A tree across nodes reaches 120/128 of it with LL128, one inside a node 7/9. */
export const bandwidthShare = {
  ring: { LL: 0.5, LL128: 0.92, Simple: 1 },
  tree: 0.92,
  treeLL: 1 / 3.8,
  treeLL128: { inside: 7 / 9, between: 120 / 128 },
  nvls: { volta: 0, ampere: 0, hopper: 0.85, blackwell: 0.74 },
} as const;

/**
 * Share of its bandwidth that a tree is expected to reach by size: powers of two from 64 B on, then as the last. Taken over as numbers because they decide
 * where tree gives way to ring.
 */
export const treeSizeShare: Readonly<Record<Protocol, readonly number[]>> = {
  LL: [1, 1, 1, 1, 0.9, 0.8, 0.7, 0.7, 0.7, 0.7, 0.6, 0.5, 0.4, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  LL128: [1, 1, 1, 1, 1, 0.9, 0.8, 0.8, 0.8, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.8, 0.9, 0.9, 0.9, 0.9, 1],
  Simple: [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.7, 0.6, 0.6, 0.5, 0.5, 0.5, 0.5, 0.6, 0.7, 0.8, 0.7, 0.7, 0.8, 0.9],
};
