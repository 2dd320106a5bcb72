/**
 * Who waits for whom: time of a step over that of a device of mean speed. Synchronous: the slowest of all (variability/spread.ts). A lag of k steps and a period of
 * H steps average jitter over k + 1 and H steps before anybody waits; a device that is always slow is waited for all the same. Groups that do not wait for each other
 * give their mean rate, each at the pace of its own slowest. With a lag the longest way through many steps stays on one rank for j of them and then passes to another,
 * which is k steps ahead: (j + sqrt(j) s E) / (j + k) of a step, largest at j = (2 k / s E)^2, so that s E becomes (s E)^2 / 4 k (s: jitter, E: expected maximum).
 * Beside many simulated steps: test/model/simulate/asynchronous.test.ts.
 */
import { balanceOf, chanceOfSlow, meanOverBinomial, meanTime, slowestEqual, slowestOf, type DeviceSpread } from "../variability/spread.ts";
import { expectedMaximum } from "../variability/slowest.ts";
import { groupsAt, type Asynchrony } from "./scheme.ts";

export function waitAt(asynchrony: Asynchrony, spread: DeviceSpread, devices: number): number {
  const { groups, size } = groupsAt(asynchrony, devices);
  const steps = averagedSteps(asynchrony.lag, spread.jitter, size);
  if (groups === 1) return slowestOf(spread, size, steps);
  if (asynchrony.exchange === "average") return Math.max(slowestOf(spread, size, steps), slowestOf(spread, devices, asynchrony.period));
  return size === 1 ? meanTime(spread, devices) : meanGroupTime(spread, groups, size, steps);
}

/** Steps over which jitter is as good as averaged before anybody waits. */
function averagedSteps(lag: number, jitter: number, ranks: number): number {
  const reach = jitter * expectedMaximum(ranks);
  return lag === 0 || !(reach > 0) ? 1 : Math.max(lag + 1, ((4 * lag) / reach) ** 2);
}

/** Reciprocal of the mean rate of groups, each at the pace of its slowest device. */
function meanGroupTime(spread: DeviceSpread, groups: number, size: number, steps: number): number {
  const { slowShare, slowdown, slowNodes, slowNodeShare, nodeSlowdown, devicesPerNode, otherShare, otherTime, balanced } = spread;
  const equal = (count: number) => slowestEqual(spread, count, steps);
  const all = equal(size);
  const byChance = chanceOfSlow({ slowShare: slowNodeShare }, Math.ceil(size / devicesPerNode));
  const withNodes = Math.min(1, byChance + (slowNodes > 0 ? Math.ceil((slowNodes * devicesPerNode) / size) / groups : 0));
  const others = balanced ? 0 : Math.min(1 - withNodes, otherShare);
  const usual = slowShare > 0 ? meanOverBinomial(size, slowShare, (count) => 1 / (count === 0 ? all : Math.max(all, slowdown * equal(count)))) : 1 / all;
  const inNodes = 1 / Math.max(all, nodeSlowdown * equal(Math.min(size, Math.max(1, slowNodes) * devicesPerNode)));
  return balanceOf(spread) / ((1 - withNodes - others) * usual + withNodes * inNodes + (others / otherTime) * usual);
}
