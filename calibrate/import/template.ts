/**
 * What nobody measured, as on a machine like it: facts of a machine document with the same device, each with its own source, kept as assumed. A fact that is exact
 * there is not exact here: it gets an interval of a factor of two to either side.
 */
import type { Fact } from "../../model/schema/fact.ts";
import type { Machine } from "../../model/schema/machine.ts";
import { write, type Facts, type Interval, type Noted, type WrittenFact } from "../facts.ts";

/** Of the machines with this device: one of its kind rather than one site's, then one with as many devices in a node, then by name. */
export function findTemplate(machines: readonly Machine[], device: string, devices: number | undefined): Machine | undefined {
  const merit = (machine: Machine): number => (machine.site.startsWith("of this kind") ? 4 : 0) + (machine.nodes.kind === "assumed" ? 2 : 0) + (machine.node.devices.value === devices ? 1 : 0);
  return machines.filter((machine) => machine.node.device === device).toSorted((a, b) => merit(b) - merit(a) || (a.id < b.id ? -1 : 1))[0];
}

export class Borrowed {
  private readonly facts: Facts;
  private readonly template: Machine;

  constructor(facts: Facts, template: Machine) {
    this.facts = facts;
    this.template = template;
  }

  /** The measured figure where there is one, else the fact of the template. */
  or(path: string, found: Noted | undefined, fact: Fact, most = Number.POSITIVE_INFINITY): WrittenFact {
    if (found && found.value > 0 && Number.isFinite(found.value)) return this.facts.measured(fact.dimension, bound(found, most), found.note);
    return this.assume(path, fact, most);
  }

  assume(path: string, fact: Fact, most = Number.POSITIVE_INFINITY): WrittenFact {
    const { value, low = value / 2, high = value * 2, dimension, source, note } = fact;
    this.facts.assumed.push({ path, reason: `not measured: as on ${this.template.id}` });
    const ends = bound({ value, low, high }, most);
    return { value: write(value, dimension), source, kind: "assumed", low: write(ends.low, dimension), high: write(ends.high, dimension), note: `as on ${this.template.id}${note === undefined ? "" : `: ${note}`}` };
  }
}

const bound = ({ value, low, high }: Interval, most: number): Interval => ({ value: Math.min(value, most), low: Math.min(low, most), high: Math.min(high, most) });
