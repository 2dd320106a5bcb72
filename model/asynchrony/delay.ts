/**
 * What delay costs in samples to the target. A gradient that is applied after others have been applied, at weights that are d updates older, is as good as a fresh one
 * where noise bounds progress and wasted where curvature does: updates needed are E_min / B + (1 + d) S_min at most (Arjevani, Shamir, Srebro 2020; Stich, Karimireddy
 * 2020; for SGD with delay and with a compressor of quality share: 1 / share in place of 1 + d), E_min / B + S_min at least. So every scheme lies between synchronous
 * training at two batches: E(B_best) and E(B_worst), E(B) = E_min (1 + B / B_critical) (model/convergence). Of n ranks with b samples each:
 *   lag k: n b and (1 + k) n b;  period of H steps: n b and H n b;  g groups through servers: n b / g and n b;  compression: n b and n b / share.
 * Both ends are bounds for step sizes that are tuned for the delay; the value is their geometric middle, which nobody measured, and credits no gain over n b. Left out:
 * accuracy at the end of training.
 */
import { z90 } from "../normal.ts";
import { groupsAt, type Asynchrony } from "./scheme.ts";

export interface DelayBounds {
  /** Batches whose synchronous training bounds the samples to target, over the global batch. */
  readonly best: number;
  readonly worst: number;
  readonly words: string;
}

export function delayBounds(asynchrony: Asynchrony, devices: number): DelayBounds | null {
  const { scheme, period, overlap, lag, compression, exchange } = asynchrony;
  const { groups, size } = groupsAt(asynchrony, devices);
  if (scheme === "independent") return null;
  let [best, worst] = [1, 1];
  const words: string[] = [];
  if (lag > 0) {
    worst *= 1 + lag;
    words.push(`gradients are ${lag} step${lag > 1 ? "s" : ""} old: between synchronous training at the same batch and at one ${1 + lag} times as large`);
  }
  if (exchange === "server" && groups > 1) {
    best /= groups;
    worst *= period * (overlap ? 2 : 1);
    words.push(`${groups} groups of ${size} update the same weights in turn: between synchronous training at one group's batch and at ${worst > 1 ? `${period * (overlap ? 2 : 1)} times ` : ""}that of all`);
  }
  if (exchange === "average" && period * (overlap ? 2 : 1) > 1) {
    worst *= period * (overlap ? 2 : 1);
    words.push(`weights are averaged every ${period} steps: between synchronous training at the same batch and at one ${period * (overlap ? 2 : 1)} times as large`);
  }
  if (compression.method !== "none" && compression.share < 1) {
    worst /= compression.share;
    words.push(`${Number((compression.share * 100).toPrecision(3))} % of the gradient is sent, the rest is kept for later: between full gradients and a batch ${Number((1 / compression.share).toPrecision(3))} times as large`);
  }
  return best === 1 && worst === 1 ? null : { best, worst, words: words.join("; ") };
}

export interface Staleness {
  /** Updates by others between taking weights and applying a gradient: mean, and the value that one in twenty exceeds. */
  readonly mean: number;
  readonly p95: number;
}

/**
 * Of groups that exchange through servers, each as often as the others: while one computes, every other applies one update (mean g - 1, times the updates of a period
 * that runs beside the next one). Its number is nearly normal: each of the others contributes 0, 1 or 2, with a variance of at most 1/6 (phases that drift freely).
 */
export function stalenessOf(asynchrony: Asynchrony, devices: number): Staleness | null {
  const { groups } = groupsAt(asynchrony, devices);
  if (asynchrony.exchange !== "server") return asynchrony.lag > 0 ? { mean: asynchrony.lag, p95: asynchrony.lag } : null;
  const mean = (groups - 1) * (asynchrony.overlap ? 2 : 1) + asynchrony.lag;
  return { mean, p95: mean + z90 * Math.sqrt((groups - 1) / 6) };
}

/**
 * Samples to target over those of synchronous training at the same global batch. Where updates are smaller than that batch theory allows a gain: the low end has it, the
 * value does not.
 */
export function delayOverGlobal({ best, worst }: DelayBounds, batch: number, criticalBatch: number): { value: number; low95: number; high95: number } {
  const amount = (factor: number): number => (1 + (factor * batch) / criticalBatch) / (1 + batch / criticalBatch);
  return { value: Math.sqrt(amount(Math.max(1, best)) * amount(worst)), low95: amount(best), high95: amount(worst) };
}

/** The same over synchronous training at the batch of one update; `criticalBatch` null where no document tells it: then the limits of the law bound it. */
export function delayOverUpdate({ best, worst }: DelayBounds, batch: number, criticalBatch: number | null): { value: number; low95: number; high95: number } {
  const most = criticalBatch === null ? worst / best : (criticalBatch + worst * batch) / (criticalBatch + best * batch);
  return { value: Math.sqrt(most), low95: 1, high95: most };
}
