/** Sentences that a reader of a prediction must see: what was borrowed, what was not used, what the plan asked for and did not get. */
import type { InputRecord } from "../prediction.ts";
import { showQuantity } from "../units.ts";
import type { Prepared } from "./prepare.ts";

export function collectNotes(prepared: Prepared, records: readonly InputRecord[]): string[] {
  const { scenario, kernels, resources } = prepared;
  const { plan, machine, device, stack } = scenario;
  const notes: string[] = [];
  if (kernels.borrowed) notes.push(`${device.title} has no kernel table of its own: constants of ${kernels.calibration.scope.device} stand in, with ${showQuantity(kernels.standardError, "fraction", 2)} standard error.`);
  if (plan.staging.mode !== "none" && !machine.node.localStorage) notes.push(`Staging "${plan.staging.mode}" was not used: nodes of ${machine.title} have no local storage in this document, so samples are read from ${machine.fileSystem.name}.`);
  if (plan.staging.mode !== "none" && machine.node.localStorage?.capacity && plan.staging.samplesPerNode * prepared.sample_bytes > machine.node.localStorage.capacity.value) {
    notes.push(`The staged share of ${showQuantity(plan.staging.samplesPerNode * prepared.sample_bytes, "data")} does not fit the node's local storage of ${showQuantity(machine.node.localStorage.capacity.value, "data")}.`);
  }
  if (stack.collective.algorithm !== "hierarchical") notes.push(`Leaders per node were not used: the ${stack.collective.algorithm} all-reduce has none.`);
  if (stack.controlPlane.kind !== "tree") notes.push(`The control-plane radix was not used: the control plane is ${stack.controlPlane.kind}.`);
  if (resources.network.leaderShare < 1 && stack.collective.algorithm === "hierarchical") notes.push(`${stack.collective.leaders} leader${stack.collective.leaders > 1 ? "s" : ""} reach ${showQuantity(resources.network.leaderShare, "fraction", 2)} of the node's injection.`);
  const unused = records.filter(({ used, path }) => !used && !path.startsWith("stack.traffic.") && !path.startsWith("device.peaks."));
  if (unused.length > 0) notes.push(`Move no output here: ${unused.map(({ label }) => label).join(", ")}.`);
  return notes;
}
