/**
 * Binomial tree from rank 0, furthest first: ranks that are multiples of twice the distance send to the rank that far on, so that nodes are reached before
 * their devices and any number of ranks takes ceil(lg n) steps.
 */
import type { CollectiveNetwork } from "../types.ts";
import { copies, makeFlows, type BlockPhase } from "./block-plan.ts";
import { addSteps, type Tally } from "./tally.ts";

/** The largest distance: half of the power of two that holds all ranks. */
const furthest = (ranks: number): number => 2 ** (31 - Math.clz32(ranks - 1));

/** `blocks`: what is sent from the rank at `to` on, whose part of the tree has `size` ranks. */
export function binomialPhases(ranks: number, name: string, blocks: (to: number, size: number) => number[]): BlockPhase[] {
  const phases: BlockPhase[] = [];
  for (let distance = ranks > 1 ? furthest(ranks) : 0; distance >= 1; distance = Math.floor(distance / 2)) {
    const flows = makeFlows(Math.ceil((ranks - distance) / (2 * distance)), (flow) => flow * 2 * distance, (flow) => flow * 2 * distance + distance);
    const carried = (flow: number): number[] => {
      const to = flows.to[flow] as number;
      return blocks(to, Math.min(distance, ranks - to));
    };
    const count = Int32Array.from(flows.to, (to) => blocks(to, Math.min(distance, ranks - to)).length);
    phases.push({ name, repeat: 1, ...flows, count, effect: copies, blocks: (_, flow) => carried(flow) });
  }
  return phases;
}

/** At most one rank of a node sends out of it in a step. `growing`: a share for every rank of the part of the tree it goes to, not one alone. Rank 0 sends most. */
export function addBinomial(tally: Tally, network: CollectiveNetwork, share_bytes: number, growing: boolean): void {
  const { nodes, devicesPerNode: g } = network;
  const ranks = nodes * g;
  for (let distance = furthest(ranks); distance >= 1; distance = Math.floor(distance / 2)) {
    const bytes = growing ? share_bytes * Math.min(distance, ranks - distance) : share_bytes;
    const leaves = nodes > 1 && (distance >= g || g % (2 * distance) !== 0);
    addSteps(tally, network, 1, distance < g ? bytes : 0, leaves ? bytes : 0);
  }
}
