/** A check: what was published beside what is predicted for it, in one unit, with where both come from. Rooms of the model add theirs as one file each (index.ts). */
import type { Library } from "../../model/scenario.ts";
import type { PublishedFact } from "../../model/schema/published-facts.ts";

export interface Check {
  readonly id: string;
  readonly what: string;
  /** Id in sources.json. */
  readonly source: string;
  readonly measured: number;
  /** The source states the value as a bound: an error counts only on its far side. */
  readonly bound?: "at-least" | "at-most";
  readonly unit: string;
  readonly predicted: number;
  readonly low95?: number;
  readonly high95?: number;
  /** predicted / measured - 1. */
  readonly error: number;
  /** out: nothing of this figure or its site informed the prediction; in: it did; arithmetic: both sides rest on the same stated numbers. */
  readonly sample: "in" | "out" | "arithmetic";
  readonly note: string;
}

export interface CheckInput {
  readonly library: Library;
  /** All figures of scenarios/facts by id. */
  readonly facts: Readonly<Record<string, PublishedFact>>;
}

export interface CheckRoom {
  readonly title: string;
  /** A few sentences: which law or model is checked, and what the rows have informed. */
  readonly about: string;
  readonly collect: (input: CheckInput) => readonly Check[];
}

/** The figure of that id, or an error that names it: a check without its figure is a fault of the program. */
export function figure(facts: CheckInput["facts"], id: string): PublishedFact {
  const found = facts[id];
  if (found === undefined) throw new Error(`no figure "${id}" in scenarios/facts`);
  return found;
}

/** A check against a figure of scenarios/facts; `prediction` is in the figure's unit, or the unit given with the factor that leads there. */
export function against(facts: CheckInput["facts"], id: string, prediction: { value: number; low95?: number; high95?: number }, sample: Check["sample"], note: string, options: { what?: string; unit?: string; scale?: number } = {}): Check {
  const { subject, quantity, value, unit, source, bound } = figure(facts, id);
  const measured = value * (options.scale ?? 1);
  return {
    id,
    what: options.what ?? `${subject}: ${quantity}`,
    source,
    measured,
    ...(bound === undefined ? {} : { bound }),
    unit: options.unit ?? unit,
    predicted: prediction.value,
    ...(prediction.low95 === undefined ? {} : { low95: prediction.low95 }),
    ...(prediction.high95 === undefined ? {} : { high95: prediction.high95 }),
    error: prediction.value / measured - 1,
    sample,
    note,
  };
}
