/**
 * How often a job on a machine is interrupted and how long it then stands: facts of the machine, and for what it does not state those of a failure law that is named. A job of n nodes is
 * interrupted n times as often as one of its nodes interrupts: measured at one site from 8 to 1,024 GPUs (docs/failure-law.md). Nodes of another size than those of the law are taken
 * to fail in proportion to their devices.
 */
import type { Fact, FactKind } from "../schema/fact.ts";
import type { FailureLawCalibration } from "../schema/calibration.ts";
import type { Machine } from "../schema/machine.ts";
import type { CheckpointPlan } from "../schema/reliability.ts";

export const recoveryKeys = ["nodeInterval", "keptFactor", "detection", "restart", "manualShare", "manualTime", "drainShare", "repair", "spread"] as const;
export type RecoveryKey = (typeof recoveryKeys)[number];

/** In words: what a machine document may leave to a law. */
const recoveryWords: Readonly<Record<RecoveryKey, string>> = {
  nodeInterval: "how often a node interrupts", keptFactor: "how much more often where failed nodes stay", detection: "how soon a failure is noticed", restart: "how long a restart takes", manualShare: "how often people are needed",
  manualTime: "how long they are waited for", drainShare: "how often a node is taken out", repair: "how long a repair takes", spread: "how down times spread",
};

export interface KnownFact {
  readonly key: RecoveryKey;
  readonly value: number;
  readonly low95: number;
  readonly high95: number;
  readonly text: string;
  readonly kind: FactKind;
  readonly source: string;
  /** "machine", or the id of the law. */
  readonly from: string;
  readonly note?: string;
}
export type KnownRecovery = Readonly<Record<RecoveryKey, KnownFact>>;

export interface FoundRecovery {
  /** Null where nothing is known of interruptions, or they were left out. */
  readonly known: KnownRecovery | null;
  readonly law: { readonly id: string; readonly title: string; readonly sites: number } | null;
  /** What a reader must know of where this comes from. */
  readonly notes: readonly string[];
}

/** `wanted`: a law by name, "none", or undefined for what the machine says. */
export function findRecovery(machine: Machine, laws: readonly FailureLawCalibration[], wanted: string | undefined): FoundRecovery {
  if (wanted === "none") return { known: null, law: null, notes: ["Interruptions were left out, as asked: this is a run in which nothing fails."] };
  const stated = machine.reliability;
  const law = laws.find(({ id }) => id === (wanted ?? stated?.law)) ?? (wanted === undefined && stated?.law === undefined ? laws[0] : undefined);
  const missing = recoveryKeys.filter((key) => stated?.[key] === undefined);
  if (missing.length > 0 && law === undefined) return { known: null, law: null, notes: [`Interruptions of ${machine.title} are not known (machine.reliability.${missing[0]}) and no failure law is at hand: this is a run in which nothing fails.`] };
  const entries = recoveryKeys.map((key) => [key, knownFact(key, stated?.[key], law, machine.node.devices.value)] as const);
  const known = Object.fromEntries(entries) as unknown as KnownRecovery;
  return { known, law: missing.length > 0 && law ? { id: law.id, title: law.title, sites: law.sites.length } : null, notes: missing.length > 0 && law ? [describeLaw(machine, law, missing, known)] : [] };
}

function knownFact(key: RecoveryKey, stated: Fact | undefined, law: FailureLawCalibration | undefined, devices: number): KnownFact {
  const fact = stated ?? (law as FailureLawCalibration)[key];
  const scale = stated === undefined && key === "nodeInterval" ? (law as FailureLawCalibration).devicesPerNode / devices : 1;
  const { value, text, kind, source, note } = fact;
  return { key, value: value * scale, low95: (fact.low ?? value) * scale, high95: (fact.high ?? value) * scale, text, kind, source, from: stated === undefined ? (law as FailureLawCalibration).id : "machine", ...(note === undefined ? {} : { note }) };
}

function describeLaw(machine: Machine, law: FailureLawCalibration, missing: readonly RecoveryKey[], { nodeInterval }: KnownRecovery): string {
  const factor = Math.sqrt(nodeInterval.high95 / nodeInterval.low95).toPrecision(2);
  if (!missing.includes("nodeInterval")) return `${machine.title} does not state ${missing.map((key) => recoveryWords[key]).join(", ")}: ${law.title} (${law.id}) stands in.`;
  const other = machine.node.devices.value === law.devicesPerNode ? "" : ` Its nodes have ${machine.node.devices.value} devices, those of the law ${law.devicesPerNode}: taken to fail in proportion.`;
  return `How often jobs on ${machine.title} are interrupted is not known: ${law.title} (${law.id}, ${law.sites.length} sites) stands in, with a factor of ${factor} either way.${other}`;
}

/** Interruptions of a job per second of running. */
export function interruptionRate({ nodeInterval, keptFactor }: Pick<Readonly<Record<RecoveryKey, number>>, "nodeInterval" | "keptFactor">, nodes: number, suspectNodes: CheckpointPlan["suspectNodes"]): number {
  return (nodes / nodeInterval) * (suspectNodes === "kept" ? keptFactor : 1);
}
