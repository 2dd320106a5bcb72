/** Who sends and who receives what in the steps of a phase, by rank. Made when the first rank enters the phase, dropped when the last has left it. */
import type { Exchange, Phase } from "../../network/exchange.ts";
import { groupBy } from "./groups.ts";

export interface StepTable {
  readonly outStart: Int32Array;
  readonly outgoing: Int32Array;
  readonly inStart: Int32Array;
  readonly incoming: Int32Array;
  /** How many times each flow of the phase has ended. */
  readonly done: Int32Array;
  /** A rank that takes part: its entering a step is the beat by which repetition is looked for. -1: too few steps for that. */
  readonly reference: number;
}

const fewestSteps = 6;

export class StepTables {
  private readonly tables: (StepTable | null)[];
  private readonly remaining: Int32Array;
  private readonly exchange: Exchange;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.tables = exchange.phases.map(() => null);
    this.remaining = new Int32Array(exchange.phases.length).fill(exchange.ranks);
  }

  get(phase: number): StepTable {
    return (this.tables[phase] ??= makeTable(this.exchange.phases[phase] as Phase, this.exchange.ranks));
  }

  /** A rank has left the phase. */
  leave(phase: number): void {
    const left = (this.remaining[phase] = (this.remaining[phase] as number) - 1);
    if (left === 0) this.tables[phase] = null;
  }
}

function makeTable({ from, to, repeat }: Phase, ranks: number): StepTable {
  const { start: outStart, items: outgoing } = groupBy(from, ranks);
  const { start: inStart, items: incoming } = groupBy(to, ranks);
  return { outStart, outgoing, inStart, incoming, done: new Int32Array(from.length), reference: repeat >= fewestSteps && from.length > 0 ? (from[0] as number) : -1 };
}

/** Slots that each rank needs for the sends of its largest step: rank r has those from r to r + 1. */
export function slotBases({ ranks, phases }: Exchange): Int32Array {
  const most = new Int32Array(ranks);
  const sends = new Int32Array(ranks);
  for (const { from } of new Set(phases)) {
    for (let flow = 0; flow < from.length; flow++) {
      const rank = from[flow] as number;
      const count = (sends[rank] = (sends[rank] as number) + 1);
      if (count > (most[rank] as number)) most[rank] = count;
    }
    for (let flow = 0; flow < from.length; flow++) sends[from[flow] as number] = 0;
  }
  const base = new Int32Array(ranks + 1);
  for (let rank = 0; rank < ranks; rank++) base[rank + 1] = (base[rank] as number) + (most[rank] as number);
  return base;
}
