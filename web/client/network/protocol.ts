/** What the network page asks its worker and what it gets. All plain data; the worker keeps graph and loads, so that a new route or a closer look is quick. */
import type { Problem } from "../../../model/problems.ts";
import type { CollectiveId } from "../../../model/network/collectives/index.ts";
import type { OutlineLevel } from "../../../model/network/topology/index.ts";
import type { LinkFacts } from "../data/network-facts.ts";
import type { Placement } from "../../../model/simulate/placement.ts";

/** A place of the machine: depth 0 is all of it, the last depth one node. */
export interface Place {
  depth: number;
  index: number;
}

export interface NetworkWish {
  machine: string;
  /** Null: the whole machine, or as many nodes as are followed within seconds. */
  nodes: number | null;
  placement: Placement;
  seed: number;
  algorithm: CollectiveId;
  bytes: number;
  /** Ranks of the route; null is the last. */
  from: number;
  to: number | null;
  /** What the map shows. */
  at: Place;
  /** Kind of links that the map colours by; null is all. */
  kind: string | null;
}

export interface LoadedLink {
  kind: string;
  from: string;
  to: string;
  capacity_bytes_per_s: number;
  latency_s: number;
  carried_bytes: number;
  /** Share of the collective's time in which the link is full with what it carries. */
  used: number;
}

export interface LinkClass {
  kind: string;
  count: number;
  capacity_bytes_per_s: readonly [number, number];
  latency_s: readonly [number, number];
  /** Links that carry anything. */
  busy: number;
  carried_bytes: number;
  /** Mean over the links that carry anything. */
  meanUsed: number;
  /** The most used ones, the first the most; and how many are within a thousandth of it. */
  fullest: LoadedLink[];
  alike: number;
  /** How bandwidth and latency are known; the document's own, of one cable. */
  facts: LinkFacts | null;
}

/** Loads by place of one depth. */
export interface PlaceLoads {
  /** Most used link of the place itself, and of all within it; 0 where nothing is carried. */
  own: Float32Array;
  within: Float32Array;
  /** Of all its links to what lies above or beside it, one direction. */
  out_bytes_per_s: Float64Array;
  out_bytes: Float64Array;
  in_bytes: Float64Array;
}

export interface NetworkPicture {
  machine: { id: string; title: string; topology: string; routing: string; nodes: number; devicesPerNode: number; device: string };
  levels: readonly OutlineLevel[];
  /** Nodes of the job in the order of its ranks. */
  jobNodes: Int32Array;
  ranks: number;
  wish: Omit<NetworkWish, "nodes" | "to"> & { nodes: number; to: number };
  time_s: number;
  method: "events" | "synchronous";
  operation: string;
  does: string;
  links: number;
  classes: LinkClass[];
  /** Of depths 1 and up; the first is of depth 1. */
  loads: PlaceLoads[];
  /** Links of the node that the map shows. */
  inside: LoadedLink[];
  /** Links that no place owns but the whole: between switches of the uppermost level. */
  route: LoadedLink[];
  elapsed_ms: number;
}

export type NetworkRequest = { type: "machines"; machines: Record<string, unknown> } | { type: "show"; id: number; wish: NetworkWish };
export type NetworkAnswer =
  | { type: "picture"; id: number; picture: NetworkPicture }
  | { type: "problems"; id: number; problems: readonly Problem[] }
  | { type: "progress"; id: number; part: number; what: string };
