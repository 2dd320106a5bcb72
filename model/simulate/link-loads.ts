/**
 * What every link carries during one collective, and how long that takes: flow by flow where there are few messages, else step by step (synchronous.ts). Phases
 * are gone through one at a time, so that the host hears of progress. How many flows an algorithm needs is estimated from two small machines before they are made.
 */
import { carriedBytes, simulateExchange } from "../engine/events/index.ts";
import type { CollectiveAlgorithm, CollectiveShape } from "../network/collectives/index.ts";
import type { Exchange } from "../network/exchange.ts";
import type { NetworkGraph } from "../network/topology/index.ts";
import { InputError } from "../problems.ts";
import { countMessages, mostMessages } from "./collectives.ts";
import type { SumMethod } from "./simulation.ts";
import { synchronousTime } from "./synchronous.ts";

export interface LinkLoads {
  /** By link of the graph. */
  readonly carried_bytes: Float64Array;
  readonly time_s: number;
  readonly method: Exclude<SumMethod, "merged">;
}

export function loadLinks(graph: NetworkGraph, ranks: Int32Array, exchange: Exchange, progress: (part: number) => void = () => {}): LinkLoads {
  const carried_bytes = new Float64Array(graph.links.count);
  const method = countMessages(exchange) <= mostMessages ? "events" : "synchronous";
  const flows = exchange.phases.reduce((sum, { from }) => sum + from.length, 0);
  let [time_s, done] = [0, 0];
  for (const phase of exchange.phases) {
    const one: Exchange = { ranks: exchange.ranks, phases: [phase] };
    carriedBytes(graph, ranks, one).forEach((bytes, link) => {
      if (bytes > 0) carried_bytes[link] = (carried_bytes[link] as number) + bytes;
    });
    if (method === "synchronous") time_s += synchronousTime(graph, ranks, one);
    done += phase.from.length;
    progress((method === "events" ? 0.5 : 1) * (done / flows));
  }
  if (method === "events") time_s = simulateExchange(graph, ranks, exchange, { progress: (part) => progress(0.5 + part / 2) }).end_s.reduce((most, end) => Math.max(most, end), 0);
  return { carried_bytes, time_s, method };
}

/** Different flows beyond this would fill a browser's memory: 16 bytes each, and their ways. */
const mostFlows = 2 ** 23;
const probes = [8, 16] as const;

/** Exact for small machines; beyond, from how the number grows between two small ones. */
export function estimateFlows({ steps }: CollectiveAlgorithm, shape: CollectiveShape, bytes: number): number {
  const count = (nodes: number): number => steps({ ...shape, nodes }, bytes).phases.reduce((sum, { from }) => sum + from.length, 0);
  const [small, large] = probes;
  if (shape.nodes <= large) return count(shape.nodes);
  const [few, many] = [count(small), count(large)];
  return many * (shape.nodes / large) ** Math.log2(many / Math.max(1, few));
}

/** Throws a problem where the collective is too large to be followed link by link. */
export function refuseTooManyFlows(algorithm: CollectiveAlgorithm, shape: CollectiveShape, bytes: number): void {
  const flows = estimateFlows(algorithm, shape, bytes);
  if (flows <= mostFlows) return;
  throw new InputError([{ code: "too-large", path: "collective", got: `${algorithm.id} over ${shape.nodes * shape.devicesPerNode} ranks, about ${Number(flows.toPrecision(2))} different messages`, expected: `at most ${mostFlows}`, hint: `fewer nodes: about ${fewerNodes(algorithm, shape, bytes)} are possible` }]);
}

function fewerNodes(algorithm: CollectiveAlgorithm, shape: CollectiveShape, bytes: number): number {
  let [low, high] = [1, shape.nodes];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (estimateFlows(algorithm, { ...shape, nodes: middle }, bytes) <= mostFlows) low = middle;
    else high = middle;
  }
  return low;
}
