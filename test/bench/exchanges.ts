/** Exchanges of the benchmark, written out here so that its rows stay the same when the collectives of the model change. */
import type { Exchange, Phase } from "../../model/network/exchange.ts";

type Send = readonly [from: number, to: number];

const makePhase = (name: string, repeat: number, bytes: number, sends: readonly Send[]): Phase => ({
  name,
  repeat,
  from: Int32Array.from(sends, ([from]) => from),
  to: Int32Array.from(sends, ([, to]) => to),
  bytes: new Float64Array(sends.length).fill(bytes),
});

const count = (length: number): number[] => Array.from({ length }, (_, index) => index);

export const makeRing = (ranks: number, steps: number, bytes: number): Exchange => ({ ranks, phases: [makePhase("ring", steps, bytes, count(ranks).map((rank) => [rank, (rank + 1) % ranks]))] });

export function makeAllToAll(ranks: number, bytes: (from: number, to: number) => number): Exchange {
  const pairs = count(ranks * ranks).map((pair): Send => [Math.floor(pair / ranks), pair % ranks]).filter(([from, to]) => from !== to);
  const phase = makePhase("all to all", 1, 0, pairs);
  return { ranks, phases: [{ ...phase, bytes: Float64Array.from(pairs, ([from, to]) => bytes(from, to)) }] };
}

/** Ring reduce-scatter inside nodes, all-reduce of each part between nodes by its devices, ring all-gather inside nodes. */
export function makeHierarchical(nodes: number, devices: number, bytes: number, between: "halving" | "ring"): Exchange {
  const ranks = nodes * devices;
  const inside = count(ranks).map((rank): Send => [rank, rank - (rank % devices) + ((rank + 1) % devices)]);
  const part = bytes / devices;
  const across = between === "ring" ? [makePhase("ring between nodes", 2 * (nodes - 1), part / nodes, count(ranks).map((rank) => [rank, (rank + devices) % ranks]))] : halveAndDouble(nodes, devices, part);
  return { ranks, phases: [makePhase("reduce-scatter inside", devices - 1, part, inside), ...across, makePhase("all-gather inside", devices - 1, part, inside)] };
}

/** Nodes beyond a power of two hand their vector to a partner first and get the result last. */
function halveAndDouble(nodes: number, devices: number, bytes: number): Phase[] {
  const power = 2 ** Math.floor(Math.log2(nodes));
  const extra = count((nodes - power) * devices);
  const halving: Phase[] = [];
  for (let [distance, size] = [power / 2, bytes / 2]; distance >= 1; distance /= 2, size /= 2) {
    halving.push(makePhase(`distance ${distance}`, 1, size, count(power * devices).map((rank) => [rank, ((Math.floor(rank / devices) ^ distance) * devices) + (rank % devices)])));
  }
  const steps = [...halving, ...halving.toReversed()];
  if (extra.length === 0) return steps;
  const handOver = extra.map((index): Send => [power * devices + index, index]);
  return [makePhase("hand over", 1, bytes, handOver), ...steps, makePhase("hand back", 1, bytes, handOver.map(([from, to]) => [to, from]))];
}
