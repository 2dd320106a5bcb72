/**
 * How often to save. With interruptions at a constant rate the best interval between checkpoints depends on that rate and on the time a checkpoint holds the job, on nothing else:
 * restart and down time multiply every interval alike. Young (1974), first order; Daly (2006), doi:10.1016/j.future.2004.11.016, higher order (eq. 37); and the root of the exact
 * condition for exponential times, rate x interval = 1 - exp(-rate (interval + blocked)). Left out: rates that change in time, checkpoints of unequal length.
 */

/** First order: good while a checkpoint is much shorter than the time between interruptions. */
export const youngInterval = (rate_per_s: number, blocked_s: number): number => Math.sqrt((2 * blocked_s) / rate_per_s);

/** Daly's series, work between checkpoints; where a checkpoint takes more than twice the time between interruptions it says that time. */
export function dalyInterval(rate_per_s: number, blocked_s: number): number {
  const mean_s = 1 / rate_per_s;
  if (blocked_s >= 2 * mean_s) return mean_s;
  const part = blocked_s / (2 * mean_s);
  return Math.sqrt(2 * blocked_s * mean_s) * (1 + Math.sqrt(part) / 3 + part / 9) - blocked_s;
}

/** Work between checkpoints that loses least, exactly. Newton's steps from above on a convex function: each comes closer. Infinite without interruptions, 0 where saving costs nothing. */
export function bestInterval(rate_per_s: number, blocked_s: number): number {
  if (!(rate_per_s > 0)) return Number.POSITIVE_INFINITY;
  if (!(blocked_s > 0)) return 0;
  const blocked = rate_per_s * blocked_s;
  // The root lies below 1 and below Young's interval.
  let scaled = Math.min(1, Math.sqrt(2 * blocked));
  for (let step = 0; step < 100; step++) {
    const lost = -Math.expm1(-(scaled + blocked));
    const next = scaled - (scaled - lost) / lost;
    if (Math.abs(next - scaled) <= 1e-14 * scaled) return next / rate_per_s;
    scaled = next;
  }
  return scaled / rate_per_s;
}
