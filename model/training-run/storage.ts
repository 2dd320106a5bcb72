/** The rates that a checkpoint meets on a machine, from the one place that says where each comes from. A write rate that nobody stated is taken as the read rate, and told. */
import { z95 } from "../normal.ts";
import type { StorageRates } from "../reliability/checkpoint.ts";
import { wrongValue, type Problem } from "../problems.ts";
import type { Machine } from "../schema/machine.ts";
import { showQuantity } from "../units.ts";
import type { CheckpointPlan } from "../schema/reliability.ts";

export interface FoundRates {
  readonly rates: StorageRates;
  readonly name: string;
  readonly capacity_bytes: number | null;
  /** Standard deviation of the logarithm of the write rate. */
  readonly deviation: number;
  readonly notes: readonly string[];
}

/** Nobody measured it: within a factor of three, in 95 of 100 cases. */
const guessedDeviation = Math.log(3) / z95;

export function findRates(machine: Machine, target: CheckpointPlan["target"]): FoundRates | { readonly problem: Problem } {
  const { hostLink, devices } = machine.node;
  const hostLink_bytes_per_s = Math.min(hostLink.bandwidth.value, (hostLink.node?.value ?? Number.POSITIVE_INFINITY) / devices.value);
  if (target === "node") {
    const local = machine.node.localStorage;
    if (local === undefined) return { problem: wrongValue("plan.checkpoint.target", "node", `"file-system": nodes of ${machine.title} have no storage of their own in this document`) };
    const rates = { write_bytes_per_s: Number.POSITIVE_INFINITY, nodeWrite_bytes_per_s: local.write.value, read_bytes_per_s: Number.POSITIVE_INFINITY, nodeRead_bytes_per_s: local.read.value, hostLink_bytes_per_s };
    return { rates, name: `${local.kind === "nvme" ? "NVMe" : "memory"} of the node`, capacity_bytes: local.capacity?.value ?? null, deviation: deviationOf(local.write), notes: [] };
  }
  const system = target === "burst-buffer" ? machine.burstBuffer : machine.fileSystem;
  if (system === undefined) return { problem: wrongValue("plan.checkpoint.target", target, `"file-system": ${machine.title} has no burst buffer in this document`) };
  const path = target === "burst-buffer" ? "machine.burstBuffer" : "machine.fileSystem";
  const notes = system.write === undefined ? [`How fast the ${target === "burst-buffer" ? "burst buffer" : "file system"} of ${machine.title} is written is not known (${path}.write): its read rate of ${showQuantity(system.read.value, "bandwidth")} stands in, with a factor of 3 either way. Checkpoints may take that much longer.`] : [];
  const write = system.write ?? system.read;
  const rates = { write_bytes_per_s: write.value, nodeWrite_bytes_per_s: (system.nodeWrite ?? system.nodeRead).value, read_bytes_per_s: system.read.value, nodeRead_bytes_per_s: system.nodeRead.value, hostLink_bytes_per_s };
  return { rates, name: `the ${target === "burst-buffer" ? "burst buffer" : "file system"} (${system.name})`, capacity_bytes: system.capacity?.value ?? null, deviation: system.write === undefined ? Math.hypot(guessedDeviation, deviationOf(write)) : deviationOf(write), notes };
}

const deviationOf = ({ low, high }: { low?: number; high?: number }): number => (low !== undefined && high !== undefined && low > 0 ? Math.log(high / low) / (2 * z95) : 0);
