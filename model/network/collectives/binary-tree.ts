/**
 * All-reduce by one binary tree between nodes, up and down at once, chunk by chunk; sums inside the node by its links. The first chunk meets one other on its way,
 * where two children send to one parent; all further ones follow at the pace of the busiest node, which sends each chunk up once and down twice. Exact for one or two
 * nodes and for full trees; of others a few percent off, with a single chunk up to a quarter too long.
 */
import { allReduceBound_s } from "./parts/bounds.ts";
import { stepsOf } from "./parts/block-plan.ts";
import { chunksOf } from "./parts/pipeline.ts";
import { addSteps, startTally } from "./parts/tally.ts";
import { treePlan } from "./parts/tree-plan.ts";
import { nothingToDo, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveShape, type CollectiveTime } from "./types.ts";

const plan = (shape: CollectiveShape, bytes: number) => treePlan(shape, bytes, 1);

function time(bytes: number, network: CollectiveNetwork): CollectiveTime {
  const { nodes, devicesPerNode: g } = network;
  if (nodes * g <= 1 || bytes <= 0) return nothingToDo;
  const tally = startTally();
  if (g > 1) addSteps(tally, network, 2 * (g - 1), bytes / g, 0);
  if (nodes > 1) {
    const chunks = chunksOf(network, bytes / g);
    const chunk_bytes = bytes / chunks;
    const height = 31 - Math.clz32(nodes);
    addSteps(tally, network, 2 * height, 0, (nodes > 2 ? 2 : 1) * chunk_bytes);
    if (chunks > 1) addSteps(tally, network, chunks - 1, 0, Math.min(3, nodes - 1) * chunk_bytes);
  }
  return tally;
}

export const binaryTree: CollectiveAlgorithm = {
  id: "binary-tree",
  operation: "all-reduce",
  does: "one binary tree between nodes, up and down, in chunks",
  source: "Sanders, Speck and Traeff 2009, Two-tree algorithms for full bandwidth broadcast, reduction and scan",
  plan,
  steps: stepsOf(plan),
  time,
  lowerBound_s: allReduceBound_s,
};
