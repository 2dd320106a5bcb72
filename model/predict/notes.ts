/** Sentences that a reader of a prediction must see: what was borrowed, what was not used, what the plan asked for and did not get. */
import type { InputRecord, UnusedChoice } from "../prediction.ts";
import { showQuantity } from "../units.ts";
import { elementBytes } from "../schema/common.ts";
import { countMultiplierInputs } from "../workload/totals.ts";
import type { Prepared } from "./prepare.ts";

export function collectNotes(prepared: Prepared, records: readonly InputRecord[], choices: readonly UnusedChoice[]): string[] {
  const { scenario, kernels, resources } = prepared;
  const { plan, device, stack } = scenario;
  const notes: string[] = [];
  if (kernels.borrowed) notes.push(`${device.title} has no kernel table of its own: constants of ${kernels.calibration.scope.device} stand in, with ${showQuantity(kernels.standardError, "fraction", 2)} standard error.`);
  if (resources.collectives.network.leaderShare < 1 && stack.collective.algorithm === "hierarchical") notes.push(`${stack.collective.leaders} leader${stack.collective.leaders > 1 ? "s" : ""} reach ${showQuantity(resources.collectives.network.leaderShare, "fraction", 2)} of the node's injection.`);
  const kept_bytes = countMultiplierInputs(prepared.layers) * elementBytes[plan.precision] * plan.samplesPerDevice;
  if (kept_bytes > device.memory.capacity.value) {
    notes.push(`Does not fit: what convolutions must keep for the backward pass is ${showQuantity(kept_bytes, "data")}, the device has ${showQuantity(device.memory.capacity.value, "data")}. Times are as if it did.`);
  }
  if (stack.unchecked) notes.push(`${stack.title}: ${stack.unchecked}`);
  if (stack.collective.scheme === "none") notes.push(`${stack.title} sums no gradients: ranks drift apart, so this is the time of independent trainings, not of one network.`);
  if (plan.asynchrony && plan.asynchrony.groups !== undefined && plan.asynchrony.groups > scenario.machine.nodes.value * scenario.machine.node.devices.value) notes.push(`${plan.asynchrony.groups} groups are more than the machine has devices: every device is a group.`);
  for (const { label, reason } of choices) notes.push(`${label} was not used: ${reason}.`);
  const unused = records.filter(({ used, path }) => !used && !path.startsWith("stack.traffic.") && !path.startsWith("device.peaks."));
  if (unused.length > 0) notes.push(`A change of a tenth, or to the ends of its interval, moves no output here: ${unused.map(({ label }) => label).join(", ")}.`);
  return notes;
}
