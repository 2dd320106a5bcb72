/** Every kind of fabric behind one name, as a table: its ports, its check, its maker. Adding a topology is its file and its line here. */
import type { Problem } from "../../problems.ts";
import { checkDragonfly, dragonflyPorts, makeDragonfly, type DragonflySpec } from "./dragonfly.ts";
import { checkDragonflyPlus, dragonflyPlusPorts, makeDragonflyPlus, type DragonflyPlusSpec } from "./dragonfly-plus.ts";
import { checkFatTree, fatTreePorts, makeFatTree, type FatTreeSpec } from "./fat-tree.ts";
import type { NetworkGraph } from "./graph.ts";
import { checkHyperX, hyperXPorts, makeHyperX, type HyperXSpec } from "./hyperx.ts";
import type { NameEndpoint } from "./link.ts";
import { checkRailOptimised, makeRailOptimised, railOptimisedPorts, type RailOptimisedSpec } from "./rail-optimised.ts";
import { checkTorus, makeTorus, torusPorts, type TorusSpec } from "./torus.ts";

export interface FabricSpecs {
  readonly "fat-tree": FatTreeSpec;
  readonly "rail-optimised": RailOptimisedSpec;
  readonly dragonfly: DragonflySpec;
  readonly "dragonfly-plus": DragonflyPlusSpec;
  readonly torus: TorusSpec;
  readonly hyperx: HyperXSpec;
}
export type Topology = keyof FabricSpecs;
export type FabricSpec = { readonly [T in Topology]: { readonly topology: T; readonly spec: FabricSpecs[T] } }[Topology];

interface Kind<Spec> {
  ports(spec: Spec): number;
  /** Ports to hosts of one switch. */
  portsPerSwitch(spec: Spec): number;
  check(spec: Spec, path: string): Problem[];
  make(spec: Spec, name: NameEndpoint): NetworkGraph;
}

const kinds: { readonly [T in Topology]: Kind<FabricSpecs[T]> } = {
  "fat-tree": { ports: fatTreePorts, portsPerSwitch: ({ levels }) => levels[0]?.down ?? 1, check: checkFatTree, make: makeFatTree },
  "rail-optimised": { ports: railOptimisedPorts, portsPerSwitch: ({ nodesPerPod }) => nodesPerPod, check: checkRailOptimised, make: makeRailOptimised },
  dragonfly: { ports: dragonflyPorts, portsPerSwitch: ({ hostsPerRouter }) => hostsPerRouter, check: checkDragonfly, make: makeDragonfly },
  "dragonfly-plus": { ports: dragonflyPlusPorts, portsPerSwitch: ({ hostsPerLeaf }) => hostsPerLeaf, check: checkDragonflyPlus, make: makeDragonflyPlus },
  torus: { ports: torusPorts, portsPerSwitch: ({ hosts }) => hosts?.perRouter ?? 1, check: checkTorus, make: makeTorus },
  hyperx: { ports: hyperXPorts, portsPerSwitch: ({ hostsPerRouter }) => hostsPerRouter, check: checkHyperX, make: makeHyperX },
};

const kindOf = ({ topology }: FabricSpec): Kind<FabricSpec["spec"]> => kinds[topology] as unknown as Kind<FabricSpec["spec"]>;

export const fabricPorts = (fabric: FabricSpec): number => kindOf(fabric).ports(fabric.spec);
export const portsPerSwitch = (fabric: FabricSpec): number => kindOf(fabric).portsPerSwitch(fabric.spec);
export const checkFabric = (fabric: FabricSpec, path: string): Problem[] => kindOf(fabric).check(fabric.spec, path);
export const makeFabric = (fabric: FabricSpec, name: NameEndpoint): NetworkGraph => kindOf(fabric).make(fabric.spec, name);
