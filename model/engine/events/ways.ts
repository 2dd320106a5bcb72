/**
 * The ways of an exchange's flows, reduced to the links that can slow them down. A link cannot bind when all flows that may use it at the same moment, each at
 * the pace of the narrowest link of its own way, fit into it together: such a link is left out, and max-min rates are exactly the same without it. A rank is in
 * one step at a time, so of its flows over a link only the largest step counts. In a network of full bisection most links go, and a ring keeps none.
 * Nor does a link bind whose flows all go on over, or all come from, one that is not wider: of links in series one is kept.
 */
import type { Problem } from "../../problems.ts";
import type { Exchange, Phase } from "../../network/exchange.ts";
import type { LinkTable, NetworkGraph } from "../../network/topology/graph.ts";
import type { FlowColumns } from "./flow-columns.ts";
import { groupBy } from "./groups.ts";
import { LinkFigures, otherKind } from "./link-figures.ts";
import { distinctSends, keepRoutes, type Routes } from "./routes.ts";
import { leaveOutSeries } from "./series.ts";

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
  /** All ways as they were found, unless there are too many to keep. */
  readonly routes: Routes | null;
  readonly problems: readonly Problem[];
}

export function findBinding(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, all: boolean): Binding {
  const { count, capacity_bytes_per_s } = graph.links;
  const load = new Float64Array(count);
  /** Of the rank that is looked at: its largest step on a link, 0 where it has none. */
  const largest = new Float64Array(count);
  const stepSeen = new Int32Array(count).fill(-1);
  const stepLoad = new Float64Array(count);
  const own = new Int32Array(graph.longestRoute);
  const touched: number[] = [];
  const figures = new LinkFigures(graph.links);
  const { kind } = figures;
  const sends = distinctSends(exchange);
  const routes = keepRoutes(sends, graph.longestRoute);
  const out = routes?.links ?? own;
  const orders = sends.phases.map(({ from }) => orderBySender(from, exchange.ranks));
  const cursors = new Int32Array(sends.phases.length);
  const problems: Problem[] = [];
  let mark = 0;
  for (let rank = 0; rank < exchange.ranks; rank++) {
    const source = placement[rank] as number;
    let touches = 0;
    for (let number = 0; number < sends.phases.length; number++) {
      const { from, to } = sends.phases[number] as Phase;
      const order = orders[number] as Int32Array | null;
      const firstRow = sends.first[number] as number;
      let at = cursors[number] as number;
      const next = at + 1;
      const several = next < from.length && from[order === null ? next : (order[next] as number)] === rank;
      mark++;
      for (; at < from.length; at++) {
        const flow = order === null ? at : (order[at] as number);
        if (from[flow] !== rank) break;
        const first = routes === null ? 0 : (firstRow + flow) * routes.stride;
        const end = graph.route(source, placement[to[flow] as number] as number, out, first);
        if (routes !== null && end < first + routes.stride) out[end] = -1;
        let cap = Number.POSITIVE_INFINITY;
        for (let hop = first; hop < end; hop++) {
          const link = out[hop] as number;
          const kindOf = kind[link] as number;
          const capacity = (kindOf === otherKind ? capacity_bytes_per_s[link] : figures.capacity_bytes_per_s[kindOf]) as number;
          if (capacity < cap) cap = capacity;
        }
        if (!(cap > 0 && cap < Number.POSITIVE_INFINITY) && problems.length < 20) problems.push(deadWay(graph.links, out.slice(first, end), { from: rank, to: to[flow] as number, phase: exchange.phases.indexOf(sends.phases[number] as Phase), flow }));
        for (let hop = first; hop < end; hop++) {
          const link = out[hop] as number;
          const before = largest[link] as number;
          if (before === 0) touched[touches++] = link;
          let sum = cap;
          if (several) {
            if (stepSeen[link] === mark) sum += stepLoad[link] as number;
            stepSeen[link] = mark;
            stepLoad[link] = sum;
          }
          if (sum > before) largest[link] = sum;
        }
      }
      cursors[number] = at;
    }
    for (let index = 0; index < touches; index++) {
      const link = touched[index] as number;
      load[link] = (load[link] as number) + (largest[link] as number);
      largest[link] = 0;
    }
  }
  const mayBind = new Uint8Array(count);
  for (let link = 0; link < count; link++) {
    const capacity = capacity_bytes_per_s[link] as number;
    if ((load[link] as number) > (all ? 0 : capacity * fits) && capacity < Number.POSITIVE_INFINITY) mayBind[link] = 1;
  }
  if (!all) leaveOutSeries(graph, placement, sends, routes, mayBind);
  return { ...numberLinks(mayBind), figures, routes, problems };
}

function numberLinks(binds: Uint8Array): { numberOf: Int32Array; links: Int32Array } {
  const numberOf = new Int32Array(binds.length).fill(-1);
  const kept: number[] = [];
  for (let link = 0; link < binds.length; link++) if (binds[link]) numberOf[link] = kept.push(link) - 1;
  return { numberOf, links: Int32Array.from(kept) };
}

/** Null where flows stand in order of their senders already. */
function orderBySender(from: Int32Array, ranks: number): Int32Array | null {
  for (let flow = 1; flow < from.length; flow++) if ((from[flow] as number) < (from[flow - 1] as number)) return groupBy(from, ranks).items;
  return null;
}

function deadWay(links: LinkTable, route: Int32Array, { from, to, phase, flow }: { from: number; to: number; phase: number; flow: number }): Problem {
  const dead = route.findLast((link) => !((links.capacity_bytes_per_s[link] as number) > 0));
  const place = dead === undefined ? null : links.describe(dead);
  return {
    code: "dead-link",
    path: `exchange.phases[${phase}].flows[${flow}]`,
    got: `rank ${from} to rank ${to}: ${place === null ? "a way without any link of limited capacity" : `a way over the ${place.kind} link from ${place.from} to ${place.to}, which carries nothing`}`,
    expected: "a way whose links all carry something, at least one of them with a limit",
    hint: "route around a failed link, take its endpoints out of the placement, or slow it instead",
  };
}

/** Ways straight from the graph, for exchanges with too many to keep. */
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
      columns.path[place++] = number;
    }
    columns.hops[slot] = place - first;
    columns.cap_bytes_per_s[slot] = cap;
    columns.latency_s[slot] = wait_s;
  }
}
