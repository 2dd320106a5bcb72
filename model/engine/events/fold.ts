/**
 * Symmetry folding: ranks, flows and links that are alike are simulated once. What is needed is an equitable partition, not a symmetry group: flows of a class
 * have equal figures, ends and ways by class; links of a class have equal capacity and carry equally many flows of each class; ranks of a class send and receive
 * equally many of each class and start together. Progressive filling sees only that, so whole classes fix their rates together and, by induction over the
 * events, share all times. Classes are proposed by refine.ts and proved here by comparison, without hashes; where the proof fails nothing is folded.
 */
import type { Exchange, Phase } from "../../network/exchange.ts";
import type { FlowColumns } from "./flow-columns.ts";
import type { FlowList } from "./flow-list.ts";
import { groupBy, type Groups } from "./groups.ts";
import { colourFlows, refineColours, type Colours } from "./refine.ts";
import type { Ways } from "./ways.ts";

export interface Folded {
  readonly exchange: Exchange;
  readonly ways: Ways;
  readonly start_s: Float64Array;
  readonly rankClass: Int32Array;
  readonly linkClass: Int32Array;
}

export function foldExchange(exchange: Exchange, flows: FlowList, start_s: Float64Array, capacity_bytes_per_s: Float64Array, declared: Int32Array | null): Folded | null {
  const { ranks } = exchange;
  const colours = refineColours(flows, ranks, start_s, capacity_bytes_per_s, declared);
  if (colours === null) return null;
  const classes = colourFlows(flows, ranks, colours.of);
  const onLink = flowsOnLinks(flows, capacity_bytes_per_s.length, classes.of);
  const members = groupBy(colours.of, colours.count);
  const isProved =
    areFlowsAlike(flows, ranks, colours.of, classes) &&
    areNodesAlike(members, ranks, start_s, capacity_bytes_per_s) &&
    haveEqualFlows(members, 0, inClasses(groupBy(flows.from, ranks), classes.of), classes.count) &&
    haveEqualFlows(members, 0, inClasses(groupBy(flows.to, ranks), classes.of), classes.count) &&
    haveEqualFlows(members, ranks, onLink, classes.count);
  return isProved ? makeQuotient(exchange, flows, start_s, capacity_bytes_per_s, colours, classes, onLink) : null;
}

const inClasses = ({ start, items }: Groups, classOf: Int32Array): Groups => ({ start, items: items.map((flow) => classOf[flow] as number) });

/** Classes of the flows on each link. */
function flowsOnLinks({ count, start, link }: FlowList, links: number, classOf: Int32Array): Groups {
  const flowAt = new Int32Array(link.length);
  for (let flow = 0; flow < count; flow++) flowAt.fill(classOf[flow] as number, start[flow], start[flow + 1]);
  const { start: first, items } = groupBy(link, links);
  return { start: first, items: items.map((at) => flowAt[at] as number) };
}

function areFlowsAlike(flows: FlowList, ranks: number, colour: Int32Array, classes: Colours): boolean {
  const { phase, from, to, bytes, latency_s, cap_bytes_per_s, start, link } = flows;
  const model = new Int32Array(classes.count).fill(-1);
  for (let flow = 0; flow < flows.count; flow++) {
    const group = classes.of[flow] as number;
    const other = model[group] as number;
    if (other < 0) {
      model[group] = flow;
      continue;
    }
    if (phase[flow] !== phase[other] || bytes[flow] !== bytes[other] || latency_s[flow] !== latency_s[other] || cap_bytes_per_s[flow] !== cap_bytes_per_s[other]) return false;
    if (colour[from[flow] as number] !== colour[from[other] as number] || colour[to[flow] as number] !== colour[to[other] as number]) return false;
    const first = start[flow] as number;
    const otherFirst = start[other] as number;
    const hops = (start[flow + 1] as number) - first;
    if (hops !== (start[other + 1] as number) - otherFirst) return false;
    for (let hop = 0; hop < hops; hop++) if (colour[ranks + (link[first + hop] as number)] !== colour[ranks + (link[otherFirst + hop] as number)]) return false;
  }
  return true;
}

function areNodesAlike({ start, items }: Groups, ranks: number, start_s: Float64Array, capacity_bytes_per_s: Float64Array): boolean {
  for (let group = 0; group + 1 < start.length; group++) {
    const model = items[start[group] as number] as number;
    for (let at = (start[group] as number) + 1; at < (start[group + 1] as number); at++) {
      const node = items[at] as number;
      if ((node < ranks) !== (model < ranks)) return false;
      if (node < ranks ? start_s[node] !== start_s[model] : capacity_bytes_per_s[node - ranks] !== capacity_bytes_per_s[model - ranks]) return false;
    }
  }
  return true;
}

