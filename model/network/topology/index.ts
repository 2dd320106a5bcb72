/** Topologies: what a machine's network is made of, and the ways through it. */
export type { LinkPlace, LinkTable, NetworkGraph } from "./graph.ts";
export { LinkBuilder } from "./graph.ts";
export { deterministic, hashBits, type Link, type NameEndpoint, type Routing, type Trunk } from "./link.ts";
export { makeStar } from "./star.ts";
export { makeFatTree, type FatTreeLevel, type FatTreeSpec } from "./fat-tree.ts";
export { sizeFatTree, type FatTreeSizes } from "./fat-tree-sizes.ts";
export { makeTorus, type TorusSpec } from "./torus.ts";
export type { Twist } from "./torus-axes.ts";
export { makeDragonfly, type DragonflySpec } from "./dragonfly.ts";
export { makeDragonflyPlus, type DragonflyPlusSpec } from "./dragonfly-plus.ts";
export { makeHyperX, type HyperXSpec } from "./hyperx.ts";
export { makeRailOptimised, type RailOptimisedSpec } from "./rail-optimised.ts";
export { fabricPorts, makeFabric, type FabricSpec, type Topology } from "./fabric.ts";
export { buildNode, namePort, type DeviceLinks, type Ports } from "./node.ts";
export { makeMachineGraph } from "./machine-graph.ts";
export type { MachineNetwork, MachinePorts } from "./machine-network.ts";
export { checkMachineNetwork } from "./machine-check.ts";
export { outlineMachine, type Outline, type OutlineLevel, type Owner } from "./outline.ts";
