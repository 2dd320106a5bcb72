/**
 * What interruptions and checkpoints cost a long run, in closed form. Interruptions come at a constant rate while the job runs or loads (not while it is down), each followed by a down time
 * and a load; work since the last durable checkpoint is done again. A checkpoint holds the job for `blocked_s`; one that is written behind the job is durable `behind_s` later. The
 * mean time from one durable checkpoint to the next is exp(rate (load + behind)) (1 / rate + down) (exp(rate (interval + blocked)) - 1): Daly (2006), eq. 13, with a down time in
 * which nothing fails and a delay until a checkpoint counts (docs/equations.md). Ratios are of a run long against an interval. Left out: bursts of interruptions.
 */
export interface Recovery {
  /** Interruptions of the whole job per second of running. */
  readonly rate_per_s: number;
  /** Mean time from an interruption until processes run again: detection, restart, people, waiting for a node. */
  readonly down_s: number;
  /** Reading the checkpoint back. */
  readonly load_s: number;
}

export interface Saving {
  /** Useful work between checkpoints. */
  readonly interval_s: number;
  /** Time that a checkpoint holds the job. */
  readonly blocked_s: number;
  /** From then until it can be loaded: written behind the job. 0 where the job waits for the write. */
  readonly behind_s: number;
}

export const lossCauses = ["checkpoint", "recomputed", "down", "load"] as const;
export type LossCause = (typeof lossCauses)[number];

export interface Goodput {
  /** Useful work over wall time: effective training time ratio. */
  readonly effective: number;
  /** Wall time in which processes run, whether or not what they do is kept: job uptime. */
  readonly uptime: number;
  readonly interruptionsPer_s: number;
  /** Shares of wall time; with `effective` they add up to 1. */
  readonly lost: Readonly<Record<LossCause, number>>;
}

/** The hold of a checkpoint where the one before is still being written: the job waits for it. */
export const heldFor = ({ interval_s, blocked_s, behind_s }: Saving): number => Math.max(blocked_s, behind_s - interval_s);

export function goodput({ rate_per_s, down_s, load_s }: Recovery, saving: Saving): Goodput {
  const { interval_s, behind_s } = saving;
  const held_s = heldFor(saving);
  const period_s = interval_s + held_s;
  // Below this the exponentials are 1 to the last digit and 1 / rate overflows.
  const rate = Math.max(rate_per_s, 1e-300);
  const interruptions = Math.exp(rate * (load_s + behind_s)) * Math.expm1(rate * period_s);
  if (!Number.isFinite(interruptions)) return { effective: 0, uptime: 1 / (1 + rate * down_s), interruptionsPer_s: 1 / (1 / rate + down_s), lost: { checkpoint: 0, recomputed: 1 - rate * down_s / (1 + rate * down_s), down: (rate * down_s) / (1 + rate * down_s), load: 0 } };
  const wall_s = rate * period_s < 1e-12 ? period_s : interruptions * (1 / rate + down_s);
  const down = (interruptions * down_s) / wall_s;
  const load = (interruptions * -Math.expm1(-rate * load_s)) / rate / wall_s;
  const effective = interval_s / wall_s;
  const checkpoint = held_s / wall_s;
  return { effective, uptime: 1 - down, interruptionsPer_s: interruptions / wall_s, lost: { checkpoint, recomputed: interruptions > 0 && rate_per_s > 0 ? Math.max(0, 1 - effective - checkpoint - down - load) : 0, down, load } };
}

/** The intervals around the best one whose useful share is at most `tolerance` less; by bisection, because the share rises to the best and falls from there. */
export function flatRegion(recovery: Recovery, saving: Saving, tolerance: number): { readonly low_s: number; readonly high_s: number } {
  const best_s = saving.interval_s;
  const shareAt = (interval_s: number): number => goodput(recovery, { ...saving, interval_s }).effective;
  const wanted = shareAt(best_s) - tolerance;
  const edge = (factor: number): number => {
    let inside = best_s;
    let outside = best_s * factor;
    for (let step = 0; step < 60 && shareAt(outside) >= wanted; step++) [inside, outside] = [outside, outside * factor];
    for (let step = 0; step < 60; step++) {
      const middle = Math.sqrt(inside * outside);
      if (shareAt(middle) >= wanted) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return { low_s: edge(0.5), high_s: edge(2) };
}
