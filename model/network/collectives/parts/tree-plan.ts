/**
 * All-reduce by trees between nodes: a ring reduce-scatter in each node leaves every device a share, the devices of one place sum their shares over the nodes by
 * one tree or by two at once, and a ring all-gather in each node follows. `inside`: what stands for the two rings where a switch does their work.
 */
import type { CollectiveShape } from "../types.ts";
import { range, ranksOf, type BlockPhase, type BlockPlan } from "./block-plan.ts";
import { chunksOf, Streams } from "./pipeline.ts";
import { ringAllGather, ringReduceScatter } from "./rings.ts";
import { addTree, makeTree } from "./trees.ts";

export interface Inside {
  readonly before: BlockPhase;
  readonly after: BlockPhase;
}

export function ringsInside(ranks: number, devicesPerNode: number, perShare: number): Inside {
  const rings = { ranks, members: devicesPerNode, perShare, where: " inside the node", share: (member: number) => range(member * perShare, perShare) };
  return { before: ringReduceScatter(rings), after: ringAllGather(rings) };
}

export function treePlan(shape: CollectiveShape, bytes: number, trees: 1 | 2, makeInside = ringsInside): BlockPlan {
  const { nodes, devicesPerNode: g } = shape;
  const ranks = ranksOf(shape);
  const chunks = chunksOf(shape, bytes / g / trees);
  const perShare = trees * chunks;
  const streams = new Streams();
  for (let tree = 0; tree < trees; tree++) addTree(streams, makeTree(nodes, tree === 1), g, g, (lane) => lane * perShare + tree * chunks);
  const { before, after } = makeInside(ranks, g, perShare);
  return { ranks, parts: g * perShare, phases: [before, ...streams.phases(trees === 1 ? "tree" : "two trees", chunks), after] };
}
