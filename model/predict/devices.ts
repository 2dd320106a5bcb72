/** Which device counts to predict: those asked for, those of the run, or powers of two of whole nodes up to the machine. */
import { InputError, tooManyDevices, wrongValue, type Problem } from "../problems.ts";
import type { Scenario } from "../scenario.ts";

export function chooseDevices(scenario: Scenario, wanted: readonly number[] | undefined): number[] {
  const { node, nodes, title } = scenario.machine;
  const available = node.devices.value * nodes.value;
  if (wanted === undefined) {
    const counts = (scenario.run?.scales ?? defaultScales(node.devices.value, available)).filter((count) => count <= available);
    return counts.length > 0 ? counts : [available];
  }
  const problems: Problem[] = [];
  if (wanted.length === 0) problems.push(wrongValue("devices", wanted, "at least one number of devices"));
  if (wanted.length > 1000) problems.push(wrongValue("devices", `${wanted.length} numbers`, "at most 1000 numbers of devices"));
  for (const count of wanted.slice(0, 1000)) {
    problems.push(...wholeCount(count));
    if (Number.isInteger(count) && count > available) problems.push(tooManyDevices("devices", count, available, title));
  }
  if (problems.length > 0) throw new InputError(problems);
  return [...new Set(wanted)].toSorted((a, b) => a - b);
}

/** The problem of a number that counts no devices, whatever the machine. */
export function wholeCount(count: number): Problem[] {
  return Number.isInteger(count) && count >= 1 ? [] : [wrongValue("devices", count, "a whole number of devices, 1 or more")];
}

function defaultScales(perNode: number, available: number): number[] {
  const counts = perNode > 1 ? [1, perNode] : [1];
  for (let count = perNode * 4; count < available; count *= 4) counts.push(count);
  counts.push(available);
  return [...new Set(counts)];
}
