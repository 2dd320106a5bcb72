/**
 * The ways of an exchange's flows, reduced to the links that can slow them down. A link cannot bind when all flows that may use it at the same moment, each at
 * the pace of the narrowest link of its own way, fit into it together: such a link is left out, and max-min rates are exactly the same without it. A rank is in
 * one step at a time, so of its flows over a link only the largest step counts. In a network of full bisection most links go, and a ring keeps none.
 * Nor does a link bind whose flows all go on over, or all come from, one that is not wider: of links in series one is kept.
 */
import type { Problem } from "../../problems.ts";
import type { Exchange } from "../../network/exchange.ts";
import type { LinkTable, NetworkGraph } from "../../network/topology/graph.ts";
import type { FlowColumns } from "./flow-columns.ts";
import { groupBy } from "./groups.ts";
import { LinkFigures, otherKind } from "./link-figures.ts";
import { Series } from "./series.ts";

/** What an engine asks for the way of a flow. Links are numbered anew. */
export interface Ways {
  readonly capacity_bytes_per_s: Float64Array;
  readonly longest: number;
  load(phase: number, flow: number, columns: FlowColumns, slot: number): void;
}

const fits = 1 + 1e-12;

/** Links that can bind, as numbers from 0, or -1. `all`: every link that is used and has an end to its capacity. */
export interface Binding {
  readonly numberOf: Int32Array;
  readonly links: Int32Array;
  readonly figures: LinkFigures;
  readonly problems: readonly Problem[];
}

export function findBinding(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, all: boolean): Binding {
  const { count, capacity_bytes_per_s } = graph.links;
  const load = new Float64Array(count);
  const senderSeen = new Int32Array(count).fill(-1);
  const stepSeen = new Int32Array(count).fill(-1);
  const stepLoad = new Float64Array(count);
  const senderLoad = new Float64Array(count);
  const route = new Int32Array(graph.longestRoute);
  const touched: number[] = [];
  const series = new Series(count);
  const figures = new LinkFigures(graph.links);
  const { kind } = figures;
  const orders = exchange.phases.map(({ from }) => orderBySender(from, exchange.ranks));
  const cursors = new Int32Array(exchange.phases.length);
  const problems: Problem[] = [];
  let mark = 0;
  for (let rank = 0; rank < exchange.ranks; rank++) {
    let touches = 0;
    for (let phase = 0; phase < exchange.phases.length; phase++) {
      const { from, to } = exchange.phases[phase] as Exchange["phases"][number];
      const order = orders[phase] as Int32Array | null;
      let at = cursors[phase] as number;
      mark++;
      for (; at < from.length; at++) {
        const flow = order === null ? at : (order[at] as number);
        if (from[flow] !== rank) break;
        const hops = graph.route(placement[rank] as number, placement[to[flow] as number] as number, route, 0);
        let cap = Number.POSITIVE_INFINITY;
        for (let hop = 0; hop < hops; hop++) {
          const own = kind[route[hop] as number] as number;
          const capacity = (own === otherKind ? capacity_bytes_per_s[route[hop] as number] : figures.capacity_bytes_per_s[own]) as number;
          if (capacity < cap) cap = capacity;
        }
        if (!(cap > 0 && cap < Number.POSITIVE_INFINITY) && problems.length < 20) problems.push(deadWay(graph.links, route, hops, phase, flow));
        series.add(route, hops);
        for (let hop = 0; hop < hops; hop++) {
          const link = route[hop] as number;
          if (senderSeen[link] !== rank) {
            senderSeen[link] = rank;
            senderLoad[link] = 0;
            touched[touches++] = link;
          }
          const sum = stepSeen[link] === mark ? (stepLoad[link] as number) + cap : cap;
          stepSeen[link] = mark;
          stepLoad[link] = sum;
          if (sum > (senderLoad[link] as number)) senderLoad[link] = sum;
        }
      }
      cursors[phase] = at;
    }
    for (let index = 0; index < touches; index++) {
      const link = touched[index] as number;
      load[link] = (load[link] as number) + (senderLoad[link] as number);
    }
  }
  return { ...numberLinks(capacity_bytes_per_s, load, all ? null : series), figures, problems };
}

