/**
 * Ways kept in one table, row by row: found once, for every pair of a phase; phases with the same senders and receivers (a way there and back, repeated parts)
 * share rows. The table is then made smaller in place: of a way remain the links that can bind, and a number for its narrowest link and latency.
 */
import type { Exchange, Phase } from "../../network/exchange.ts";
import type { LinkTable } from "../../network/topology/graph.ts";
import type { FlowColumns } from "./flow-columns.ts";
import { otherKind } from "./link-figures.ts";
import type { Binding, Ways } from "./ways.ts";

/** Phases that differ in who sends to whom. */
export interface DistinctSends {
  readonly phases: readonly Phase[];
  /** Of each phase of the exchange, which of these. */
  readonly of: Int32Array;
  /** The first row of each. */
  readonly first: Int32Array;
  readonly rows: number;
}

export function distinctSends(exchange: Exchange): DistinctSends {
  const phases: Phase[] = [];
  const of = Int32Array.from(exchange.phases, (phase) => {
    const known = phases.findIndex((other) => isEqual(other.to, phase.to) && isEqual(other.from, phase.from));
    return known >= 0 ? known : phases.push(phase) - 1;
  });
  const first = new Int32Array(phases.length);
  let rows = 0;
  for (const [index, { from }] of phases.entries()) {
    first[index] = rows;
    rows += from.length;
  }
  return { phases, of, first, rows };
}

function isEqual(one: Int32Array, other: Int32Array): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

/** Links of row r: links[r x stride] on, to -1 or the next row. */
export interface Routes {
  readonly sends: DistinctSends;
  readonly stride: number;
  readonly links: Int32Array;
}

/** The place after the last link of the row that begins at `first`. */
export function endOf({ links, stride }: Routes, first: number): number {
  let end = first;
  while (end < first + stride && (links[end] as number) >= 0) end++;
  return end;
}

const most_bytes = 96 * 2 ** 20;

/** Room for all ways, or null where there are too many. */
export function keepRoutes(sends: DistinctSends, longest: number): Routes | null {
  const places = sends.rows * longest;
  return places * 4 <= most_bytes ? { sends, stride: longest, links: new Int32Array(places) } : null;
}

export class KeptWays implements Ways {
  readonly capacity_bytes_per_s: Float64Array;
  readonly longest: number;
  private readonly sends: DistinctSends;
  /** Rows of the number of a flow's figures, then its links, and -1 where the row is longer. */
  private readonly rows: Int32Array;
  private readonly stride: number;
  private readonly caps_bytes_per_s: number[] = [];
  private readonly latencies_s: number[] = [];

  /** Uses up the routes. */
  constructor(table: LinkTable, { sends, stride, links }: Routes, { numberOf, links: kept, figures }: Binding) {
    this.sends = sends;
    this.capacity_bytes_per_s = Float64Array.from(kept, (link) => table.capacity_bytes_per_s[link] as number);
    const numbers = new Map<number, Map<number, number>>();
    let [longest, lastCap, lastLatency_s, last] = [0, -1, -1, -1];
    // Links of a way that can bind go to the front of its row, the number of its figures behind the whole.
    const figureOf = new Int32Array(sends.rows);
    for (let row = 0; row < sends.rows; row++) {
      const first = row * stride;
      let [place, cap, latency_s] = [first, Number.POSITIVE_INFINITY, 0];
      const end = first + stride;
      for (let at = first; at < end && (links[at] as number) >= 0; at++) {
        const link = links[at] as number;
        const kind = figures.kind[link] as number;
        const capacity = (kind === otherKind ? table.capacity_bytes_per_s[link] : figures.capacity_bytes_per_s[kind]) as number;
        latency_s += (kind === otherKind ? table.latency_s[link] : figures.latency_s[kind]) as number;
        if (capacity < cap) cap = capacity;
        if ((numberOf[link] as number) >= 0) links[place++] = numberOf[link] as number;
      }
      if (place < end) links[place] = -1;
      longest = Math.max(longest, place - first);
      if (cap !== lastCap || latency_s !== lastLatency_s) [last, lastCap, lastLatency_s] = [this.numberOf(numbers, cap, latency_s), cap, latency_s];
      figureOf[row] = last;
    }
    this.longest = longest;
    this.stride = longest + 1;
    this.rows = compact(links, stride, figureOf, this.stride);
  }

  private numberOf(numbers: Map<number, Map<number, number>>, cap: number, latency_s: number): number {
    let ofCap = numbers.get(cap);
    if (ofCap === undefined) numbers.set(cap, (ofCap = new Map<number, number>()));
    let number = ofCap.get(latency_s);
    if (number === undefined) {
      ofCap.set(latency_s, (number = this.caps_bytes_per_s.push(cap) - 1));
      this.latencies_s.push(latency_s);
    }
    return number;
  }

  load(phase: number, flow: number, columns: FlowColumns, slot: number): void {
    const { rows, stride, sends } = this;
    const row = ((sends.first[sends.of[phase] as number] as number) + flow) * stride;
    const first = slot << columns.shift;
    let place = first;
    for (let at = row + 1; at < row + stride && (rows[at] as number) >= 0; at++) {
      columns.path[place++] = rows[at] as number;
    }
    columns.hops[slot] = place - first;
    columns.cap_bytes_per_s[slot] = this.caps_bytes_per_s[rows[row] as number] as number;
    columns.latency_s[slot] = this.latencies_s[rows[row] as number] as number;
  }
}

/** Rows with their figure in front. In place where they do not grow, which keeps the memory of a large run down. */
function compact(links: Int32Array, stride: number, figureOf: Int32Array, narrow: number): Int32Array {
  const count = figureOf.length;
  const rows = narrow <= stride ? links : new Int32Array(count * narrow);
  const own = new Int32Array(stride);
  for (let row = 0; row < count; row++) {
    for (let hop = 0; hop < stride; hop++) own[hop] = links[row * stride + hop] as number;
    rows[row * narrow] = figureOf[row] as number;
    for (let hop = 1; hop < narrow; hop++) rows[row * narrow + hop] = own[hop - 1] as number;
  }
  return rows;
}
