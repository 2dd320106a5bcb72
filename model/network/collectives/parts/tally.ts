/**
 * Adds up the steps of a collective. Steps follow one another; in each, the slower of what devices send inside their nodes and what nodes send out decides and
 * is what the time is booked to. Where fast and slow ranks could run ahead of each other this is an upper bound, exact where all ranks do alike.
 */
import type { CollectiveNetwork, CollectiveTime } from "../types.ts";

export type Tally = { -readonly [Key in keyof CollectiveTime]: CollectiveTime[Key] };

export const startTally = (): Tally => ({ time_s: 0, insideNode_s: 0, betweenNodes_s: 0, latency_s: 0, nodeSends_bytes: 0 });

/** Steps in which the busiest device sends so much inside its node, and the busiest node so much to others; 0 where nobody does. */
export function addSteps(tally: Tally, network: CollectiveNetwork, steps: number, device_bytes: number, node_bytes: number): void {
  const inside_s = device_bytes > 0 ? device_bytes / network.nodeLink_bytes_per_s : 0;
  const between_s = node_bytes > 0 ? node_bytes / network.fabric_bytes_per_s : 0;
  const insideLatency_s = device_bytes > 0 ? network.nodeLinkLatency_s : 0;
  const betweenLatency_s = node_bytes > 0 ? network.fabricLatency_s : 0;
  tally.nodeSends_bytes += steps * node_bytes;
  if (between_s + betweenLatency_s >= inside_s + insideLatency_s) {
    tally.betweenNodes_s += steps * between_s;
    tally.latency_s += steps * betweenLatency_s;
    tally.time_s += steps * (between_s + betweenLatency_s);
  } else {
    tally.insideNode_s += steps * inside_s;
    tally.latency_s += steps * insideLatency_s;
    tally.time_s += steps * (inside_s + insideLatency_s);
  }
}

/** Every rank sends `bytes` to the one so many places on, around all ranks. */
export function addShift(tally: Tally, network: CollectiveNetwork, steps: number, distance: number, bytes: number): void {
  const { nodes, devicesPerNode: g } = network;
  const leaving = nodes > 1 ? Math.min(g, distance, nodes * g - distance) : 0;
  addSteps(tally, network, steps, leaving < g ? bytes : 0, leaving * bytes);
}

/**
 * Ranks exchange with the one whose number differs in one binary digit. With ranks set aside (`extra`) partners are up to twice as far apart. The number of
 * ranks whose partner is in another node is exact where nodes hold a power of two of them and none is set aside, else an upper bound.
 */
export function addPairs(tally: Tally, network: CollectiveNetwork, steps: number, distance: number, bytes: number, extra: number): void {
  const { nodes, devicesPerNode: g } = network;
  if (nodes === 1 || (extra === 0 && distance < g && g % (2 * distance) === 0)) addSteps(tally, network, steps, bytes, 0);
  else if (distance >= g) addSteps(tally, network, steps, 0, g * bytes);
  else addSteps(tally, network, steps, bytes, Math.min(g, (extra > 0 ? 4 : 2) * distance) * bytes);
}

/** Ranks 2i and 2i + 1 for the first few i: at most one such pair sits astride two nodes. */
export function addNeighbours(tally: Tally, network: CollectiveNetwork, steps: number, bytes: number): void {
  const { nodes, devicesPerNode: g } = network;
  addSteps(tally, network, steps, g > 1 ? bytes : 0, nodes > 1 && g % 2 === 1 ? bytes : 0);
}
