/**
 * The network that a simulation runs on: that of the machine document's interconnect, or, where it has none, one that cannot contend: every node on one switch.
 * A reduction reaches only a share of the network ports' bandwidth (fabric.efficiency, and of a hierarchical one what the leaders at a port drive together), so the
 * ports are that much slower here; links above them have their full bandwidth. Device links are what a collective reaches inside a node (node.deviceLink), where the document says so.
 */
import type { Resources } from "../cost/index.ts";
import { leaderDevice } from "../network/collectives/index.ts";
import { largeAllReduceOf } from "../network/library/index.ts";
import { makeMachineGraph, namePort, type MachineNetwork, type NetworkGraph } from "../network/topology/index.ts";
import { InputError } from "../problems.ts";
import { readInterconnect } from "../resolve/interconnect.ts";
import type { Scenario } from "../scenario.ts";

export interface SimulatedNetwork {
  readonly graph: NetworkGraph;
  readonly nodes: number;
  readonly devicesPerNode: number;
  /** False where links above the ports are not known and cannot contend. */
  readonly contends: boolean;
}

/** What no link is: wide enough never to be the limit. */
const unlimited_bytes_per_s = 1e18;

/** `nodes`: as many as the job may sit on; the whole machine where its interconnect is known. */
export function makeNetwork({ machine, stack }: Scenario, resources: Resources, nodes: number): SimulatedNetwork {
  const { fabric_bytes_per_s, fabricLatency_s, leaderShare, nodeLink_bytes_per_s, nodeLinkLatency_s } = resources.collectives.network;
  const devicesPerNode = resources.devicesPerNode;
  const byLeaders = largeAllReduceOf(resources.collectives) === "hierarchical";
  if (!machine.interconnect) {
    const flat: MachineNetwork = {
      node: { devices: devicesPerNode, links: devicesPerNode > 1 ? { kind: "switch", link: { capacity_bytes_per_s: nodeLink_bytes_per_s, latency_s: nodeLinkLatency_s / 2 } } : null },
      ports: { count: 1, map: Array.from({ length: devicesPerNode }, () => 0), slot: { capacity_bytes_per_s: unlimited_bytes_per_s, latency_s: 0 }, attach: "together" },
      domain: null,
      fabric: { topology: "fat-tree", spec: { levels: [{ down: Math.max(2, nodes), up: 1, cables: 1, capacity_bytes_per_s: fabric_bytes_per_s * (byLeaders ? leaderShare : 1), latency_s: fabricLatency_s / 2 }], routing: { kind: "deterministic" } } },
    };
    return { graph: makeMachineGraph(flat, nodes), nodes, devicesPerNode, contends: false };
  }
  const read = readInterconnect(machine);
  if (!read.network) throw new InputError([...read.problems]);
  const available = machine.nodes.value;
  const graph = makeMachineGraph(read.network, available);
  const { leaders, leaderBandwidthShare } = stack.collective;
  const driven = byLeaders ? shareByPort(read.network, devicesPerNode, leaders, leaderBandwidthShare.value) : () => 1;
  return { graph: slowPorts(graph, (port) => machine.fabric.efficiency.value * driven(port)), nodes: available, devicesPerNode, contends: true };
}

/** Share of a port's bandwidth that its leaders drive together, by its name. One leader reaches a share of what all ports of a node have. */
function shareByPort({ ports }: MachineNetwork, devicesPerNode: number, stated: number, reached: number): (port: string) => number {
  const leaders = Math.min(stated, devicesPerNode);
  if (!ports) return () => Math.min(1, leaders * reached);
  const shares = new Map<string, number>();
  for (let leader = 0; leader < leaders; leader++) {
    const port = namePort(ports.map[leaderDevice(leader, leaders, devicesPerNode)] as number);
    shares.set(port, Math.min(1, (shares.get(port) ?? 0) + reached * ports.count));
  }
  // Through a port without leaders nothing is summed.
  return (port) => shares.get(port) ?? 1;
}

/** Kinds of links that join nodes to the fabric. */
const portKinds = new Set(["host"]);

/** "node 5 / nic 1" > "nic 1" */
const ownName = (place: string): string => place.slice(place.lastIndexOf("/") + 1).trim();

function slowPorts(graph: NetworkGraph, shareOf: (port: string) => number): NetworkGraph {
  const capacity_bytes_per_s = graph.links.capacity_bytes_per_s.slice();
  for (let link = 0; link < graph.links.count; link++) {
    const { kind, from, to } = graph.links.describe(link);
    if (portKinds.has(kind)) capacity_bytes_per_s[link] = (capacity_bytes_per_s[link] as number) * shareOf(ownName(from.startsWith("node ") ? from : to));
  }
  return { ...graph, links: { ...graph.links, capacity_bytes_per_s } };
}
