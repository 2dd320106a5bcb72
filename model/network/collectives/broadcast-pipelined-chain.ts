/** Broadcast along a chain of all ranks, chunk after chunk: c + n - 2 steps of one chunk each. Bandwidth-optimal for messages much longer than the chain. */
import { broadcastBound_s } from "./parts/bounds.ts";
import { checkFlows, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { chunksOf, Streams } from "./parts/pipeline.ts";
import { addShift, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

function plan(shape: CollectiveShape, bytes: number): BlockPlan {
  const ranks = ranksOf(shape);
  const chunks = chunksOf(shape, bytes);
  checkFlows(2 * ranks * Math.min(ranks, chunks), "fewer ranks in the chain, or fewer chunks");
  const streams = new Streams();
  for (let rank = 0; rank < ranks - 1; rank++) streams.push(rank, rank + 1, rank, 0, false);
  return { ranks, parts: chunks, phases: streams.phases("chain", chunks) };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const ranks = network.nodes * network.devicesPerNode;
  if (ranks <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  const chunks = chunksOf(network, bytes);
  addShift(tally, network, chunks + ranks - 2, 1, bytes / chunks);
  // Every node but the last sends each chunk on once.
  tally.nodeSends_bytes = network.nodes > 1 ? bytes : 0;
  return tally;
}

export const broadcastPipelinedChain: CollectiveAlgorithm = {
  id: "broadcast-pipelined-chain",
  operation: "broadcast",
  does: "chunks go along a chain of all ranks",
  source: "Pjesivac-Grbovic et al. 2007, Performance analysis of MPI collective operations",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: broadcastBound_s,
};
