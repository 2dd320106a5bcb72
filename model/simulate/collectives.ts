/**
 * The sums of gradients of a step, simulated on the machine's network: what each size takes, which links are fullest meanwhile, and in words where that differs
 * from the closed form. Flow by flow; where there are many messages with events close to each other as one; where even that would take minutes step by step
 * (synchronous.ts). Partial nodes are rounded up to whole ones, as in the closed forms.
 */
import { networkAt, type Resources } from "../cost/index.ts";
import { carriedBytes, simulateExchange, SimulationTooLong } from "../engine/events/index.ts";
import { allReduceAlgorithms } from "../network/collectives/index.ts";
import type { Exchange } from "../network/exchange.ts";
import { allReduceOf } from "../network/library/index.ts";
import type { NetworkGraph } from "../network/topology/index.ts";
import { Kind, type Program } from "../program/types.ts";
import { showQuantity } from "../units.ts";
import { tabulate, tolerance, type CollectiveTimes } from "./collective-times.ts";
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
  /** No finer way than this; by the number of messages unless said. */
  readonly method?: SumMethod;
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

export function simulateCollectives({ program, closed_s, resources, network, ranks, devices, method: coarsest, say, stop }: SumsTask): SimulatedSums {
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
  const wish: SumMethod = coarsest ?? (countMessages(exchangeOf(Math.max(...sizes))) <= mostMessages ? "events" : "merged");
  const timesBy = (method: SumMethod) =>
    tabulate(sizes, (bytes) => {
      say?.(`simulating a sum of ${showQuantity(bytes, "data")} over ${devices} devices`);
      const exchange = exchangeOf(bytes);
      if (method === "synchronous") return synchronousTime(graph, ranks, exchange);
      const { end_s } = simulateExchange(graph, ranks, exchange, { mostWork: mostWork[method], ...(method === "merged" ? { merge: mergedPart } : {}), ...(stop ? { stop } : {}) });
      return end_s.reduce((most, end) => Math.max(most, end), 0);
    }, method === "merged" ? mergedError : tolerance);
  const { method, times } = firstThatEnds(sumMethods.slice(sumMethods.indexOf(wish)), timesBy, say);
  const list = [...found].map(([bytes, { count, closed_s: closed }]) => ({ bytes, count, closed_s: closed, simulated_s: times.time_s(bytes) })).toSorted((a, b) => b.bytes - a.bytes);
  const largest = list[0] as SimulatedCollective;
  const links = busiestByKind(graph, carriedBytes(graph, ranks, exchangeOf(largest.bytes)), largest.simulated_s);
  return { time_s: times.time_s, list, links, method, words: describe(largest, links) };
}

export const sumMethods: readonly SumMethod[] = ["events", "merged", "synchronous"];

/** Where one way needs too many events, the next is taken. */
function firstThatEnds([method = "synchronous", ...others]: readonly SumMethod[], timesBy: (method: SumMethod) => CollectiveTimes, say?: (what: string) => void): { method: SumMethod; times: CollectiveTimes } {
  try {
    return { method, times: timesBy(method) };
  } catch (error) {
    if (!(error instanceof SimulationTooLong)) throw error;
    say?.("too many events: a shorter way");
    return firstThatEnds(others, timesBy, say);
  }
}

/** Events within this part of a message's time are one: the end of a sum then lies within 3 % of the exact one (test/model/engine/events/merged.test.ts). */
export const mergedPart = 0.05;
const mergedError = 0.03;
/** Flows and rates of one sum, beyond which it takes longer than some seconds. */
const mostWork = { events: 1.5e7, merged: 6e7 };
/** More than this many are not simulated one by one exactly: their events take minutes where links are shared. */
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
