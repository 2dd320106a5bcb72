/** Words of networks for readers who have not seen this model: kinds of links, topologies, ways of routing and placing, operations. */
import type { CollectiveOperation } from "../../../model/network/collectives/index.ts";
import type { Placement } from "../../../model/simulate/placement.ts";
import { count, percent } from "../format.ts";

export interface Word {
  name: string;
  help: string;
}

/** `many`: several of them, inside a sentence. */
export interface KindWord extends Word {
  many: string;
}

const kinds: Readonly<Record<string, KindWord>> = {
  "device link": { name: "device link", many: "device links", help: "Between devices of a node, or from a device to the switch inside the node: NVLink, xGMI, Xe-Link." },
  "host link": { name: "device to host", many: "links of devices to hosts", help: "From a device to the processor next to it." },
  bus: { name: "bus between hosts", many: "buses between hosts", help: "Between the processors of a node, such as X-Bus or UPI." },
  pcie: { name: "PCIe", many: "PCIe links", help: "From a device to its PCIe switch." },
  "shared host link": { name: "shared host link", many: "shared host links", help: "From a PCIe switch to its processor, shared by all devices below it." },
  slot: { name: "port slot", many: "port slots", help: "From a device or processor to a network port of the node: PCIe or the like." },
  domain: { name: "rack NVLink", many: "rack NVLinks", help: "From a device to the switch that joins all devices of a rack." },
  host: { name: "network port", many: "network ports", help: "The cable from a network port (NIC) of a node to its switch." },
  "leaf-spine": { name: "leaf to spine", many: "leaf-to-spine links", help: "From the switches that nodes hang on to those above. Adaptive routing makes all cables of a subtree one link here." },
  "spine-core": { name: "spine to core", many: "spine-to-core links", help: "Between the two upper levels of switches of a fat tree." },
  "leaf-core": { name: "leaf to core", many: "leaf-to-core links", help: "Between levels of switches." },
  local: { name: "inside groups", many: "links inside groups", help: "Between the routers of a dragonfly group. Adaptive routing makes all cables of a router one link here." },
  global: { name: "between groups", many: "links between groups", help: "Cables between groups of a dragonfly. Adaptive routing makes all cables of a group one link here." },
  green: { name: "inside a chassis", many: "links inside a chassis", help: "Between routers of one chassis of a dragonfly group." },
  black: { name: "between chassis", many: "links between chassis", help: "Between chassis of one dragonfly group." },
  blue: { name: "between groups", many: "links between groups", help: "Cables between groups of a dragonfly." },
};

export function kindWord(kind: string): KindWord {
  const known = kinds[kind];
  if (known) return known;
  const [, axis] = /^axis (\d)$/.exec(kind) ?? [];
  if (axis !== undefined) return { name: `torus axis ${axis}`, many: `links along axis ${axis}`, help: `Between neighbours along dimension ${axis} of the torus.` };
  return { name: kind, many: `${kind} links`, help: `Links of kind "${kind}".` };
}

export const topologyWords: Readonly<Record<string, Word>> = {
  "fat-tree": { name: "fat tree", help: "Switches in levels; every level up joins more nodes. Not tapered, any half of the nodes can talk to the other at full speed." },
  "rail-optimised": { name: "rail-optimised fat tree", help: "Equal network ports of neighbouring nodes meet on one switch (a rail); spines join the rails." },
  dragonfly: { name: "dragonfly", help: "Groups of routers that are all joined to each other; every group has cables to every other group." },
  "dragonfly-plus": { name: "dragonfly+", help: "Groups that are two-level trees; their spines carry the cables to the other groups." },
  torus: { name: "torus", help: "A grid of routers or chips, each joined to its neighbours, closed in a ring along each dimension." },
  hyperx: { name: "HyperX", help: "A grid of routers, each joined to all others of its row in every dimension." },
};

export const routingWords: Readonly<Record<string, Word>> = {
  deterministic: { name: "fixed routing", help: "The destination alone decides the way: the pessimistic end." },
  ecmp: { name: "hashed routing", help: "A seeded hash picks among equal ways, so that flows can meet by chance." },
  adaptive: { name: "adaptive routing", help: "Load is spread evenly over parallel links: the optimistic end. Parallel links are drawn as one of their summed bandwidth." },
};

export const placementWords: Readonly<Record<Placement, string>> = {
  packed: "Nodes next to each other, from the first.",
  strided: "Every k-th node, spread evenly over the machine.",
  random: "Nodes drawn anywhere on the machine, in drawn order.",
  fragmented: "Runs of free nodes between other jobs, as the scheduler of a busy machine leaves them.",
};

export const operationWords: Readonly<Record<CollectiveOperation, Word>> = {
  "all-reduce": { name: "All-reduce", help: "Sums a vector over all ranks; every rank has the sum at the end. How gradients are added in data-parallel training." },
  "all-gather": { name: "All-gather", help: "Every rank has a piece; at the end each has all of them." },
  "reduce-scatter": { name: "Reduce-scatter", help: "Sums a vector over all ranks; each keeps one piece of the sum." },
  broadcast: { name: "Broadcast", help: "One rank's vector goes to all others." },
  "all-to-all": { name: "All-to-all", help: "Every rank has a piece for every other: how experts exchange tokens." },
  "send-recv": { name: "Send and receive", help: "One message between neighbours, as between pipeline stages." },
  "parameter-server": { name: "Parameter server", help: "Ranks send gradients to the ranks that keep the parameters, which send these back." },
};

export const rankHelp = "A rank is one process of the job, with one device. Ranks count through a node before the next one.";
export const usedHelp = "Bytes carried, over what the link could carry in the time of the collective. 100\u202f% is a link that is never idle: it sets the pace.";

/** Whether a machine document says how its links run, so that it can be drawn. */
export const hasInterconnect = (document: unknown): boolean => typeof document === "object" && document !== null && "interconnect" in document;

/** Names of ends for people. Where routing spreads load over parallel switches, the model joins these into one. */
export const showEnd = (end: string): string => (end === "top" ? "top switches" : end.replace(/^joined (spine|core) /, "$1s ").replace(/^joined /, "").replace(/^domain /, "rack switch ").replaceAll(/\d{4,}/g, (digits) => count(Number(digits))));

/** A share of the time, in three digits or two; what is hardly anything is said as that. */
export const showBusy = (used: number, digits = 3): string => (used > 0 && used < 0.001 ? "<\u202f0.1\u202f%" : percent(used, digits));
