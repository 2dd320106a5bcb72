/**
 * A library's choice -> the collective of model/network/collectives that runs it message by message, where there is one. Reductions to one root, split binary
 * trees and the two-level "topo" of oneCCL have none: a topo choice is the hierarchical all-reduce with its algorithm between nodes.
 */
import type { CollectiveId } from "../collectives/index.ts";
import type { ChosenAlgorithm, LibraryChoice, LibraryOperation } from "./types.ts";

const table: Readonly<Partial<Record<LibraryOperation, Readonly<Partial<Record<ChosenAlgorithm, CollectiveId>>>>>> = {
  "all-reduce": {
    ring: "ring", "segmented-ring": "ring", "double-binary-tree": "tree", nvls: "nvls", "nvls-tree": "nvls", "recursive-doubling": "recursive-doubling",
    rabenseifner: "rabenseifner", hierarchical: "hierarchical", topo: "hierarchical",
  },
  "all-gather": { ring: "all-gather-ring", bruck: "all-gather-bruck", "recursive-doubling": "all-gather-recursive-doubling" },
  "reduce-scatter": { ring: "reduce-scatter-ring" },
  broadcast: { ring: "broadcast-pipelined-chain", pipeline: "broadcast-pipelined-chain", "binomial-tree": "broadcast-binomial-tree" },
  "all-to-all": { pairwise: "all-to-all-pairwise", direct: "all-to-all-direct", bruck: "all-to-all-bruck" },
  "send-recv": { pairwise: "send-recv" },
};

export const collectiveOf = (operation: LibraryOperation, choice: LibraryChoice): CollectiveId | undefined => table[operation]?.[choice.algorithm];
