/** The all-reduce algorithms. Adding one is a file and its line here. */
import { hierarchical } from "./hierarchical.ts";
import { ring } from "./ring.ts";
import { tree } from "./tree.ts";
import type { CollectiveAlgorithm } from "./types.ts";

export const collectiveAlgorithms = { hierarchical, ring, tree } as const satisfies Record<string, CollectiveAlgorithm>;
export type CollectiveId = keyof typeof collectiveAlgorithms;
export type { CollectiveNetwork, CollectiveTime } from "./types.ts";
