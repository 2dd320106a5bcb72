/**
 * The networks that the oracle is asked about. SimGrid builds and routes all of them by itself, except "ways": there links and the way of each pair are drawn,
 * so that capacities and latencies differ from link to link and only the sharing is compared.
 */
import { seededRandom, type Random } from "../../model/variability/draw.ts";

interface AlikeLinks {
  readonly capacity_bytes_per_s: number;
  readonly latency_s: number;
}

/** Numbers of parts and of the cables between two of them. */
export interface DragonflySizes {
  readonly groups: number;
  readonly groupCables: number;
  readonly chassis: number;
  readonly chassisCables: number;
  readonly blades: number;
  readonly bladeCables: number;
  readonly nodes: number;
}

export type Network =
  | ({ readonly kind: "star"; readonly endpoints: number } & AlikeLinks)
  | ({ readonly kind: "fat-tree"; readonly down: readonly number[]; readonly up: readonly number[]; readonly cables: readonly number[] } & AlikeLinks)
  | ({ readonly kind: "torus"; readonly sizes: readonly number[] } & AlikeLinks)
  | ({ readonly kind: "dragonfly"; readonly chassisBug?: true } & DragonflySizes & AlikeLinks)
  | {
      readonly kind: "ways";
      readonly endpoints: number;
      readonly capacity_bytes_per_s: readonly number[];
      readonly latency_s: readonly number[];
      /** Each is from, to, links. */
      readonly ways: readonly (readonly number[])[];
    };

export const product = (numbers: readonly number[]): number => numbers.reduce((all, one) => all * one, 1);

export function countEndpoints(network: Network): number {
  if (network.kind === "fat-tree") return product(network.down);
  if (network.kind === "torus") return product(network.sizes);
  if (network.kind === "dragonfly") return network.groups * network.chassis * network.blades * network.nodes;
  return network.endpoints;
}

/**
 * SimGrid 3.32 loses its way in a dragonfly where source and target share a group, the source is not in chassis 0, and the blades differ:
 * after the last hop between blades it believes to be in chassis 0. Such pairs are asked only of the network that repeats this.
 */
export function isRoutedRight(network: Network, from: number, to: number): boolean {
  if (network.kind !== "dragonfly" || network.chassisBug) return true;
  const { chassis, blades, nodes } = network;
  const group = (host: number) => Math.floor(host / (nodes * blades * chassis));
  const chassisOf = (host: number) => Math.floor(host / (nodes * blades)) % chassis;
  const blade = (host: number) => Math.floor(host / nodes) % blades;
  return group(from) !== group(to) || chassisOf(from) === 0 || blade(from) === blade(to);
}

const fatTree = (down: number[], up: number[], cables: number[], capacity_bytes_per_s: number, latency_s: number): Network => ({ kind: "fat-tree", down, up, cables, capacity_bytes_per_s, latency_s });
const torus = (sizes: number[], capacity_bytes_per_s: number, latency_s: number): Network => ({ kind: "torus", sizes, capacity_bytes_per_s, latency_s });

function dragonfly(sizes: readonly [number, number, number, number, number, number, number], capacity_bytes_per_s: number, latency_s: number): Extract<Network, { kind: "dragonfly" }> {
  const [groups, groupCables, chassis, chassisCables, blades, bladeCables, nodes] = sizes;
  return { kind: "dragonfly", groups, groupCables, chassis, chassisCables, blades, bladeCables, nodes, capacity_bytes_per_s, latency_s };
}

/** Every pair has a way of one to six different links, in any order: no topology, and none is needed. */
function drawWays(endpoints: number, links: number, seed: number): Network {
  const random = seededRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const capacity_bytes_per_s = Array.from({ length: links }, () => 1e8 * (1 + below(40)));
  const latency_s = Array.from({ length: links }, () => below(2000) / 1e6);
  const ways: number[][] = [];
  for (let from = 0; from < endpoints; from++)
    for (let to = 0; to < endpoints; to++) if (from !== to) ways.push([from, to, ...drawDistinct(1 + below(6), links, random)]);
  return { kind: "ways", endpoints, capacity_bytes_per_s, latency_s, ways };
}

function drawDistinct(count: number, from: number, random: Random): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(Math.floor(random() * from));
  return [...drawn];
}

export const networks = {
  "star 16": { kind: "star", endpoints: 16, capacity_bytes_per_s: 1e9, latency_s: 5e-5 },
  "fat tree 32": fatTree([8, 4], [1, 8], [1, 1], 12.5e9, 1e-6),
  "fat tree 32, 4:1": fatTree([8, 4], [1, 2], [1, 1], 1e9, 1e-3),
  "fat tree 32, 2 cables": fatTree([8, 4], [1, 2], [1, 2], 25e9, 2e-4),
  "fat tree 16, 2 leaves per host": fatTree([4, 4], [2, 2], [1, 3], 3e9, 1e-4),
  "fat tree 64, 3 levels": fatTree([4, 4, 4], [1, 4, 4], [1, 1, 1], 12.5e9, 5e-7),
  "fat tree 48, 3 levels, cables": fatTree([4, 3, 4], [1, 2, 3], [1, 2, 1], 1e9, 1e-4),
  "torus 8": torus([8], 1e9, 1e-4),
  "torus 4 x 4": torus([4, 4], 4e9, 1e-6),
  "torus 5 x 3": torus([5, 3], 1e9, 1e-3),
  "torus 4 x 3 x 2": torus([4, 3, 2], 1e9, 2e-5),
  "torus 4 x 4 x 4": torus([4, 4, 4], 50e9, 1e-6),
  "dragonfly 72": dragonfly([3, 1, 3, 1, 4, 1, 2], 1e9, 1e-4),
  "dragonfly 64, trunks": dragonfly([4, 2, 2, 3, 4, 2, 2], 10e9, 1e-5),
  "dragonfly 64, one chassis": dragonfly([4, 1, 1, 1, 4, 1, 4], 25e9, 1e-6),
  "dragonfly 72, chassis bug": { ...dragonfly([3, 1, 3, 1, 4, 1, 2], 1e9, 1e-4), chassisBug: true },
  "drawn ways 12": drawWays(12, 30, 20261121),
  "drawn ways 10, few links": drawWays(10, 8, 7),
} as const satisfies Record<string, Network>;
export type NetworkName = keyof typeof networks;
