/**
 * The sums of gradients of a step, simulated on the machine's network: what each size takes, which links are fullest meanwhile, and in words where that differs
 * from the closed form. Flow by flow where that ends within seconds, else step by step (synchronous.ts). Partial nodes are rounded up to whole ones, as in the closed forms.
 */
import { networkAt, type Resources } from "../cost/index.ts";
import { carriedBytes, simulateExchange } from "../engine/events/index.ts";
import { allReduceAlgorithms } from "../network/collectives/index.ts";
import type { Exchange } from "../network/exchange.ts";
import { allReduceOf } from "../network/library/index.ts";
import type { NetworkGraph } from "../network/topology/index.ts";
import { Kind, type Program } from "../program/types.ts";
import { showQuantity } from "../units.ts";
import { tabulate } from "./collective-times.ts";
import type { SimulatedNetwork } from "./machine-network.ts";
import type { BusyLink, SimulatedCollective, SumMethod } from "./simulation.ts";
import { synchronousTime } from "./synchronous.ts";

export interface SumsTask {
  readonly program: Program;
  readonly closed_s: Float64Array;
  readonly resources: Resources;
  readonly network: SimulatedNetwork;
  /** The device of each rank. */
  readonly ranks: Int32Array;
  readonly devices: number;
  readonly say?: (what: string) => void;
  readonly stop?: { readonly aborted: boolean };
}

export interface SimulatedSums {
  time_s(bytes: number): number;
  readonly list: readonly SimulatedCollective[];
  readonly links: readonly BusyLink[];
  readonly method: SumMethod;
  /** How the largest sum differs from its closed form, and the link that holds it back. */
  readonly words: string;
}

export function simulateCollectives({ program, closed_s, resources, network, ranks, devices, say, stop }: SumsTask): SimulatedSums {
  const found = new Map<number, { count: number; closed_s: number }>();
  for (let index = 0; index < program.count; index++) {
    if (program.kind[index] !== Kind.allReduce) continue;
    const bytes = program.bytes[index] as number;
    const before = found.get(bytes);
    found.set(bytes, { count: (before?.count ?? 0) + 1, closed_s: closed_s[index] as number });
  }
  if (devices <= 1 || found.size === 0) return { time_s: () => 0, list: [], links: [], method: "events", words: "nothing is summed over devices" };
  const shape = networkAt(resources, devices);
  const { graph } = network;
  const exchangeOf = (bytes: number) => allReduceAlgorithms[allReduceOf(resources.collectives, bytes, devices, resources.devicesPerNode)].steps(shape, bytes);
  const sizes = [...found.keys()];
  const method: SumMethod = countMessages(exchangeOf(Math.max(...sizes))) <= mostMessages ? "events" : "synchronous";
  const times = tabulate(sizes, (bytes) => {
    say?.(`simulating a sum of ${showQuantity(bytes, "data")} over ${devices} devices`);
    const exchange = exchangeOf(bytes);
    return method === "events" ? simulateExchange(graph, ranks, exchange, stop ? { stop } : {}).end_s.reduce((most, end) => Math.max(most, end), 0) : synchronousTime(graph, ranks, exchange);
  });
  const list = [...found].map(([bytes, { count, closed_s: closed }]) => ({ bytes, count, closed_s: closed, simulated_s: times.time_s(bytes) })).toSorted((a, b) => b.bytes - a.bytes);
  const largest = list[0] as SimulatedCollective;
  const links = busiestByKind(graph, carriedBytes(graph, ranks, exchangeOf(largest.bytes)), largest.simulated_s);
  return { time_s: times.time_s, list, links, method, words: describe(largest, links) };
}

/** More than this many are not simulated one by one: their events take minutes where links are shared. */
export const mostMessages = 60_000;
export const countMessages = ({ phases }: Exchange): number => phases.reduce((sum, { repeat, from }) => sum + repeat * from.length, 0);

/** Of each kind of link the one that carries most of what it could. */
function busiestByKind({ links }: NetworkGraph, carried: Float64Array, total_s: number): BusyLink[] {
  const best = new Map<string, BusyLink>();
  for (let link = 0; link < links.count; link++) {
    const carried_bytes = carried[link] as number;
    if (carried_bytes <= 0) continue;
    const place = links.describe(link);
    const used = carried_bytes / (links.capacity_bytes_per_s[link] as number) / total_s;
    const known = best.get(place.kind);
    best.set(place.kind, { ...(known === undefined || used > known.used ? { ...place, carried_bytes, used } : known), links: (known?.links ?? 0) + 1 });
  }
  return [...best.values()].toSorted((a, b) => b.used - a.used);
}

function describe({ bytes, closed_s, simulated_s }: SimulatedCollective, links: readonly BusyLink[]): string {
  const change = simulated_s / closed_s - 1;
  const size = showQuantity(bytes, "data");
  if (Math.abs(change) < 0.001) return `a sum of ${size} takes what its closed form says`;
  const [fullest] = links;
  const why = fullest ? `; the fullest links are of kind "${fullest.kind}", ${(fullest.used * 100).toFixed(0)} % in use (${fullest.from} > ${fullest.to})` : "";
  return `a sum of ${size} takes ${(Math.abs(change) * 100).toFixed(1)} % ${change > 0 ? "longer" : "less"} than its closed form${why}`;
}
