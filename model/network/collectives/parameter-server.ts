/**
 * Sharded parameter server, synchronous: every rank sends each shard of its gradient to the rank that keeps it, then gets every shard back; the first `leaders` ranks of
 * each node keep one shard each. All senders of a shard meet at its keeper, so with few keepers these set the pace: all keepers make it an all-reduce in two steps.
 * Left out: the keepers' time to add, and what asynchronous updates hide.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { adds, checkFlows, copies, ranksOf, stepsOf, type BlockPlan } from "./parts/block-plan.ts";
import { addSteps, startTally } from "./parts/tally.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

const keepersPerNode = ({ leaders, devicesPerNode }: CollectiveShape): number => Math.min(leaders ?? devicesPerNode, devicesPerNode);

function plan(shape: CollectiveShape): BlockPlan {
  const { nodes, devicesPerNode: g } = shape;
  const ranks = ranksOf(shape);
  const perNode = keepersPerNode(shape);
  const shards = nodes * perNode;
  const count = shards * (ranks - 1);
  checkFlows(2 * count, "fewer keepers of shards, or fewer ranks");
  const [worker, keeper, shard] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  let flow = 0;
  for (let of = 0; of < shards; of++) {
    const keeps = Math.floor(of / perNode) * g + (of % perNode);
    for (let rank = 0; rank < ranks; rank++) {
      if (rank === keeps) continue;
      worker[flow] = rank;
      keeper[flow] = keeps;
      shard[flow++] = of;
    }
  }
  const phase = { repeat: 1, count: 1, blocks: (_: number, flow: number) => [shard[flow] as number] };
  return {
    ranks,
    parts: shards,
    phases: [
      { ...phase, name: "gradients to the keepers", from: worker, to: keeper, effect: adds },
      { ...phase, name: "weights from the keepers", from: keeper, to: worker, effect: copies },
    ],
  };
}

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  addSteps(tally, network, 2, (bytes * (g - 1)) / (nodes * keepersPerNode(network)), (g * bytes * (nodes - 1)) / nodes);
  return tally;
}

export const parameterServer: CollectiveAlgorithm = {
  id: "parameter-server",
  operation: "parameter-server",
  does: "gradients go to the ranks that keep the shards, weights come back",
  source: "Li et al. 2014, Scaling distributed machine learning with the parameter server",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
