/**
 * Input that varies, a buffer, and a step that takes a batch: how long a step takes on average. A device's pipeline prepares batches one after another, each in a time
 * of mean s and relative standard deviation c, and keeps at most K of them (ready or in preparation); a step of time d takes one, and a synchronous job goes on when the
 * last of n devices has its own. With full buffers j batches in a row hold the job up if they take longer than K + j - 1 steps. The slowest of n K draws (each window
 * of a device may be the one) of such a run takes j s q_j, q_j the log-normal quantile at spread c / sqrt(j), so the cycle is E max(d, j s q_j / (K + j - 1)) by Clark
 * (1961), The Greatest of a Finite Set of Random Variables, the largest over j. For one device the buffer between two stations as a reflected Brownian motion is a second bound
 * (Harrison 1985, Brownian Motion and Stochastic Flow Systems): throughput 1/d - theta / (e^x - 1), theta = 1/s - 1/d, x = 2 theta K s / c^2. With K -> infinity or c = 0 it is
 * max(s, d). Beside the sampled queue (model/simulate/input.ts): within 8 % for c <= 0.6, 1 to 512 devices (test/model/io/queue.test.ts).
 * Left out: reads that are slow together because the storage is; that is the share that other jobs leave.
 */
import { normalDensity, normalShare } from "../normal.ts";

export interface InputQueue {
  /** Mean time of one device's pipeline to prepare a batch, and its relative standard deviation. */
  readonly supply_s: number;
  readonly spread: number;
  /** Batches ready or in preparation; null: as many as it takes. */
  readonly depth: number | null;
}

/** `deviate(n)`: expected largest of n standard normal deviates. */
export function cycleTime({ supply_s, spread, depth }: InputQueue, demand_s: number, devices: number, deviate: (count: number) => number): number {
  let cycle_s = Math.max(supply_s, demand_s);
  if (depth === null || spread <= 0 || supply_s <= 0) return cycle_s;
  const slowest = devices > 1 ? deviate(devices * depth) : 0;
  const narrowing = devices > 1 ? 1 / Math.sqrt(1 + 0.55 * deviate(devices) ** 2) : 1;
  for (let batches = 1; batches <= longestRun; batches = batches < 8 ? batches + 1 : Math.floor(batches * 1.25)) {
    const sigma = Math.sqrt(Math.log1p((spread * spread) / batches));
    const longer = devices > 1 ? Math.exp(sigma * slowest - (sigma * sigma) / 2) : 1;
    const run_s = (supply_s * longer * batches) / (depth + batches - 1);
    cycle_s = Math.max(cycle_s, expectedLarger(demand_s, run_s, run_s * sigma * narrowing));
  }
  return devices > 1 ? cycle_s : Math.max(cycle_s, brownianCycle(supply_s, spread, demand_s, depth));
}

/** What a step waits beyond the slower of supply and demand. */
export const queueWait = (queue: InputQueue, demand_s: number, devices: number, deviate: (count: number) => number): number => cycleTime(queue, demand_s, devices, deviate) - Math.max(queue.supply_s, demand_s);

const longestRun = 2048;

/** E max(a, X) of a normal X. */
function expectedLarger(fixed: number, mean: number, deviation: number): number {
  if (!(deviation > 0)) return Math.max(fixed, mean);
  const apart = (mean - fixed) / deviation;
  return fixed * normalShare(-apart) + mean * normalShare(apart) + deviation * normalDensity(apart);
}

function brownianCycle(supply_s: number, spread: number, demand_s: number, depth: number): number {
  const variance = (spread * spread) / supply_s;
  const drift = 1 / supply_s - 1 / demand_s;
  const exponent = (2 * drift * depth) / variance;
  const idle = Math.abs(exponent) < 1e-9 ? variance / (2 * depth) : exponent > 700 ? 0 : drift / Math.expm1(exponent);
  return 1 / (1 / demand_s - idle);
}
