/**
 * What a collective is costed from and what it answers. One rank per device; ranks count through a node before the next begins.
 * `bytes`: of an all-reduce the vector that every rank holds; of an all-gather what each holds at the end; of a reduce-scatter and an all-to-all what each
 * gives; of a broadcast and a send the message; of a parameter server the whole model.
 */
import type { Exchange } from "../exchange.ts";
import type { BlockPlan } from "./parts/block-plan.ts";

export type CollectiveOperation = "all-reduce" | "all-gather" | "reduce-scatter" | "broadcast" | "all-to-all" | "send-recv" | "parameter-server";

export interface CollectiveShape {
  readonly nodes: number;
  readonly devicesPerNode: number;
  /** Devices of a node that speak for it to other nodes (hierarchical), or keep shards (parameter server). Left out: all of them. */
  readonly leaders?: number;
  /** Pieces that a pipelined algorithm cuts each of its streams into. Left out: as many as pieces of 512 KiB need. */
  readonly chunks?: number;
}

export interface CollectiveNetwork extends CollectiveShape {
  /** Per device and direction, inside the node. */
  readonly nodeLink_bytes_per_s: number;
  readonly nodeLinkLatency_s: number;
  /** What a large reduction reaches out of one node, one direction, when all its NICs are used. */
  readonly fabric_bytes_per_s: number;
  readonly fabricLatency_s: number;
  /** Share of fabric_bytes_per_s that the node's leaders reach together, at most 1. */
  readonly leaderShare: number;
}

export interface CollectiveTime {
  readonly time_s: number;
  readonly insideNode_s: number;
  readonly betweenNodes_s: number;
  readonly latency_s: number;
  /** Sent by one node to others; of nodes that differ, by the one that sends most. */
  readonly nodeSends_bytes: number;
}

export interface CollectiveAlgorithm {
  readonly id: string;
  readonly operation: CollectiveOperation;
  readonly does: string;
  readonly source: string;
  /** Which blocks of the data each message carries, and what becomes of them; `steps` is this with sizes. */
  plan(shape: CollectiveShape, bytes: number): BlockPlan;
  steps(shape: CollectiveShape, bytes: number): Exchange;
  /** Closed form. */
  time(bytes: number, network: CollectiveNetwork): CollectiveTime;
  /** What no algorithm of its kind beats on this network. */
  lowerBound_s(bytes: number, network: CollectiveNetwork): number;
}

export const nothingToDo: CollectiveTime = { time_s: 0, insideNode_s: 0, betweenNodes_s: 0, latency_s: 0, nodeSends_bytes: 0 };
