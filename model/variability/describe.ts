/** In words and numbers: who is slower in a job, and what the others wait for. */
import { chanceOfSlow, type DeviceSpread } from "./spread.ts";

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** Each part that is there, besides the spread of equal devices. */
export function describeUnequal(spread: DeviceSpread, devices: number): string[] {
  const { slowShare, slowdown, slowNodes, slowNodeShare, nodeSlowdown, devicesPerNode, otherShare, otherTime, balanced, jitter } = spread;
  return [
    ...(jitter > 0 ? [`work differs by ${percent(jitter)} from step to step`] : []),
    ...(slowShare > 0 ? [`${percent(slowShare)} of devices take ${slowdown} times as long, ${Number((slowShare * devices).toPrecision(3))} in this job on average, at least one with a chance of ${percent(chanceOfSlow(spread, devices))}`] : []),
    ...(slowNodes > 0 ? [`${Math.min(devices, slowNodes * devicesPerNode)} devices of slow nodes take ${nodeSlowdown} times as long`] : []),
    ...(slowNodeShare > 0 ? [`${percent(slowNodeShare)} of nodes take ${nodeSlowdown} times as long, at least one of this job's with a chance of ${percent(chanceOfSlow({ slowShare: slowNodeShare }, Math.ceil(devices / devicesPerNode)))}`] : []),
    ...(otherShare > 0 ? [`${percent(otherShare)} of devices are of another kind, which takes ${Number(otherTime.toPrecision(3))} times as long${balanced ? " and gets fewer samples for it" : " for the same samples"}`] : []),
  ];
}
