/** Exchanges in steps, where a rank waits for its own sends and receives: what is asked, with the seed of what is drawn. Made here and not by the model's collectives. */
import type { Exchange, Phase } from "../../model/network/exchange.ts";
import { drawOrder, seededRandom, type Random } from "../../model/variability/draw.ts";
import { countEndpoints, networks, type Network, type NetworkName } from "./networks.ts";
import { drawPairs, halo, shift, swap, type Pair } from "./traffic.ts";

export interface ExchangePattern {
  readonly id: string;
  readonly network: Network;
  /** Endpoint of each rank. */
  readonly placement: readonly number[];
  readonly start_s: readonly number[];
  readonly exchange: Exchange;
}

type MakePhases = (ranks: number, random: Random) => Phase[];

/** Bytes in seconds of an empty link of 1e9 bytes/s; scaled to the network below. */
function phase(name: string, pairs: readonly Pair[], size_s: number | (() => number), repeat = 1): Phase {
  const sending = pairs.filter(([from, to]) => from !== to);
  return {
    name,
    repeat,
    from: Int32Array.from(sending, ([from]) => from),
    to: Int32Array.from(sending, ([, to]) => to),
    bytes: Float64Array.from(sending, () => (typeof size_s === "number" ? size_s : size_s())),
  };
}

const bits = (ranks: number): number[] => Array.from({ length: Math.ceil(Math.log2(ranks)) }, (_, bit) => bit);

const ring: MakePhases = (ranks) => [phase("ring", shift(ranks, 1), 0.02, 2 * (ranks - 1))];
const ringBothWays: MakePhases = (ranks) => [phase("ring both ways", [...shift(ranks, 1), ...shift(ranks, ranks - 1)], 0.05, ranks - 1)];
const doubling: MakePhases = (ranks) => bits(ranks).map((bit) => phase(`distance ${2 ** bit}`, swap(ranks, 2 ** bit), 0.2));
const halvingDoubling: MakePhases = (ranks) => {
  const halving = bits(ranks).map((bit) => phase(`halving ${bit}`, swap(ranks, 2 ** bit), 0.5 ** (bit + 1)));
  return [...halving, ...halving.toReversed()];
};
/** In step k the ranks below 2^k send to those 2^k further; any number of ranks. */
const broadcast: MakePhases = (ranks) =>
  bits(ranks).map((bit) => phase(`round ${bit}`, Array.from({ length: Math.min(2 ** bit, ranks - 2 ** bit) }, (_, rank): Pair => [rank, rank + 2 ** bit]), 0.1));
const reduceAndBroadcast: MakePhases = (ranks) => {
  const down = broadcast(ranks, () => 0);
  return [...down.toReversed().map((round) => ({ ...round, from: round.to, to: round.from })), ...down];
};
const pairwise: MakePhases = (ranks) => Array.from({ length: ranks - 1 }, (_, step) => phase(`shift ${step + 1}`, shift(ranks, step + 1), 0.1));
const neighbours = (...sizes: number[]): MakePhases => () => [phase("neighbours", halo(sizes), 0.05, 10)];
/** Ranks that now and then have nothing to do, or only receive; sizes all different, some nothing. */
const drawn: MakePhases = (ranks, random) =>
  Array.from({ length: 12 }, (_, step) => phase(`drawn ${step}`, drawPairs(ranks, ranks, random), () => (random() < 0.1 ? 0 : 0.02 * 50 ** random()), 1 + (step % 3)));

interface Setting {
  /** Ranks are placed in a drawn order, else one after the other. */
  readonly scattered?: true;
  /** Ranks start at any time within this. */
  readonly within_s?: number;
}

const asked: readonly (readonly [network: NetworkName, name: string, make: MakePhases, setting: Setting])[] = [
  ["star 16", "ring", ring, {}],
  ["star 16", "broadcast, starts", broadcast, { within_s: 0.5 }],
  ["star 16", "drawn", drawn, {}],
  ["fat tree 64, 3 levels", "ring", ring, {}],
  ["fat tree 64, 3 levels", "ring, starts", ring, { within_s: 0.1 }],
  ["fat tree 64, 3 levels", "halving and doubling", halvingDoubling, {}],
  ["fat tree 32, 4:1", "ring, scattered", ring, { scattered: true }],
  ["fat tree 32, 4:1", "recursive doubling, starts", doubling, { within_s: 0.1 }],
  ["fat tree 32, 4:1", "drawn, scattered, starts", drawn, { scattered: true, within_s: 0.3 }],
  ["fat tree 16, 2 leaves per host", "pairwise all-to-all, starts", pairwise, { within_s: 0.2 }],
  ["fat tree 48, 3 levels, cables", "reduce and broadcast, scattered", reduceAndBroadcast, { scattered: true }],
  ["torus 4 x 4", "pairwise all-to-all", pairwise, {}],
  ["torus 4 x 3 x 2", "reduce and broadcast", reduceAndBroadcast, {}],
  ["torus 4 x 4 x 4", "neighbours, starts", neighbours(4, 4, 4), { within_s: 0.2 }],
  ["torus 5 x 3", "ring both ways, scattered", ringBothWays, { scattered: true }],
  ["dragonfly 64, one chassis", "recursive doubling, scattered", doubling, { scattered: true }],
  ["dragonfly 64, one chassis", "drawn, starts", drawn, { within_s: 0.3 }],
  ["drawn ways 12", "pairwise all-to-all, starts", pairwise, { within_s: 0.2 }],
];

export const makeExchanges = (): ExchangePattern[] =>
  asked.map(([name, what, make, { scattered, within_s = 0 }], index) => {
    const network = networks[name];
    const random = seededRandom(2000 + index);
    const ranks = countEndpoints(network);
    const unit_bytes_per_s = typeof network.capacity_bytes_per_s === "number" ? network.capacity_bytes_per_s : 1e9;
    const order = Array.from({ length: ranks }, (_, rank) => rank);
    return {
      id: `${name}: ${what}`,
      network,
      placement: scattered ? [...drawOrder(ranks, random)] : order,
      start_s: order.map(() => Math.round(random() * within_s * 1e6) / 1e6),
      exchange: { ranks, phases: make(ranks, random).map((one) => ({ ...one, bytes: one.bytes.map((size_s) => Math.round(size_s * unit_bytes_per_s)) })) },
    };
  });
