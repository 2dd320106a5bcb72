/**
 * A collective block by block: the data is cut into equal blocks, and each message says which of them it carries and what the receiver does with them. Sizes
 * follow from the counts, so what is sent and how much of it cannot drift apart; what a message carries is only worked out when somebody asks.
 */
import { InputError, wrongValue, type Problem } from "../../../problems.ts";
import type { Exchange } from "../../exchange.ts";
import type { CollectiveShape } from "../types.ts";

/**
 * The receiver adds the blocks to its own, or takes them over. In the network: switches add up what all senders joined by this phase's flows hold, and the
 * blocks are those delivered; the flow then stands for what passes the links of its two ends.
 */
export type Effect = "add" | "copy" | "in-network";

export interface BlockPhase {
  readonly name: string;
  readonly repeat: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Blocks per flow: one number for all of them, or one each. */
  readonly count: number | Int32Array;
  effect(flow: number): Effect;
  blocks(step: number, flow: number): number[];
}

/**
 * `parts`: how many blocks make up `bytes`. Blocks are numbered by their place in the vector; of an all-to-all by sender x ranks + receiver; of a send by sender.
 */
export interface BlockPlan {
  readonly ranks: number;
  readonly parts: number;
  readonly phases: readonly BlockPhase[];
}

export const adds = (): Effect => "add";
export const copies = (): Effect => "copy";
export const sumsInNetwork = (): Effect => "in-network";

export const ranksOf = ({ nodes, devicesPerNode }: CollectiveShape): number => nodes * devicesPerNode;

export function makeFlows(count: number, fromOf: (flow: number) => number, toOf: (flow: number) => number): { from: Int32Array; to: Int32Array } {
  const [from, to] = [new Int32Array(count), new Int32Array(count)];
  for (let flow = 0; flow < count; flow++) {
    from[flow] = fromOf(flow);
    to[flow] = toOf(flow);
  }
  return { from, to };
}

export const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

/** 16 bytes each: beyond this an exchange would not fit beside what simulates it. */
const mostFlows = 2 ** 26;

/** Says so before a plan is made that would hold too many different flows. */
export function checkFlows(flows: number, hint: string): void {
  if (flows <= mostFlows) return;
  throw new InputError([{ code: "too-large", path: "shape", got: `${flows} different flows`, expected: `at most ${mostFlows}`, hint }]);
}

function checkShape(shape: CollectiveShape, bytes: number): void {
  const problems: Problem[] = [];
  const checkWhole = (path: string, value: number, most: number): void => {
    if (!Number.isInteger(value) || value < 1 || value > most) problems.push(wrongValue(path, value, `a whole number from 1 to ${most}`));
  };
  const mostRanks = 2 ** 26;
  checkWhole("shape.nodes", shape.nodes, mostRanks);
  checkWhole("shape.devicesPerNode", shape.devicesPerNode, mostRanks);
  if (problems.length === 0 && ranksOf(shape) > mostRanks) problems.push(wrongValue("shape", ranksOf(shape), `at most ${mostRanks} ranks`));
  if (shape.leaders !== undefined) checkWhole("shape.leaders", shape.leaders, Number.isInteger(shape.devicesPerNode) ? Math.max(1, shape.devicesPerNode) : mostRanks);
  if (shape.chunks !== undefined) checkWhole("shape.chunks", shape.chunks, mostRanks);
  if (!(bytes >= 0) || !Number.isFinite(bytes)) problems.push(wrongValue("bytes", bytes, "a size, zero or more"));
  if (problems.length > 0) throw new InputError(problems);
}

/** The exchange of a plan: nothing is sent of nothing. */
export function stepsOf(plan: (shape: CollectiveShape, bytes: number) => BlockPlan): (shape: CollectiveShape, bytes: number) => Exchange {
  return (shape, bytes) => {
    checkShape(shape, bytes);
    const ranks = ranksOf(shape);
    if (bytes === 0 || ranks === 1) return { ranks, phases: [] };
    const { parts, phases } = plan(shape, bytes);
    return {
      ranks,
      phases: phases
        .filter(({ repeat, from }) => repeat > 0 && from.length > 0)
        .map(({ name, repeat, from, to, count }) => ({ name, repeat, from, to, bytes: weigh(count, from.length, bytes, parts) })),
    };
  };
}

function weigh(count: number | Int32Array, flows: number, bytes: number, parts: number): Float64Array {
  if (typeof count === "number") return new Float64Array(flows).fill((bytes * count) / parts);
  return Float64Array.from(count, (blocks) => (bytes * blocks) / parts);
}
