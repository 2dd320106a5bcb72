/** The model's answers beside SimGrid's: per pattern when the last flow ends in both, and the worst difference over all flows or ranks. */
import { simulateExchange, simulateFlows } from "../../model/engine/events/index.ts";
import { buildGraph } from "./build-graph.ts";
import type { ExchangePattern } from "./exchanges.ts";
import type { Answered } from "./golden.ts";
import type { FlowPattern } from "./patterns.ts";

export interface Compared {
  readonly id: string;
  /** That SimGrid simulated. */
  readonly flows: number;
  readonly end_s: number;
  readonly simgridEnd_s: number;
  /** Of a flow's duration; of a rank's time since it started. */
  readonly worst: number;
}

const largest = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) most = value > most ? value : most;
  return most;
};

/** An end that is no number differs from everything. */
function worstDifference(ours: Float64Array, theirs: readonly number[], start_s: readonly number[]): number {
  let worst = ours.length === theirs.length ? 0 : Number.POSITIVE_INFINITY;
  theirs.forEach((end_s, index) => {
    const difference = Math.abs((ours[index] ?? Number.NaN) - end_s);
    const duration_s = end_s - (start_s[index] ?? 0);
    const relative = difference === 0 ? 0 : difference / duration_s;
    worst = relative <= worst ? worst : Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative;
  });
  return worst;
}

export function compareFlows({ id, network, flows, end_s }: Answered<FlowPattern>): Compared {
  const columns = { from: Int32Array.from(flows.from), to: Int32Array.from(flows.to), bytes: Float64Array.from(flows.bytes), start_s: Float64Array.from(flows.start_s) };
  const ours = simulateFlows(buildGraph(network), columns).end_s;
  return { id, flows: end_s.length, end_s: largest(ours), simgridEnd_s: largest(end_s), worst: worstDifference(ours, end_s, flows.start_s) };
}

/** `short`: with what the engine may leave out (repeated steps, alike ranks), else every message. */
export function compareExchange({ id, network, placement, start_s, exchange, end_s }: Answered<ExchangePattern>, short: boolean): Compared {
  const options = { start_s: Float64Array.from(start_s), fold: short, jump: short, direct: short };
  const ours = simulateExchange(buildGraph(network), Int32Array.from(placement), exchange, options).end_s;
  const flows = exchange.phases.reduce((sum, { repeat, from }) => sum + repeat * from.length, 0);
  return { id, flows, end_s: largest(ours), simgridEnd_s: largest(end_s), worst: worstDifference(ours, end_s, start_s) };
}
