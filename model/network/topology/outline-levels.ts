/** The levels of places of each topology, and how the names of its switches are read back into places. One function a topology; adding one is a function here. */
import { portsPerSwitch } from "./fabric.ts";
import type { FabricSpec } from "./fabric.ts";
import type { MachineNetwork } from "./machine-network.ts";

export interface OutlineLevel {
  /** What a place is called, for people: "group", "leaf", "node". */
  readonly name: string;
  /** How many nodes it holds; the last may hold fewer. */
  readonly nodes: number;
  readonly places: number;
  /** Places of the next level side by side, where the shape of the network says so. */
  readonly columns?: number;
}

/** From the name of a link's end to its place, or null where the name is not of its kind. */
export type EndReader = (name: string) => { readonly depth: number; readonly index: number } | null;

interface Named {
  readonly name: string;
  readonly nodes: number;
  readonly columns?: number;
  /** Pattern of the names of its switches, and from the numbers in one to the index of the place. */
  readonly ends?: ReadonlyArray<readonly [RegExp, (numbers: readonly number[]) => number]>;
}

const readNumbers = (text: string): number[] => text.split(/\D+/).filter(Boolean).map(Number);

export function readOutlineLevels(network: MachineNetwork, nodes: number): { levels: OutlineLevel[]; ends: EndReader[] } {
  const { domain, fabric } = network;
  const named = levelsOf(fabric, network).filter((level) => level.nodes < nodes);
  if (domain) {
    const ends = [/^domain \d+$/, ([index = 0]: readonly number[]) => index] as const;
    const same = named.findIndex((level) => level.nodes === domain.nodes);
    if (same >= 0) named[same] = { ...(named[same] as Named), name: "rack", ends: [...(named[same]?.ends ?? []), ends] };
    else named.push({ name: "rack", nodes: domain.nodes, ends: [ends] });
    named.sort((a, b) => b.nodes - a.nodes);
  }
  const isUnit = fabric.topology === "torus" && !network.ports;
  const levels: OutlineLevel[] = [...named, { name: "node", nodes: 1, ...(isUnit ? { columns: network.node.devices } : {}) }].map(({ name, nodes: size, columns }) => ({ name, nodes: size, places: Math.ceil(nodes / size), ...(columns ? { columns } : {}) }));
  const ends: EndReader[] = named.flatMap((level, index) => (level.ends ?? []).map(([pattern, place]): EndReader => (name) => (pattern.test(name) ? { depth: index + 1, index: Math.floor(place(readNumbers(name))) } : null)));
  ends.push(...nodeRouters(network, levels.length));
  // What is left is above every place: the top of a tree, or switches of the uppermost level.
  ends.push((name) => (/^(top|switch|core|spine|leaf|group|router|domain|joined)\b/.test(name) ? { depth: 0, index: 0 } : null));
  return { levels, ends };
}

/** Routers of a torus are part of the nodes that hang on them. */
function nodeRouters({ fabric, ports }: MachineNetwork, depth: number): EndReader[] {
  if (fabric.topology !== "torus" || !ports) return [];
  const perRouter = fabric.spec.hosts?.perRouter ?? 1;
  return [(name) => (/^router \d+$/.test(name) ? { depth, index: Math.floor((Number(name.slice(7)) * perRouter) / ports.count) } : null)];
}

