/**
 * The network that a simulation runs on: that of the machine document's interconnect, or, where it has none, one that cannot contend: every node on one switch.
 * A reduction reaches only a share of the network ports' bandwidth (fabric.efficiency, and what the stack's leaders drive together), so the ports are that much
 * slower here; links above them have their full bandwidth. Device links are what a collective reaches inside a node (node.deviceLink), where the document says so.
 */
import type { Resources } from "../cost/index.ts";
import { makeMachineGraph, type MachineNetwork, type NetworkGraph } from "../network/topology/index.ts";
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
  if (!machine.interconnect) {
    const flat: MachineNetwork = {
      node: { devices: devicesPerNode, links: devicesPerNode > 1 ? { kind: "switch", link: { capacity_bytes_per_s: nodeLink_bytes_per_s, latency_s: nodeLinkLatency_s / 2 } } : null },
      ports: { count: 1, map: Array.from({ length: devicesPerNode }, () => 0), slot: { capacity_bytes_per_s: unlimited_bytes_per_s, latency_s: 0 }, attach: "together" },
      domain: null,
      fabric: { topology: "fat-tree", spec: { levels: [{ down: Math.max(2, nodes), up: 1, cables: 1, capacity_bytes_per_s: fabric_bytes_per_s * leaderShare, latency_s: fabricLatency_s / 2 }], routing: { kind: "deterministic" } } },
    };
    return { graph: makeMachineGraph(flat, nodes), nodes, devicesPerNode, contends: false };
  }
  const read = readInterconnect(machine);
  if (!read.network) throw new InputError([...read.problems]);
  const available = machine.nodes.value;
  const graph = makeMachineGraph(read.network, available);
  return { graph: slowPorts(graph, machine.fabric.efficiency.value * Math.min(1, stack.collective.leaders * stack.collective.leaderBandwidthShare.value)), nodes: available, devicesPerNode, contends: true };
}

/** Kinds of links that join nodes to the fabric. */
const portKinds = new Set(["host"]);

function slowPorts(graph: NetworkGraph, share: number): NetworkGraph {
  const capacity_bytes_per_s = graph.links.capacity_bytes_per_s.slice();
  for (let link = 0; link < graph.links.count; link++) if (portKinds.has(graph.links.describe(link).kind)) capacity_bytes_per_s[link] = (capacity_bytes_per_s[link] as number) * share;
  return { ...graph, links: { ...graph.links, capacity_bytes_per_s } };
}
