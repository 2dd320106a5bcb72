/**
 * All-reduce on a ring used both ways at once: every share reaches the ranks of one half of the ring from either side, so there are half as many steps as one way
 * around; with an even number of ranks the opposite one gets half of each share from each side. Pays where the two neighbours are on links of their own (a torus):
 * from one link to a switch both sends share it, and only latency is saved.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { adds, copies, makeFlows, ranksOf, stepsOf, type BlockPhase, type BlockPlan } from "./parts/block-plan.ts";
import { addSteps, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

/** Two blocks make a share, one for each side of the opposite rank. Flows 0 .. n - 1 go to the next rank, the others to the one before. */
function plan(shape: CollectiveShape): BlockPlan {
  const ranks = ranksOf(shape);
  const full = Math.floor((ranks - 1) / 2);
  const flows = makeFlows(2 * ranks, (flow) => flow % ranks, (flow) => (flow + (flow < ranks ? 1 : ranks - 1)) % ranks);
  const share = (rank: number): number[] => [2 * (rank % ranks), 2 * (rank % ranks) + 1];
  const half = (flow: number, rank: number): number[] => [2 * (rank % ranks) + (flow < ranks ? 0 : 1)];
  // A share comes home over distance d: sent on to the next by the rank d before its owner, or back by the rank d after it.
  const home = (flow: number, distance: number): number => flow + (flow < ranks ? distance : ranks - distance);
  const away = (flow: number, distance: number): number => flow + (flow < ranks ? ranks - distance : distance);
  const opposite = { repeat: ranks % 2 === 0 ? 1 : 0, ...flows, count: 1 };
  const phases: BlockPhase[] = [
    { ...opposite, name: "reduce-scatter, opposite rank", effect: adds, blocks: (_, flow) => half(flow, home(flow, full + 1)) },
    { name: "reduce-scatter", repeat: full, ...flows, count: 2, effect: adds, blocks: (step, flow) => share(home(flow, full - step)) },
    { name: "all-gather", repeat: full, ...flows, count: 2, effect: copies, blocks: (step, flow) => share(away(flow, step)) },
    { ...opposite, name: "all-gather, opposite rank", effect: copies, blocks: (_, flow) => half(flow, away(flow, full)) },
  ];
  return { ranks, parts: 2 * ranks, phases };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  const ranks = nodes * g;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  const full = Math.floor((ranks - 1) / 2);
  const both_bytes = (2 * bytes) / ranks;
  if (full > 0) addSteps(tally, network, 2 * full, g > 1 ? both_bytes : 0, nodes > 1 ? both_bytes : 0);
  if (ranks % 2 === 0) addSteps(tally, network, 2, g > 1 ? both_bytes / 2 : 0, nodes > 1 ? both_bytes / 2 : 0);
  return tally;
}

export const bidirectionalRing: CollectiveAlgorithm = {
  id: "bidirectional-ring",
  operation: "all-reduce",
  does: "one ring over all devices, both ways at once",
  source: "Jain and Sabharwal 2010, Optimal bucket algorithms for large MPI collectives on torus interconnects",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
