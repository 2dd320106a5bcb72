/**
 * A rail-optimised fabric: pods of nodes whose port r meets on leaf switch r of the pod, and spines that join all leaves. Endpoint node x rails + r is port r of
 * a node. It is a two-level fat tree whose leaves are rails. Left out: a third level, and node-internal detours that keep traffic on one rail (NCCL's PXN).
 */
import type { Problem } from "../../problems.ts";
import { checkLink, checkLinkCount, checkRouting, checkWhole, doesNotDivide, refuse } from "./check.ts";
import { makeFatTree, type FatTreeSpec } from "./fat-tree.ts";
import type { NetworkGraph } from "./graph.ts";
import { nameHost, type Link, type NameEndpoint, type Routing } from "./link.ts";
import { spreadOverRails } from "./rails.ts";

export interface RailOptimisedSpec {
  readonly pods: number;
  readonly nodesPerPod: number;
  readonly rails: number;
  readonly spines: number;
  /** Ports of a leaf to hosts over those to spines: 1 does not block. */
  readonly taper: number;
  readonly host: Link;
  /** One cable between a leaf and a spine. */
  readonly link: Link;
  readonly routing?: Routing;
}

export const railOptimisedPorts = ({ pods, nodesPerPod, rails }: RailOptimisedSpec): number => pods * nodesPerPod * rails;

export function checkRailOptimised(spec: RailOptimisedSpec, path: string): Problem[] {
  const { nodesPerPod, spines, taper } = spec;
  const problems: Problem[] = [];
  for (const key of ["pods", "nodesPerPod", "rails", "spines"] as const) checkWhole(problems, `${path}.${key}`, spec[key], 1, 1e5);
  checkLink(problems, `${path}.host`, spec.host);
  checkLink(problems, path, spec.link);
  checkRouting(problems, path, spec.routing);
  const uplinks = nodesPerPod / taper;
  if (!Number.isInteger(uplinks) || uplinks < 1) problems.push(doesNotDivide(`${path}.taper`, nodesPerPod, taper, "the nodes of a pod, into the links of a leaf to the spines"));
  else if (uplinks % spines !== 0) problems.push(doesNotDivide(`${path}.spines`, uplinks, spines, "the links of a leaf to the spines"));
  checkLinkCount(problems, path, 4 * railOptimisedPorts(spec));
  return problems;
}

export function makeRailOptimised(spec: RailOptimisedSpec, name: NameEndpoint = nameHost): NetworkGraph {
  refuse(checkRailOptimised(spec, "railOptimised"));
  const { pods, nodesPerPod, rails, spines, taper, host, link, routing } = spec;
  const tree: FatTreeSpec = {
    levels: [
      { ...host, down: nodesPerPod, up: 1, cables: 1 },
      { ...link, down: pods * rails, up: spines, cables: nodesPerPod / taper / spines },
    ],
    ...(routing ? { routing } : {}),
  };
  return spreadOverRails({ rails, nodesPerPod }, name, (namePort) => makeFatTree(tree, namePort));
}
