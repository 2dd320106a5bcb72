/** Flows that begin at given times, without dependencies: an exchange of one step in which each flow has a sender and a receiver of its own. */
import { InputError, wrongValue, type Problem } from "../../problems.ts";
import type { NetworkGraph } from "../../network/topology/graph.ts";
import { simulateExchange } from "./exchange.ts";
import type { FlowOptions, FlowResult } from "./options.ts";

export interface Flows {
  /** Endpoints. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly bytes: Float64Array;
  readonly start_s: Float64Array;
}

export function simulateFlows(graph: NetworkGraph, flows: Flows, options: FlowOptions = {}): FlowResult {
  const problems = checkFlows(graph, flows);
  if (problems.length > 0) throw new InputError(problems);
  const { from, to, bytes, start_s } = flows;
  const count = from.length;
  const placement = new Int32Array(2 * count);
  placement.set(from);
  placement.set(to, count);
  // A receiver comes with its sender, so that equal flows fold.
  const starts = new Float64Array(2 * count);
  starts.set(start_s);
  starts.set(start_s, count);
  const sender = Int32Array.from(from, (_, flow) => flow);
  const phase = { name: "flows", repeat: 1, from: sender, to: sender.map((flow) => flow + count), bytes };
  const { end_s, shares, links } = simulateExchange(graph, placement, { ranks: 2 * count, phases: [phase] }, { ...options, start_s: starts, jump: false });
  return { end_s: end_s.slice(0, count), shares, ...(links ? { links } : {}) };
}

function checkFlows({ endpoints }: NetworkGraph, { from, to, bytes, start_s }: Flows): Problem[] {
  const problems = Object.entries({ to, bytes, start_s }).flatMap(([key, column]) =>
    column.length === from.length ? [] : [wrongValue(`flows.${key}`, column.length, `as many as senders, ${from.length}`)],
  );
  const isAmount = (value: number): boolean => value >= 0 && value < Number.POSITIVE_INFINITY;
  for (let flow = 0; flow < from.length && problems.length < 5; flow++) {
    const [sender, receiver, size, time_s] = [from[flow] as number, to[flow] ?? 0, bytes[flow] ?? 0, start_s[flow] ?? 0];
    if (!(sender >= 0 && sender < endpoints)) problems.push(wrongValue(`flows.from[${flow}]`, sender, `an endpoint from 0 to ${endpoints - 1}`));
    if (!(receiver >= 0 && receiver < endpoints)) problems.push(wrongValue(`flows.to[${flow}]`, receiver, `an endpoint from 0 to ${endpoints - 1}`));
    if (sender === receiver) problems.push(wrongValue(`flows.to[${flow}]`, receiver, "another endpoint than the sender's"));
    if (!isAmount(size)) problems.push(wrongValue(`flows.bytes[${flow}]`, size, "a size of 0 or more"));
    if (!isAmount(time_s)) problems.push(wrongValue(`flows.start_s[${flow}]`, time_s, "a time of 0 s or later"));
  }
  return problems;
}
