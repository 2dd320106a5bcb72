/** What can be wrong with an exchange, its placement and the options of a run: everything at once, each kind at most a few times. */
import { InputError, type Problem, wrongValue } from "../../problems.ts";
import type { Exchange, Phase } from "../../network/exchange.ts";
import type { NetworkGraph } from "../../network/topology/graph.ts";
import { shiftFor, flowMemory_bytes } from "./flow-columns.ts";
import { defaultMemory_bytes, largestMerge, largestTolerance, type ExchangeOptions } from "./options.ts";
import { slotBases } from "./step-tables.ts";

const most = 5;

/** Throws what is wrong as one InputError. */
export function refuseBad(graph: NetworkGraph, placement: Int32Array, exchange: Exchange, options: ExchangeOptions): void {
  const problems = [...checkRanks(graph, placement, exchange), ...[...new Set(exchange.phases)].flatMap((phase) => checkPhase(phase, `exchange.phases[${exchange.phases.indexOf(phase)}]`, exchange.ranks)), ...checkOptions(options, exchange.ranks)];
  if (problems.length === 0) problems.push(...checkPairs(placement, exchange));
  if (problems.length > 0) throw new InputError(problems);
}

function checkRanks(graph: NetworkGraph, placement: Int32Array, { ranks }: Exchange): Problem[] {
  const problems: Problem[] = [];
  if (!Number.isInteger(ranks) || ranks < 0) problems.push(wrongValue("exchange.ranks", ranks, "a whole number"));
  if (placement.length !== ranks) problems.push(wrongValue("placement", placement.length, `one endpoint for each of ${ranks} ranks`));
  placement.forEach((endpoint, rank) => {
    if (problems.length < most && !(endpoint >= 0 && endpoint < graph.endpoints)) problems.push(wrongValue(`placement[${rank}]`, endpoint, `an endpoint from 0 to ${graph.endpoints - 1}`));
  });
  return problems;
}

function checkPhase({ from, to, bytes, repeat }: Phase, path: string, ranks: number): Problem[] {
  const problems: Problem[] = [];
  if (!Number.isInteger(repeat) || repeat < 0) problems.push(wrongValue(`${path}.repeat`, repeat, "a whole number of steps"));
  if (to.length !== from.length) problems.push(wrongValue(`${path}.to`, to.length, `as many receivers as senders, ${from.length}`));
  if (bytes.length !== from.length) problems.push(wrongValue(`${path}.bytes`, bytes.length, `as many sizes as senders, ${from.length}`));
  for (let flow = 0; flow < from.length && problems.length < most; flow++) {
    const sender = from[flow] as number;
    const receiver = to[flow] ?? -1;
    const size = bytes[flow] ?? -1;
    if (!(sender >= 0 && sender < ranks)) problems.push(wrongValue(`${path}.from[${flow}]`, sender, `a rank from 0 to ${ranks - 1}`));
    if (!(receiver >= 0 && receiver < ranks)) problems.push(wrongValue(`${path}.to[${flow}]`, receiver, `a rank from 0 to ${ranks - 1}`));
    if (sender === receiver) problems.push(wrongValue(`${path}.to[${flow}]`, receiver, "another rank than the sender"));
    if (!(size >= 0 && size < Number.POSITIVE_INFINITY)) problems.push(wrongValue(`${path}.bytes[${flow}]`, size, "a size of 0 or more"));
  }
  return problems;
}

function checkPairs(placement: Int32Array, { phases }: Exchange): Problem[] {
  const problems: Problem[] = [];
  new Set(phases).forEach((phase) => {
    const { from, to } = phase;
    for (let flow = 0; flow < from.length && problems.length < most; flow++) {
      const endpoint = placement[from[flow] as number] as number;
      if (endpoint !== placement[to[flow] as number]) continue;
      problems.push(wrongValue(`exchange.phases[${phases.indexOf(phase)}].to[${flow}]`, `ranks ${from[flow]} and ${to[flow]} on endpoint ${endpoint}`, "two endpoints: there is no way from one to itself"));
    }
  });
  return problems;
}

function checkOptions({ start_s, tolerance = 0, merge = 0, fold, memory_bytes = 1 }: ExchangeOptions, ranks: number): Problem[] {
  const problems: Problem[] = [];
  if (start_s !== undefined && start_s.length !== ranks) problems.push(wrongValue("start_s", start_s.length, `one time for each of ${ranks} ranks`));
  start_s?.forEach((time_s, rank) => {
    if (problems.length < most && !(time_s >= 0 && time_s < Number.POSITIVE_INFINITY)) problems.push(wrongValue(`start_s[${rank}]`, time_s, "a time of 0 s or later"));
  });
  if (!(tolerance >= 0 && tolerance <= largestTolerance)) problems.push(wrongValue("tolerance", tolerance, `0 (exact) to ${largestTolerance}`));
  if (!(merge >= 0 && merge <= largestMerge)) problems.push(wrongValue("merge", merge, `0 (exact) to ${largestMerge}`));
  if (fold instanceof Int32Array && fold.length !== ranks) problems.push(wrongValue("fold", fold.length, `a class for each of ${ranks} ranks`));
  if (!(memory_bytes > 0)) problems.push(wrongValue("memory_bytes", memory_bytes, "more than 0"));
  return problems;
}

/** What a run message by message takes, with the ways it keeps, near enough for a warning before it starts. */
export function runMemory_bytes(exchange: Exchange, longest: number, links: number, jump: boolean, kept_bytes: number): number {
  const slots = slotBases(exchange)[exchange.ranks] as number;
  const largest = exchange.phases.reduce((sum, { from }) => Math.max(sum, from.length), 0);
  const tables = Math.min(3, exchange.phases.length) * (12 * largest + 8 * exchange.ranks);
  return kept_bytes + flowMemory_bytes(slots, longest, links) + 8 * slots + 40 * exchange.ranks + tables + (jump ? 17 * slots + 12 * exchange.ranks : 0);
}

export function refuseLarge(exchange: Exchange, longest: number, links: number, { memory_bytes = defaultMemory_bytes, jump = true }: ExchangeOptions, kept_bytes: number, isFolded: boolean): void {
  const needed = runMemory_bytes(exchange, longest, links, jump, kept_bytes);
  if (needed <= memory_bytes) return;
  const inMiB = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const widest = exchange.phases.reduce((widest, phase) => (phase.from.length > widest.from.length ? phase : widest));
  const hint = isFolded
    ? "let the ranks start together and place them alike in every leaf, so that more of them fold"
    : `fold ranks that are alike, or split the phase "${widest.name}", in which ${widest.from.length} flows of up to ${1 << shiftFor(longest)} links are under way at once`;
  throw new InputError([{ code: "too-much-memory", path: "exchange", got: `a run of about ${inMiB(needed)}`, expected: `at most ${inMiB(memory_bytes)}`, hint }]);
}
