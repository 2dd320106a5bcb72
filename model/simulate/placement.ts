/**
 * Where ranks sit. A job is given whole nodes; ranks fill the devices of a node before they go on to the next. What differs is which nodes a job has got and
 * in which order: next to each other, every k-th, anywhere, or in runs as a scheduler of a busy machine leaves them.
 */
import { drawOrder, type Random } from "../variability/draw.ts";

export const placements = ["packed", "strided", "random", "fragmented"] as const;
export type Placement = (typeof placements)[number];

/** Nodes that a job of `wanted` nodes has got on a machine of `available`, in the order of its ranks. */
export function placeNodes(placement: Placement, wanted: number, available: number, random: Random): Int32Array {
  switch (placement) {
    case "packed":
      return Int32Array.from({ length: wanted }, (_, index) => index);
    case "strided": {
      const stride = Math.max(1, Math.floor(available / wanted));
      return Int32Array.from({ length: wanted }, (_, index) => index * stride);
    }
    case "random":
      return drawOrder(available, random).slice(0, wanted);
    case "fragmented":
      return fragments(wanted, available, random);
  }
}

/**
 * Runs of free nodes between other jobs: lengths by an exponential law around `meanRun`, the shorter gaps between them as the room allows. Ranks keep the order of
 * the nodes, as schedulers hand them out.
 */
function fragments(wanted: number, available: number, random: Random, meanRun = 12): Int32Array {
  const runs: number[] = [];
  for (let left = wanted; left > 0; ) {
    const length = Math.min(left, Math.max(1, Math.round(-meanRun * Math.log(1 - random()))));
    runs.push(length);
    left -= length;
  }
  // The nodes that the job has not got are shared out over the gaps before the runs.
  const cuts = runs.map(() => random() * (available - wanted)).toSorted((a, b) => a - b);
  const nodes = new Int32Array(wanted);
  let [at, taken] = [0, 0];
  runs.forEach((length, run) => {
    const first = taken + Math.floor(cuts[run] as number);
    for (let index = 0; index < length; index++) nodes[at++] = first + index;
    taken += length;
  });
  return nodes;
}

/** The device of each rank. */
export function placeRanks(nodes: Int32Array, devicesPerNode: number, devices: number): Int32Array {
  return Int32Array.from({ length: devices }, (_, rank) => (nodes[Math.floor(rank / devicesPerNode)] as number) * devicesPerNode + (rank % devicesPerNode));
}
