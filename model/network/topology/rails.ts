/**
 * Rails: network port r of every node of a pod sits on switch r of the pod, so that equal ports of neighbours are one switch apart. Endpoints count node by
 * node, port by port; a fabric's ports count switch by switch. This turns one into the other.
 */
import type { NetworkGraph } from "./graph.ts";
import type { NameEndpoint } from "./link.ts";

export interface Rails {
  /** Ports of a node. */
  readonly rails: number;
  /** Nodes whose equal ports share a switch: the ports to hosts of one. */
  readonly nodesPerPod: number;
}

export function portOf({ rails, nodesPerPod }: Rails, endpoint: number): number {
  const node = (endpoint / rails) | 0;
  const pod = (node / nodesPerPod) | 0;
  return (pod * rails + (endpoint % rails)) * nodesPerPod + (node % nodesPerPod);
}

export function endpointOf({ rails, nodesPerPod }: Rails, port: number): number {
  const leaf = (port / nodesPerPod) | 0;
  const pod = (leaf / rails) | 0;
  return (pod * nodesPerPod + (port % nodesPerPod)) * rails + (leaf % rails);
}

/** Endpoints that whole pods of such a fabric have. */
export const railEndpoints = ({ rails, nodesPerPod }: Rails, ports: number): number => Math.floor(ports / (rails * nodesPerPod)) * rails * nodesPerPod;

/** The fabric with its ports spread over rails. `make` builds it with the names it is given; ports of a pod that is not whole stay unused. */
export function spreadOverRails(rails: Rails, name: NameEndpoint, make: (namePort: NameEndpoint) => NetworkGraph): NetworkGraph {
  const fabric = make((port) => name(endpointOf(rails, port)));
  const endpoints = railEndpoints(rails, fabric.endpoints);
  const ports = Int32Array.from({ length: endpoints }, (_, endpoint) => portOf(rails, endpoint));
  return {
    ...fabric,
    endpoints,
    route: (from, to, out, at, label) => fabric.route(ports[from]!, ports[to]!, out, at, label),
  };
}
