/** Which device counts a curve is computed at: those of the run or powers up to the machine, always one device, and those that must be there. */
import type { Run } from "../../../model/schema/run.ts";

export function chooseDevices(run: Pick<Run, "scales" | "points"> | null, devicesPerNode: number, total: number, include: readonly number[]): number[] {
  const own = run ? [...run.scales, ...run.points.map((point) => point.devices)] : powers(devicesPerNode, total);
  // Counts of the run that a changed machine no longer has are left out; counts asked for are kept, so that the model can refuse them by name.
  const counts = [1, ...own.filter((devices) => devices <= total), ...include];
  return [...new Set(counts)].toSorted((a, b) => a - b);
}

export function powers(devicesPerNode: number, total: number): number[] {
  const counts: number[] = [];
  for (let devices = devicesPerNode; devices < total / 1.5; devices *= 4) counts.push(devices);
  return [...counts, total];
}