function numberLinks(capacity_bytes_per_s: Float64Array, load: Float64Array, series: Series | null): { numberOf: Int32Array; links: Int32Array } {
  const numberOf = new Int32Array(load.length).fill(-1);
  const kept: number[] = [];
  for (let link = 0; link < load.length; link++) {
    const capacity = capacity_bytes_per_s[link] as number;
    const binds = series === null ? (load[link] as number) > 0 && capacity < Number.POSITIVE_INFINITY : (load[link] as number) > capacity * fits && !series.isCovered(link, capacity_bytes_per_s);
    if (binds) numberOf[link] = kept.push(link) - 1;
  }
  return { numberOf, links: Int32Array.from(kept) };
}

/** Null where flows stand in order of their senders already. */
function orderBySender(from: Int32Array, ranks: number): Int32Array | null {
  for (let flow = 1; flow < from.length; flow++) if ((from[flow] as number) < (from[flow - 1] as number)) return groupBy(from, ranks).items;
  return null;
}

function deadWay(links: LinkTable, route: Int32Array, hops: number, phase: number, flow: number): Problem {
  let dead = -1;
  for (let hop = 0; hop < hops; hop++) if (!((links.capacity_bytes_per_s[route[hop] as number] as number) > 0)) dead = route[hop] as number;
  const place = dead < 0 ? null : links.describe(dead);
  return {
    code: "dead-link",
    path: `exchange.phases[${phase}].flows[${flow}]`,
    got: place === null ? "a way without any link of limited capacity" : `a way over the ${place.kind} link from ${place.from} to ${place.to}, which carries nothing`,
    expected: "a way whose links all carry something, at least one of them with a limit",
    hint: "route around a failed link, or take its endpoints out of the placement",
  };
}

/** Ways straight from the graph. */
export class GraphWays implements Ways {
  readonly capacity_bytes_per_s: Float64Array;
  readonly longest: number;
  private readonly graph: NetworkGraph;
  private readonly placement: Int32Array;
  private readonly exchange: Exchange;
  private readonly figures: LinkFigures;
  /** Number of a link in the engine, or -1, above 8 bits of its kind. */
  private readonly packed: Int32Array;
  private readonly route: Int32Array;

  constructor(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, binding: Binding) {
    this.graph = graph;
    this.placement = placement;
    this.exchange = exchange;
    this.figures = binding.figures;
    const { kind } = binding.figures;
    this.packed = binding.numberOf.map((number, link) => (number << 8) | (kind[link] as number));
    this.capacity_bytes_per_s = Float64Array.from(binding.links, (link) => graph.links.capacity_bytes_per_s[link] as number);
    this.longest = binding.links.length === 0 ? 0 : graph.longestRoute;
    this.route = new Int32Array(graph.longestRoute);
  }

  load(phase: number, flow: number, columns: FlowColumns, slot: number): void {
    const { graph, route, packed, placement, figures } = this;
    const { from, to } = this.exchange.phases[phase] as Exchange["phases"][number];
    const hops = graph.route(placement[from[flow] as number] as number, placement[to[flow] as number] as number, route, 0);
    const first = slot << columns.shift;
    let place = first;
    let cap = Number.POSITIVE_INFINITY;
    let wait_s = 0;
    for (let hop = 0; hop < hops; hop++) {
      const link = route[hop] as number;
      const word = packed[link] as number;
      const kind = word & otherKind;
      const isOther = kind === otherKind;
      const capacity = (isOther ? graph.links.capacity_bytes_per_s[link] : figures.capacity_bytes_per_s[kind]) as number;
      wait_s += (isOther ? graph.links.latency_s[link] : figures.latency_s[kind]) as number;
      if (capacity < cap) cap = capacity;
      const number = word >> 8;
      if (number < 0) continue;
      columns.path[place] = number;
      columns.weight[place++] = 1;
    }
    columns.hops[slot] = place - first;
    columns.cap_bytes_per_s[slot] = cap;
    columns.latency_s[slot] = wait_s;
  }
}
