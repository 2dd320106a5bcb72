/**
 * What SimGrid answered, as a file: a line that says how, then one line per pattern with everything it was asked, so that the answers can be used without the
 * generator. Columns of one value are that value.
 */
import type { ExchangePattern } from "./exchanges.ts";
import type { Network } from "./networks.ts";
import type { FlowPattern } from "./patterns.ts";

export interface GoldenHead {
  readonly simgrid: string;
  readonly command: string;
  readonly settings: readonly string[];
}

export type Answered<Pattern> = Pattern & { readonly end_s: readonly number[] };
export interface Golden<Pattern> {
  readonly head: GoldenHead;
  readonly patterns: readonly Answered<Pattern>[];
}

type Column = number | readonly number[];

const pack = (values: readonly number[]): Column => (values.length > 0 && values.every((value) => value === values[0]) ? (values[0] ?? 0) : values);
const unpack = (column: Column, count: number): number[] => (typeof column === "number" ? Array.from({ length: count }, () => column) : [...column]);

interface FlowLine {
  id: string;
  network: Network;
  from: number[];
  to: number[];
  bytes: Column;
  start_s: Column;
  end_s: Column;
}

export const flowLine = ({ id, network, flows: { from, to, bytes, start_s } }: FlowPattern, end_s: readonly number[]): string =>
  JSON.stringify({ id, network, from, to, bytes: pack(bytes), start_s: pack(start_s), end_s: pack(end_s) });

function readFlowLine(line: string): Answered<FlowPattern> {
  const { id, network, from, to, bytes, start_s, end_s } = JSON.parse(line) as FlowLine;
  const count = from.length;
  return { id, network, flows: { from, to, bytes: unpack(bytes, count), start_s: unpack(start_s, count) }, end_s: unpack(end_s, count) };
}

interface ExchangeLine {
  id: string;
  network: Network;
  ranks: number;
  placement: number[];
  start_s: Column;
  phases: { name: string; repeat: number; from: number[]; to: number[]; bytes: Column }[];
  end_s: Column;
}

export function exchangeLine({ id, network, placement, start_s, exchange: { ranks, phases } }: ExchangePattern, end_s: readonly number[]): string {
  const columns = phases.map(({ name, repeat, from, to, bytes }) => ({ name, repeat, from: [...from], to: [...to], bytes: pack([...bytes]) }));
  return JSON.stringify({ id, network, ranks, placement, start_s: pack(start_s), phases: columns, end_s: pack(end_s) });
}

function readExchangeLine(line: string): Answered<ExchangePattern> {
  const { id, network, ranks, placement, start_s, phases, end_s } = JSON.parse(line) as ExchangeLine;
  const columns = phases.map(({ name, repeat, from, to, bytes }) => ({ name, repeat, from: Int32Array.from(from), to: Int32Array.from(to), bytes: Float64Array.from(unpack(bytes, from.length)) }));
  return { id, network, placement, start_s: unpack(start_s, ranks), exchange: { ranks, phases: columns }, end_s: unpack(end_s, ranks) };
}

function readGolden<Pattern>(text: string, readLine: (line: string) => Answered<Pattern>): Golden<Pattern> {
  const [head = "{}", ...lines] = text.trimEnd().split("\n");
  return { head: JSON.parse(head) as GoldenHead, patterns: lines.map(readLine) };
}

export const readFlowGolden = (text: string): Golden<FlowPattern> => readGolden(text, readFlowLine);
export const readExchangeGolden = (text: string): Golden<ExchangePattern> => readGolden(text, readExchangeLine);
export const writeGolden = (head: GoldenHead, lines: readonly string[]): string => [JSON.stringify(head), ...lines, ""].join("\n");