/** Whether all nodes of a class have the same number of flows of each class. `offset`: the node of the first entry of `flowsOf`. */
function haveEqualFlows(members: Groups, offset: number, flowsOf: Groups, flowClasses: number): boolean {
  const nodes = flowsOf.start.length - 1;
  const wanted = new Int32Array(flowClasses);
  const wantedBy = new Int32Array(flowClasses).fill(-1);
  const found = new Int32Array(flowClasses);
  for (let group = 0; group + 1 < members.start.length; group++) {
    let degree = -1;
    for (let at = members.start[group] as number; at < (members.start[group + 1] as number); at++) {
      const node = (members.items[at] as number) - offset;
      if (node < 0 || node >= nodes) break;
      const first = flowsOf.start[node] as number;
      const last = flowsOf.start[node + 1] as number;
      if (degree < 0) {
        degree = last - first;
        for (let place = first; place < last; place++) {
          const flow = flowsOf.items[place] as number;
          wanted[flow] = wantedBy[flow] === group ? (wanted[flow] as number) + 1 : 1;
          wantedBy[flow] = group;
        }
        continue;
      }
      if (last - first !== degree) return false;
      for (let place = first; place < last; place++) found[flowsOf.items[place] as number] = (found[flowsOf.items[place] as number] as number) + 1;
      let isEqual = true;
      for (let place = first; place < last; place++) {
        const flow = flowsOf.items[place] as number;
        if (wantedBy[flow] !== group || found[flow] !== wanted[flow]) isEqual = false;
      }
      for (let place = first; place < last; place++) found[flowsOf.items[place] as number] = 0;
      if (!isEqual) return false;
    }
  }
  return true;
}

/** One rank, flow and link for each class; a flow loads a link as often as each link of the class carries flows of its class. */
function makeQuotient(exchange: Exchange, flows: FlowList, start_s: Float64Array, capacity_bytes_per_s: Float64Array, colours: Colours, classes: Colours, onLink: Groups): Folded {
  const { ranks } = exchange;
  const rankClass = renumber(colours, 0, ranks);
  const linkClass = renumber(colours, ranks, ranks + capacity_bytes_per_s.length);
  const phases: { name: string; repeat: number; from: number[]; to: number[]; bytes: number[] }[] = exchange.phases.map(({ name, repeat }) => ({ name, repeat, from: [], to: [], bytes: [] }));
  const models: number[][] = exchange.phases.map(() => []);
  const seen = new Uint8Array(classes.count);
  for (let flow = 0; flow < flows.count; flow++) {
    const group = classes.of[flow] as number;
    if (seen[group]) continue;
    seen[group] = 1;
    const index = flows.phase[flow] as number;
    const phase = phases[index] as (typeof phases)[number];
    phase.from.push(rankClass.of[flows.from[flow] as number] as number);
    phase.to.push(rankClass.of[flows.to[flow] as number] as number);
    phase.bytes.push(flows.bytes[flow] as number);
    (models[index] as number[]).push(flow);
  }
  const start = new Float64Array(rankClass.count);
  for (let rank = 0; rank < ranks; rank++) start[rankClass.of[rank] as number] = start_s[rank] as number;
  const capacity = new Float64Array(linkClass.count);
  for (let link = 0; link < linkClass.of.length; link++) capacity[linkClass.of[link] as number] = capacity_bytes_per_s[link] as number;
  return {
    exchange: { ranks: rankClass.count, phases: phases.map(({ name, repeat, from, to, bytes }): Phase => ({ name, repeat, from: Int32Array.from(from), to: Int32Array.from(to), bytes: Float64Array.from(bytes) })) },
    ways: new FoldedWays(flows, models, classes.of, linkClass.of, capacity, onLink),
    start_s: start,
    rankClass: rankClass.of,
    linkClass: linkClass.of,
  };
}

function renumber({ of, count }: Colours, first: number, last: number): Colours {
  const numberOf = new Int32Array(count).fill(-1);
  const renumbered = new Int32Array(last - first);
  let next = 0;
  for (let node = first; node < last; node++) {
    const old = of[node] as number;
    if (numberOf[old] === -1) numberOf[old] = next++;
    renumbered[node - first] = numberOf[old] as number;
  }
  return { of: renumbered, count: next };
}

class FoldedWays implements Ways {
  readonly capacity_bytes_per_s: Float64Array;
  readonly longest: number;
  private readonly flows: FlowList;
  private readonly models: readonly (readonly number[])[];
  /** Class and weight of each link on the way of each flow that stands for its class. */
  private readonly steps = new Map<number, { links: number[]; weights: number[] }>();

  constructor(flows: FlowList, models: readonly (readonly number[])[], classOf: Int32Array, linkClass: Int32Array, capacity_bytes_per_s: Float64Array, onLink: Groups) {
    this.capacity_bytes_per_s = capacity_bytes_per_s;
    this.flows = flows;
    this.models = models;
    let longest = 0;
    for (const flow of models.flat()) {
      const links: number[] = [];
      const weights: number[] = [];
      for (let at = flows.start[flow] as number; at < (flows.start[flow + 1] as number); at++) {
        const link = flows.link[at] as number;
        if (links.includes(linkClass[link] as number)) continue;
        let weight = 0;
        for (let place = onLink.start[link] as number; place < (onLink.start[link + 1] as number); place++) if (onLink.items[place] === classOf[flow]) weight++;
        links.push(linkClass[link] as number);
        weights.push(weight);
      }
      longest = Math.max(longest, links.length);
      this.steps.set(flow, { links, weights });
    }
    this.longest = longest;
  }

  load(phase: number, flow: number, columns: FlowColumns, slot: number): void {
    const model = (this.models[phase] as readonly number[])[flow] as number;
    const { links, weights } = this.steps.get(model) as { links: number[]; weights: number[] };
    const first = slot << columns.shift;
    for (let hop = 0; hop < links.length; hop++) {
      columns.path[first + hop] = links[hop] as number;
      columns.weight[first + hop] = weights[hop] as number;
    }
    columns.hops[slot] = links.length;
    columns.cap_bytes_per_s[slot] = this.flows.cap_bytes_per_s[model] as number;
    columns.latency_s[slot] = this.flows.latency_s[model] as number;
  }
}
