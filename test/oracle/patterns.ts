/** Flows that do not wait for each other, on each network: what is asked, with the seed of what is drawn. */
import { seededRandom, type Random } from "../../model/variability/draw.ts";
import { countEndpoints, isRoutedRight, networks, type Network, type NetworkName } from "./networks.ts";
import { allToAll, binaryTree, bothWays, doubleTree, drawPairs, dress, halo, incast, outcast, permutation, shift, swap, transpose, type Dress, type Flows, type Pair } from "./traffic.ts";

export interface FlowPattern {
  readonly id: string;
  readonly network: Network;
  readonly flows: Flows;
}

type MakePairs = (hosts: number, random: Random) => Pair[];

const equal: Dress = { sizes: "equal" };
const few: Dress = { sizes: "few" };
const mixed: Dress = { sizes: "mixed" };
const fewStarts: Dress = { sizes: "few", within_s: 0.5 };
const mixedStarts: Dress = { sizes: "mixed", within_s: 1 };

const ring: MakePairs = (hosts) => shift(hosts, 1);
const drawn = (pairs: number): MakePairs => (hosts, random) => drawPairs(hosts, pairs, random);
const by = (distance: number): MakePairs => (hosts) => shift(hosts, distance);
const swapped = (mask: number): MakePairs => (hosts) => swap(hosts, mask);
const grid = (...sizes: number[]): MakePairs => () => halo(sizes);
const intoLast: MakePairs = (hosts) => incast(hosts, hosts - 1);
/** Into the first host of every eight. */
const intoEighths: MakePairs = (hosts) => Array.from({ length: hosts }, (_, host): Pair => [host, (host % Math.ceil(hosts / 8)) * 8]);

const asked: readonly (readonly [network: NetworkName, traffic: string, make: MakePairs, dress: Dress])[] = [
  ["star 16", "ring", ring, equal],
  ["star 16", "ring both ways", bothWays, few],
  ["star 16", "all-to-all", allToAll, equal],
  ["star 16", "all-to-all, mixed", allToAll, mixed],
  ["star 16", "incast", intoLast, mixed],
  ["star 16", "outcast, starts", (hosts) => outcast(hosts, 3), fewStarts],
  ["star 16", "drawn, mixed, starts", drawn(200), mixedStarts],
  ["fat tree 32", "ring", ring, equal],
  ["fat tree 32", "shift by a leaf", by(8), equal],
  ["fat tree 32", "permutation", permutation, equal],
  ["fat tree 32", "binary tree", binaryTree, equal],
  ["fat tree 32", "double binary tree, mixed", doubleTree, mixed],
  ["fat tree 32", "all-to-all", allToAll, equal],
  ["fat tree 32", "incast to eighths, starts", intoEighths, mixedStarts],
  ["fat tree 32, 4:1", "permutation, mixed, starts", permutation, mixedStarts],
  ["fat tree 32, 4:1", "all-to-all, mixed", allToAll, mixed],
  ["fat tree 32, 4:1", "shift by half", by(16), equal],
  ["fat tree 32, 4:1", "swap across leaves, few sizes", swapped(24), few],
  ["fat tree 32, 2 cables", "permutation", permutation, equal],
  ["fat tree 32, 2 cables", "all-to-all, few sizes", allToAll, few],
  ["fat tree 32, 2 cables", "drawn, mixed, starts", drawn(200), mixedStarts],
  ["fat tree 16, 2 leaves per host", "permutation, mixed", permutation, mixed],
  ["fat tree 16, 2 leaves per host", "drawn, few sizes, starts", drawn(150), fewStarts],
  ["fat tree 64, 3 levels", "ring", ring, equal],
  ["fat tree 64, 3 levels", "swap across halves", swapped(32), equal],
  ["fat tree 64, 3 levels", "double binary tree", doubleTree, equal],
  ["fat tree 64, 3 levels", "drawn, mixed, starts", drawn(300), mixedStarts],
  ["fat tree 48, 3 levels, cables", "permutation, mixed", permutation, mixed],
  ["fat tree 48, 3 levels, cables", "shift by a third, starts", by(16), fewStarts],
  ["fat tree 48, 3 levels, cables", "drawn, mixed, starts", drawn(300), mixedStarts],
  ["torus 8", "shift by 3, mixed", by(3), mixed],
  ["torus 8", "all-to-all", allToAll, equal],
  ["torus 4 x 4", "neighbours", grid(4, 4), equal],
  ["torus 4 x 4", "transpose", () => transpose(4), equal],
  ["torus 4 x 4", "all-to-all, mixed", allToAll, mixed],
  ["torus 5 x 3", "permutation, few sizes", permutation, few],
  ["torus 5 x 3", "drawn, mixed, starts", drawn(150), mixedStarts],
  ["torus 4 x 3 x 2", "all-to-all, few sizes", allToAll, few],
  ["torus 4 x 3 x 2", "neighbours, mixed", grid(4, 3, 2), mixed],
  ["torus 4 x 4 x 4", "neighbours, mixed, starts", grid(4, 4, 4), mixedStarts],
  ["torus 4 x 4 x 4", "ring both ways", bothWays, equal],
  ["torus 4 x 4 x 4", "permutation", permutation, equal],
  ["dragonfly 72", "ring", ring, equal],
  ["dragonfly 72", "permutation, mixed", permutation, mixed],
  ["dragonfly 72", "incast, starts", intoLast, fewStarts],
  ["dragonfly 72", "drawn, mixed, starts", drawn(300), mixedStarts],
  ["dragonfly 72, chassis bug", "all-to-all within groups, mixed", (hosts) => allToAll(hosts).filter(([from, to]) => Math.floor(from / 24) === Math.floor(to / 24) && (from + to) % 5 === 0), mixed],
  ["dragonfly 64, trunks", "swap across groups", swapped(48), equal],
  ["dragonfly 64, trunks", "shift by a group, mixed", by(16), mixed],
  ["dragonfly 64, trunks", "drawn, few sizes, starts", drawn(250), fewStarts],
  ["dragonfly 64, one chassis", "permutation", permutation, equal],
  ["dragonfly 64, one chassis", "binary tree, mixed", binaryTree, mixed],
  ["dragonfly 64, one chassis", "drawn, mixed, starts", drawn(300), mixedStarts],
  ["drawn ways 12", "all-to-all", allToAll, equal],
  ["drawn ways 12", "all-to-all, mixed, starts", allToAll, mixedStarts],
  ["drawn ways 10, few links", "all-to-all, few sizes, starts", allToAll, fewStarts],
];

export const makePatterns = (): FlowPattern[] =>
  asked.map(([name, traffic, make, dressing], index) => {
    const network = networks[name];
    const random = seededRandom(1000 + index);
    const pairs = make(countEndpoints(network), random).filter(([from, to]) => isRoutedRight(network, from, to));
    // Drawn ways are mostly of several links, each with a capacity of its own.
    const unit_bytes_per_s = typeof network.capacity_bytes_per_s === "number" ? network.capacity_bytes_per_s : 1e9;
    return { id: `${name}: ${traffic}`, network, flows: dress(pairs, dressing, unit_bytes_per_s, random) };
  });
