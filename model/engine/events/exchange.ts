/**
 * How long an exchange takes on a network, with contention: the way in to the events engine. The cheapest method that is exact is taken: a recursion without
 * events where no link can bind; else events over classes of alike ranks where there are such; else over all messages; both leap over steps that repeat.
 * Left out: what ranks compute meanwhile, and a library's own delays; give these as starts and sizes.
 */
import { InputError } from "../../problems.ts";
import type { Exchange, Phase } from "../../network/exchange.ts";
import type { NetworkGraph } from "../../network/topology/graph.ts";
import { refuseBad, refuseLarge } from "./check.ts";
import { ExchangeRun } from "./exchange-run.ts";
import { countFlows, listFlows } from "./flow-list.ts";
import { foldExchange, type Folded } from "./fold.ts";
import { LinkWatch } from "./link-watch.ts";
import { runMaxPlus } from "./max-plus.ts";
import type { ExchangeOptions, ExchangeResult, LinkLoads } from "./options.ts";
import { Pulse } from "./pulse.ts";
import { KeptWays } from "./routes.ts";
import { findBinding, GraphWays, type Binding, type Ways } from "./ways.ts";

/** A folded run has to look at all flows first: worth it where steps repeat, and too much memory for very many different ones. */
const worthFolding = { messages: 20_000, perFlow: 8, flows: 1 << 21 };

/** `placement`: the endpoint of each rank. */
export function simulateExchange(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, options: ExchangeOptions = {}): ExchangeResult {
  refuseBad(graph, placement, exchange, options);
  const start_s = options.start_s ?? new Float64Array(exchange.ranks);
  const binding = findBinding(graph, placement, exchange, options.watchLinks ?? false);
  if (binding.problems.length > 0) throw new InputError(binding.problems);
  const carried = options.linkBytes ? { linkBytes: carriedBytes(graph, placement, exchange) } : {};
  if (binding.links.length === 0 && (options.direct ?? true)) return { ...runDirect(graph, placement, exchange, start_s, options), ...carried };
  const folded = tryFold(graph, placement, exchange, start_s, binding, options);
  return { ...runEvents(graph, placement, exchange, start_s, binding, folded, options), ...carried };
}

function runDirect(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, start_s: Float64Array, options: ExchangeOptions): ExchangeResult {
  const pulse = new Pulse(options, exchange.phases.length);
  const end_s = runMaxPlus(exchange, (phase) => timesAlone(graph, placement, exchange.phases[phase] as Phase), start_s, pulse);
  return { method: "direct", end_s, flows: 0, jumped: 0, shares: 0, classes: null };
}

function tryFold(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, start_s: Float64Array, binding: Binding, { fold = true }: ExchangeOptions): Folded | null {
  if (fold === false) return null;
  const declared = fold instanceof Int32Array ? fold : null;
  const messages = exchange.phases.reduce((sum, { repeat, from }) => sum + repeat * from.length, 0);
  const flows = countFlows(exchange);
  if (declared === null && messages < Math.max(worthFolding.messages, worthFolding.perFlow * flows)) return null;
  if (flows > worthFolding.flows || new Set(start_s).size * 2 > exchange.ranks) return null;
  const capacity_bytes_per_s = Float64Array.from(binding.links, (link) => graph.links.capacity_bytes_per_s[link] as number);
  return foldExchange(exchange, listFlows(graph, placement, exchange, binding), start_s, capacity_bytes_per_s, declared);
}

function runEvents(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, start_s: Float64Array, binding: Binding, folded: Folded | null, options: ExchangeOptions): ExchangeResult {
  const { jump = true, tolerance = 0, merge = 0, watchLinks = false, mostWork = Number.POSITIVE_INFINITY, progress, stop } = options;
  const ways = folded?.ways ?? makeWays(graph, placement, exchange, binding);
  const steps = folded?.exchange ?? exchange;
  refuseLarge(steps, ways.longest, ways.capacity_bytes_per_s.length, options, folded === null ? (binding.routes?.links.byteLength ?? 0) : 0, folded !== null);
  const watch = watchLinks ? new LinkWatch(ways.capacity_bytes_per_s) : null;
  const run = new ExchangeRun(steps, ways, { start_s: folded?.start_s ?? start_s, jump, window: tolerance, merge, mostWork, watch, progress, stop });
  run.run();
  const end_s = folded ? Float64Array.from(folded.rankClass, (one) => run.end_s[one] as number) : run.end_s;
  const links = watch === null ? {} : { links: spreadLoads(watch, graph.links.count, binding.links, folded?.linkClass ?? null) };
  return { method: "events", end_s, flows: run.flows, jumped: run.jumped, shares: run.engine.solves, classes: folded ? steps.ranks : null, ...links };
}

const makeWays = (graph: NetworkGraph, placement: Int32Array, exchange: Exchange, binding: Binding): Ways =>
  binding.routes === null ? new GraphWays(graph, placement, exchange, binding) : new KeptWays(graph.links, binding.routes, binding);

/** From the engine's links to those of the graph. */
function spreadLoads(watch: LinkWatch, count: number, links: Int32Array, classOf: Int32Array | null): LinkLoads {
  const onGraph = (values: Float64Array): Float64Array => {
    const all = new Float64Array(count);
    links.forEach((link, number) => (all[link] = values[classOf === null ? number : (classOf[number] as number)] as number));
    return all;
  };
  return { busy_s: onGraph(watch.busy_s), contended_s: onGraph(watch.contended_s), peakShare: onGraph(watch.peakShare) };
}

/** Seconds of each flow of a phase that meets no other. */
export function timesAlone(graph: NetworkGraph, placement: Int32Array, { from, to, bytes }: Phase): Float64Array {
  const { capacity_bytes_per_s, latency_s } = graph.links;
  const route = new Int32Array(graph.longestRoute);
  return Float64Array.from(from, (sender, flow) => {
    const hops = graph.route(placement[sender] as number, placement[to[flow] as number] as number, route, 0);
    let cap = Number.POSITIVE_INFINITY;
    let wait_s = 0;
    for (let hop = 0; hop < hops; hop++) {
      cap = Math.min(cap, capacity_bytes_per_s[route[hop] as number] as number);
      wait_s += latency_s[route[hop] as number] as number;
    }
    return wait_s + (bytes[flow] as number) / cap;
  });
}

/** What each link of the graph carries in the whole exchange. */
export function carriedBytes(graph: NetworkGraph, placement: Int32Array, { phases }: Exchange): Float64Array {
  const carried = new Float64Array(graph.links.count);
  const route = new Int32Array(graph.longestRoute);
  for (const { from, to, bytes, repeat } of phases) {
    for (let flow = 0; flow < from.length; flow++) {
      const hops = graph.route(placement[from[flow] as number] as number, placement[to[flow] as number] as number, route, 0);
      const whole = (bytes[flow] as number) * repeat;
      for (let hop = 0; hop < hops; hop++) carried[route[hop] as number] = (carried[route[hop] as number] as number) + whole;
    }
  }
  return carried;
}
