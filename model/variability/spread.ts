/**
 * How unequal the devices of one job are, and how much longer its work takes for whoever waits. Parts: the spread of equal devices (slowest.ts), work that differs
 * from step to step, a share of slow devices, whole slow nodes, and devices of another kind in the same job.
 * Expected slowest of n: M(m) is the slowest of m equal devices, speed and jitter at the point of their joint law that n devices reach on average (design point of a
 * first-order reliability analysis; Blom 1958 gives the quantile). Of n devices K are slow, K binomial: E = sum P(K) max(M(n), s M(K)). Left out: slow devices that come
 * together in one node, and a device that is slow and of another kind at once.
 */
import { expectedMaximum } from "./slowest.ts";

export interface DeviceSpread {
  /** Relative standard deviation of speed between equal devices, and how much further out the slowest lies than a normal law says. */
  readonly sigma: number;
  readonly tail: number;
  /** Relative standard deviation of one device's work from step to step. */
  readonly jitter: number;
  /** Share of devices that take `slowdown` times as long. */
  readonly slowShare: number;
  readonly slowdown: number;
  /** Whole nodes of the job whose devices take `nodeSlowdown` times as long. */
  readonly slowNodes: number;
  /** Share of nodes whose devices do, as chance gives them to the job. */
  readonly slowNodeShare: number;
  readonly nodeSlowdown: number;
  readonly devicesPerNode: number;
  /** Share of devices of another kind, and their time over that of the first for the same work; `balanced`: each gets work by its speed. */
  readonly otherShare: number;
  readonly otherTime: number;
  readonly balanced: boolean;
}

export const equalDevices: DeviceSpread = { sigma: 0, tail: 1, jitter: 0, slowShare: 0, slowdown: 1, slowNodes: 0, slowNodeShare: 0, nodeSlowdown: 1, devicesPerNode: 1, otherShare: 0, otherTime: 1, balanced: false };

/** Slowest of `count` equal devices over the mean, by speed and by jitter; `steps` of jitter are averaged before anybody waits. */
export function slowestEqual({ sigma, tail, jitter }: Pick<DeviceSpread, "sigma" | "tail" | "jitter">, count: number, steps = 1): number {
  const reach = expectedMaximum(count);
  const speed = sigma * tail;
  const variance = Math.log1p((jitter * jitter) / steps);
  const both = Math.hypot(speed, Math.sqrt(variance));
  if (!(both > 0) || reach <= 0) return 1;
  const below = (speed * speed * reach) / both;
  return below < 1 ? Math.exp((variance * reach) / both - (variance * Math.min(1, reach)) / 2) / (1 - below) : Number.POSITIVE_INFINITY;
}

/** Work of the mean device, where each gets samples by its speed: what one sample more or less of the other kind does. */
export const balanceOf = ({ otherShare, otherTime, balanced }: DeviceSpread): number => (balanced && otherShare > 0 ? 1 / (1 - otherShare + otherShare / otherTime) : 1);

/** Expected time of the slowest of `devices` over that of a device of mean speed; `equal` is the slowest of a number of equal ones. */
export function slowestOf(spread: DeviceSpread, devices: number, steps = 1, equal = (count: number): number => slowestEqual(spread, count, steps)): number {
  const { slowShare, slowdown, slowNodes, slowNodeShare, nodeSlowdown, devicesPerNode, otherShare, otherTime, balanced } = spread;
  const all = equal(devices);
  const inNodes = Math.min(devices, slowNodes * devicesPerNode);
  const others = Math.round(otherShare * devices);
  let fixed = others < devices ? all : 0;
  if (inNodes > 0) fixed = Math.max(fixed, nodeSlowdown * equal(inNodes));
  if (others > 0 && !balanced) fixed = Math.max(fixed, otherTime * equal(others));
  if (balanced) fixed = Math.max(fixed, all);
  const expected = slowShare > 0 && slowdown > 1 ? meanOverBinomial(devices, slowShare, (count) => (count === 0 ? fixed : Math.max(fixed, slowdown * equal(count)))) : fixed;
  const nodes = Math.ceil(devices / devicesPerNode);
  const withNodes = slowNodeShare > 0 && nodeSlowdown > 1 ? meanOverBinomial(nodes, slowNodeShare, (count) => (count === 0 ? expected : Math.max(expected, nodeSlowdown * equal(Math.min(devices, count * devicesPerNode))))) : expected;
  return withNodes * balanceOf(spread);
}

/** Time of a device over that of one of mean speed where nobody waits: devices give their mean rate. */
export function meanTime({ slowShare, slowdown, slowNodes, slowNodeShare, nodeSlowdown, devicesPerNode, otherShare, otherTime }: DeviceSpread, devices: number): number {
  const inNodes = Math.min(1, slowNodeShare + (slowNodes * devicesPerNode) / devices);
  return 1 / ((1 - slowShare + slowShare / slowdown) * (1 - inNodes + inNodes / nodeSlowdown) * (1 - otherShare + otherShare / otherTime));
}

/** Chance that a job of that many devices has at least one slow device. */
export const chanceOfSlow = ({ slowShare }: Pick<DeviceSpread, "slowShare">, devices: number): number => (slowShare >= 1 ? 1 : -Math.expm1(devices * Math.log1p(-slowShare)));

const mostTerms = 64;

/** Mean of a function of a binomial number; numbers of equal chance to the eye are taken together. */
export function meanOverBinomial(count: number, share: number, of: (successes: number) => number): number {
  if (share >= 1) return of(count);
  const mean = count * share;
  const reach = 8 * Math.sqrt(mean * (1 - share)) + 8;
  const first = Math.max(0, Math.floor(mean - reach));
  const last = Math.min(count, Math.ceil(mean + reach));
  const stride = Math.max(1, Math.ceil((last - first) / mostTerms));
  const logChance = (successes: number) => logBinomial(count, successes) + successes * Math.log(share) + (count - successes) * Math.log1p(-share);
  let [sum, weights] = [0, 0];
  for (let successes = first; successes <= last; successes += stride) {
    const weight = Math.exp(logChance(successes));
    sum += weight * of(successes);
    weights += weight;
  }
  return sum / weights;
}

function logBinomial(count: number, chosen: number): number {
  return logFactorial(count) - logFactorial(chosen) - logFactorial(count - chosen);
}

/** Stirling's series; exact to 1e-10 from 10 on. */
function logFactorial(value: number): number {
  if (value < 10) {
    let sum = 0;
    for (let factor = 2; factor <= value; factor++) sum += Math.log(factor);
    return sum;
  }
  const one = 1 / value;
  return value * Math.log(value) - value + 0.5 * Math.log(2 * Math.PI * value) + one / 12 - one ** 3 / 360 + one ** 5 / 1260;
}
