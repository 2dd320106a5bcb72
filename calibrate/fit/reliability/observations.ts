/**
 * How often one node of a job interrupts it, site by site, from published figures (scenarios/facts): interruptions over nodes and days, or a mean time between them times nodes. Only
 * counts of all unexpected interruptions of training jobs; counts of hardware failures alone are another thing (docs/failure-law.md) and are compared, not learned from.
 */
import type { PublishedFact } from "../../../model/schema/published-facts.ts";

export interface Observation {
  readonly site: string;
  readonly label: string;
  readonly nodes: number;
  /** Mean time between interruptions by one node of 8 GPUs. */
  readonly nodeInterval_d: number;
  /** Standard deviation of its logarithm: of the count, and of what the source leaves open. */
  readonly error: number;
  /** Nodes that had failed stayed in use. */
  readonly kept: boolean;
  readonly figures: readonly string[];
}

type Facts = Readonly<Record<string, PublishedFact>>;

export function valueOf(facts: Facts, id: string): number {
  const found = facts[id];
  if (found === undefined) throw new Error(`no figure "${id}" in scenarios/facts`);
  return found.value;
}

/** Half the log range of a figure over 1.96: what its source leaves open. */
function openOf(facts: Facts, id: string): number {
  const { low, high } = facts[id] as PublishedFact;
  return low !== undefined && high !== undefined && low > 0 ? Math.log(high / low) / (2 * 1.96) : 0;
}

function fromCount(facts: Facts, site: string, label: string, events: readonly string[], size: string, window: string, devicesPerUnit: number): Observation {
  const count = events.reduce((sum, id) => sum + valueOf(facts, id), 0);
  const nodes = (valueOf(facts, size) * devicesPerUnit) / 8;
  return { site, label, nodes, nodeInterval_d: (nodes * valueOf(facts, window)) / count, error: Math.hypot(1 / Math.sqrt(count), openOf(facts, window)), kept: false, figures: [...events, size, window] };
}

/** A mean without its count: taken as that of about a hundred. */
const unstatedError = 0.1;

export function listObservations(facts: Facts): Observation[] {
  const meanOf = (site: string, label: string, id: string, hours: number, nodes: number, kept: boolean, figures: readonly string[]): Observation => ({ site, label, nodes, nodeInterval_d: (valueOf(facts, id) * hours * nodes) / 24, error: unstatedError, kept, figures });
  return [
    fromCount(facts, "Llama 3", "Llama 3 405B, 16,384 H100, 54 days", ["llama3-405b-interruptions-unexpected"], "llama3-405b-gpus", "llama3-405b-window", 1),
    meanOf("RSC-1", "RSC-1, jobs of 8 A100", "rsc-mttf-8", 24, 1, true, ["rsc-mttf-8"]),
    meanOf("RSC-1", "RSC-1, jobs of 1,024 A100", "rsc-mttf-1024", 1, 128, true, ["rsc-mttf-1024"]),
    fromCount(facts, "MegaScale", "MegaScale, over 10,000 GPUs, several weeks", ["megascale-restarts"], "megascale-gpus", "megascale-window", 1),
    fromCount(facts, "OPT-175B", "OPT-175B, 992 A100, two months", ["opt175b-manual-restarts", "opt175b-automatic-restarts"], "opt175b-hosts", "opt175b-window", 8),
    meanOf("FT-HSDP", "Meta, 100,000 GPUs", "fthsdp-interval-100k", 1 / 60, valueOf(facts, "fthsdp-gpus") / 8, false, ["fthsdp-interval-100k", "fthsdp-gpus"]),
    fromCount(facts, "B200", "504 B200, 55 days", ["b200-downtimes"], "b200-gpus", "b200-window", 1),
  ];
}

/** How many times as often jobs are interrupted while nodes that failed before stay in use: shares of jobs above 512 GPUs that failed before and after such nodes were taken out. */
export function keptFactorOf(facts: Facts): number {
  const hazard = (id: string): number => -Math.log1p(-valueOf(facts, id) / 100);
  return hazard("rsc-lemon-before") / hazard("rsc-lemon-after");
}
