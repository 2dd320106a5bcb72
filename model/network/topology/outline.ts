/**
 * Where things of a machine's network are: places inside places (group, leaf, node), each a run of nodes in order, so that a picture of any size can be drawn and
 * the load of links be added up place by place. Depth 0 is the whole machine, the last depth the node. A link belongs to the deeper place of its two ends.
 * Names of ends are those that the topologies give; a test holds that every link of every machine is found. Left out: where cabinets stand on a floor.
 */
import type { LinkPlace } from "./graph.ts";
import type { MachineNetwork } from "./machine-network.ts";
import { readOutlineLevels, type OutlineLevel } from "./outline-levels.ts";

export type { OutlineLevel } from "./outline-levels.ts";

export interface Owner {
  readonly depth: number;
  readonly index: number;
  /** "across": both ends are in places of one depth. */
  readonly way: "up" | "down" | "across" | "inside";
}

export interface Outline {
  readonly nodes: number;
  readonly devicesPerNode: number;
  /** From the largest places to the nodes, which are the last. */
  readonly levels: readonly OutlineLevel[];
  /** The place of a depth, from 1, that a node is in. */
  placeOf(depth: number, node: number): number;
  /** The first node of a place, and the one after its last. */
  nodesOf(depth: number, index: number): readonly [number, number];
  /** Null: the link has an end that no node of the machine uses. */
  ownerOf(link: LinkPlace): Owner | null;
}

export function outlineMachine(network: MachineNetwork, nodes: number): Outline {
  const { levels, ends } = readOutlineLevels(network, nodes);
  const nodeDepth = levels.length;
  const placeOf = (depth: number, node: number): number => (depth === 0 ? 0 : Math.floor(node / (levels[depth - 1]?.nodes ?? 1)));
  const readEnd = (name: string): { depth: number; index: number } | null => {
    if (name.startsWith("node ")) return { depth: nodeDepth, index: Number.parseInt(name.slice(5), 10) };
    for (const read of ends) {
      const found = read(name);
      if (found) return found;
    }
    return null;
  };
  return {
    nodes,
    devicesPerNode: network.node.devices,
    levels,
    placeOf,
    nodesOf(depth, index) {
      const size = depth === 0 ? nodes : (levels[depth - 1]?.nodes ?? 1);
      return [Math.min(nodes, Math.ceil(index * size)), Math.min(nodes, Math.ceil((index + 1) * size))];
    },
    ownerOf({ from, to }) {
      const [start, end] = [readEnd(from), readEnd(to)];
      if (!start || !end) return null;
      const inside = start.depth === end.depth && start.index === end.index;
      const way = inside ? "inside" : start.depth === end.depth ? "across" : start.depth > end.depth ? "up" : "down";
      const { depth, index } = start.depth >= end.depth ? start : end;
      const places = depth === 0 ? 1 : (levels[depth - 1]?.places ?? 0);
      return index < places ? { depth, index, way } : null;
    },
  };
}
