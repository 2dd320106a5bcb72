/** The algorithms of all collective operations. Adding one is a file and its line here; the name of the file is its id. */
import { allGatherBruck } from "./all-gather-bruck.ts";
import { allGatherRecursiveDoubling } from "./all-gather-recursive-doubling.ts";
import { allGatherRing } from "./all-gather-ring.ts";
import { allToAllBruck } from "./all-to-all-bruck.ts";
import { allToAllDirect } from "./all-to-all-direct.ts";
import { allToAllHierarchical } from "./all-to-all-hierarchical.ts";
import { allToAllPairwise } from "./all-to-all-pairwise.ts";
import { bidirectionalRing } from "./bidirectional-ring.ts";
import { binaryTree } from "./binary-tree.ts";
import { broadcastBinomialTree } from "./broadcast-binomial-tree.ts";
import { broadcastPipelinedChain } from "./broadcast-pipelined-chain.ts";
import { broadcastScatterAllGather } from "./broadcast-scatter-all-gather.ts";
import { hierarchical } from "./hierarchical.ts";
import { nvls } from "./nvls.ts";
import { parameterServer } from "./parameter-server.ts";
import { rabenseifner } from "./rabenseifner.ts";
import { recursiveDoubling } from "./recursive-doubling.ts";
import { recursiveHalvingDoubling } from "./recursive-halving-doubling.ts";
import { reduceScatterRecursiveHalving } from "./reduce-scatter-recursive-halving.ts";
import { reduceScatterRing } from "./reduce-scatter-ring.ts";
import { ring } from "./ring.ts";
import { sendRecv } from "./send-recv.ts";
import { sharp } from "./sharp.ts";
import { tree } from "./tree.ts";
import type { CollectiveAlgorithm } from "./types.ts";

export const allReduceAlgorithms = {
  hierarchical,
  ring,
  tree,
  "bidirectional-ring": bidirectionalRing,
  "binary-tree": binaryTree,
  "recursive-doubling": recursiveDoubling,
  "recursive-halving-doubling": recursiveHalvingDoubling,
  rabenseifner,
  sharp,
  nvls,
  "parameter-server": parameterServer,
} as const satisfies Record<string, CollectiveAlgorithm>;

export const collectiveAlgorithms = {
  ...allReduceAlgorithms,
  "all-gather-ring": allGatherRing,
  "all-gather-recursive-doubling": allGatherRecursiveDoubling,
  "all-gather-bruck": allGatherBruck,
  "reduce-scatter-ring": reduceScatterRing,
  "reduce-scatter-recursive-halving": reduceScatterRecursiveHalving,
  "broadcast-binomial-tree": broadcastBinomialTree,
  "broadcast-pipelined-chain": broadcastPipelinedChain,
  "broadcast-scatter-all-gather": broadcastScatterAllGather,
  "all-to-all-pairwise": allToAllPairwise,
  "all-to-all-direct": allToAllDirect,
  "all-to-all-bruck": allToAllBruck,
  "all-to-all-hierarchical": allToAllHierarchical,
  "send-recv": sendRecv,
} as const satisfies Record<string, CollectiveAlgorithm>;

export { leaderDevice } from "./hierarchical.ts";
export type AllReduceId = keyof typeof allReduceAlgorithms;
export type CollectiveId = keyof typeof collectiveAlgorithms;
export type { CollectiveAlgorithm, CollectiveNetwork, CollectiveOperation, CollectiveShape, CollectiveTime } from "./types.ts";
