/**
 * The sums of gradients of a step, simulated flow by flow on the machine's network: what each size takes, which links are full meanwhile, and in words where that
 * differs from the closed form. Partial nodes are rounded up to whole ones, as in the closed forms.
 */
import { networkAt, type Resources } from "../cost/index.ts";
import { simulateExchange } from "../engine/events/index.ts";
import { collectiveAlgorithms } from "../network/collectives/index.ts";
import type { NetworkGraph } from "../network/topology/index.ts";
import { Kind, type Program } from "../program/types.ts";
import { showQuantity } from "../units.ts";
import { tabulate } from "./collective-times.ts";
import type { SimulatedNetwork } from "./machine-network.ts";
import type { BusyLink, SimulatedCollective } from "./simulation.ts";

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
  if (devices <= 1 || found.size === 0) return { time_s: () => 0, list: [], links: [], words: "nothing is summed over devices" };
  const shape = networkAt(resources, devices);
  const algorithm = collectiveAlgorithms[resources.algorithm];
  const run = (bytes: number, watch: boolean) => {
    say?.(`simulating a sum of ${showQuantity(bytes, "data")} over ${devices} devices`);
    return simulateExchange(network.graph, ranks, algorithm.steps(shape, bytes), { ...(stop ? { stop } : {}), ...(watch ? { linkBytes: true, watchLinks: true } : {}) });
  };
  const times = tabulate([...found.keys()], (bytes) => last(run(bytes, false).end_s));
  const list = [...found].map(([bytes, { count, closed_s: closed }]) => ({ bytes, count, closed_s: closed, simulated_s: times.time_s(bytes) })).toSorted((a, b) => b.bytes - a.bytes);
  const largest = list[0] as SimulatedCollective;
  const { linkBytes, links, end_s } = run(largest.bytes, true);
  const busy = busiestByKind(network.graph, linkBytes, links?.contended_s, last(end_s));
  return { time_s: times.time_s, list, links: busy, words: describe(largest, busy) };
}

const last = (ends_s: Float64Array): number => ends_s.reduce((most, end) => Math.max(most, end), 0);

/** Of each kind of link the one that is full for longest, or else carries most. */
function busiestByKind(graph: NetworkGraph, carried: Float64Array | undefined, contended_s: Float64Array | undefined, total_s: number): BusyLink[] {
  const { links } = graph;
  const best = new Map<string, BusyLink>();
  for (let link = 0; link < links.count; link++) {
    const carried_bytes = carried?.[link] ?? 0;
    if (carried_bytes <= 0) continue;
    const place = links.describe(link);
    const full = (contended_s?.[link] ?? 0) / total_s;
    const known = best.get(place.kind);
    const isBusier = known === undefined || full > known.full || (full === known.full && carried_bytes > known.carried_bytes);
    best.set(place.kind, { ...(isBusier ? { ...place, carried_bytes, full } : (known as BusyLink)), links: (known?.links ?? 0) + 1 });
  }
  return [...best.values()].toSorted((a, b) => b.full - a.full || b.carried_bytes - a.carried_bytes);
}

function describe({ bytes, closed_s, simulated_s }: SimulatedCollective, links: readonly BusyLink[]): string {
  const change = simulated_s / closed_s - 1;
  const size = showQuantity(bytes, "data");
  if (Math.abs(change) < 0.001) return `a sum of ${size} takes what its closed form says`;
  const full = links[0];
  const why = full && full.full > 0.01 ? `: links of kind "${full.kind}" hold flows back for ${(full.full * 100).toFixed(0)} % of it (${full.from} > ${full.to})` : "";
  return `a sum of ${size} takes ${(Math.abs(change) * 100).toFixed(1)} % ${change > 0 ? "longer" : "less"} than its closed form${why}`;
}