function levelsOf(fabric: FabricSpec, network: MachineNetwork): Named[] {
  const perNode = network.ports?.count ?? network.node.devices;
  switch (fabric.topology) {
    case "fat-tree":
      return treeLevels(fabric.spec.levels, network, perNode);
    case "rail-optimised": {
      const { rails, nodesPerPod } = fabric.spec;
      return [{ name: "pod", nodes: nodesPerPod, ends: [[/^(joined )?leaf \d+$/, ([leaf = 0]) => leaf / rails]] }];
    }
    case "dragonfly": {
      const { chassis, blades, hostsPerRouter } = fabric.spec;
      const perGroup = chassis * blades;
      return wholeLevels([
        { name: "group", nodes: (perGroup * hostsPerRouter) / perNode, ends: [[/^group \d+$/, ([group = 0]) => group]] },
        { name: "router", nodes: hostsPerRouter / perNode, ends: [[/^router \d+$/, ([router = 0]) => router], [/^router \d+\/\d+\/\d+$/, ([group = 0, cage = 0, blade = 0]) => group * perGroup + cage * blades + blade]] },
      ]);
    }
    case "dragonfly-plus": {
      const { leaves, hostsPerLeaf } = fabric.spec;
      return wholeLevels([
        { name: "group", nodes: (leaves * hostsPerLeaf) / perNode, ends: [[/^group \d+$/, ([group = 0]) => group], [/^spine \d+\/\d+$/, ([group = 0]) => group]] },
        { name: "leaf", nodes: hostsPerLeaf / perNode, ends: [[/^leaf \d+$/, ([leaf = 0]) => leaf], [/^leaf \d+\/\d+$/, ([group = 0, leaf = 0]) => group * leaves + leaf]] },
      ]);
    }
    case "hyperx": {
      const { sizes, hostsPerRouter } = fabric.spec;
      const strides = sizes.map((_, index) => sizes.slice(0, index).reduce((product, size) => product * size, 1));
      const router = (at: readonly number[]): number => at.reduce((sum, one, index) => sum + one * (strides[index] ?? 0), 0);
      return wholeLevels([{ name: "router", nodes: hostsPerRouter / perNode, ends: [[/^router \(/, router]] }]);
    }
    case "torus":
      return torusLevels(fabric.spec.sizes, perNode / (fabric.spec.hosts?.perRouter ?? 1));
  }
}

/** A level whose border runs through a node is no place: its switches count to the next one up. */
function wholeLevels(levels: readonly Named[]): Named[] {
  const whole: Named[] = [];
  for (const level of levels) {
    if (Number.isInteger(level.nodes) && level.nodes > 1) whole.push(level);
    else if (level.nodes > 1) {
      const above = whole.pop();
      if (above) whole.push({ ...above, ends: [...(above.ends ?? []), ...(level.ends ?? []).map(([pattern, place]) => [pattern, (numbers: readonly number[]) => (place(numbers) * level.nodes) / above.nodes] as const)] });
    }
  }
  return whole;
}

const treeWords: readonly (readonly string[])[] = [[], ["leaf"], ["leaf", "spine"]];

function treeLevels(levels: Extract<FabricSpec, { topology: "fat-tree" }>["spec"]["levels"], { fabric, ports }: MachineNetwork, perNode: number): Named[] {
  const rails = ports?.attach === "rails" ? ports.count : 1;
  const named: Named[] = [];
  let [below, stride] = [1, 1];
  for (const [index, { down, up }] of levels.slice(0, -1).entries()) {
    below *= down;
    stride *= up;
    const word = treeWords[levels.length - 1]?.[index] ?? `switch of level ${index + 1},`;
    const [share, ways] = [index === 0 ? rails : 1, stride];
    named.unshift({
      name: index > 0 ? `${word.replace(",", "")} group` : rails > 1 ? "pod" : word,
      nodes: ((index === 0 ? rails * portsPerSwitch(fabric) : below) / perNode),
      // The joined tree numbers subtrees; the full one numbers switches, of which a subtree has as many as ways lead up through its levels.
      ends: [
        [new RegExp(`^joined ${word} \\d+$`), (numbers) => (numbers.at(-1) ?? 0) / share],
        [new RegExp(`^${word} \\d+$`), (numbers) => (numbers.at(-1) ?? 0) / ways / share],
      ],
    });
  }
  return wholeLevels(named);
}

/** The last dimension is cut into planes; where there are more than three, the first ones are blocks. */
function torusLevels(sizes: readonly number[], routersPerNode: number): Named[] {
  const product = (upTo: number): number => sizes.slice(0, upTo).reduce((all, size) => all * size, 1) / routersPerNode;
  const named: Named[] = [];
  const dimensions = sizes.length;
  const block = Math.max(0, dimensions - 3);
  const blockNodes = product(block);
  const columns = Math.round((sizes[block] ?? 1) / (block === 0 ? routersPerNode : 1));
  if (dimensions > 2) named.push({ name: "plane", nodes: product(dimensions - 1), columns: Math.max(1, columns) });
  if (block > 0) named.push({ name: "block", nodes: blockNodes });
  return wholeLevels(named);
}
