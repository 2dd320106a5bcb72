/**
 * The slowest of n devices that do equal work. Speeds differ by a relative standard deviation sigma; a synchronous step waits for the slowest.
 * Expected largest of n normal deviates by Blom (1958), Statistical Estimates and Transformed Beta-Variables, alpha = 3/8; multiplied by a measured
 * tail factor because real fleets have more slow devices than a normal law (scenarios/sources.json: cosmictagger-sunspot).
 * Left out: spread from step to step of one device, and nodes that a site takes out of service before a run.
 */
import { normalQuantile } from "../normal.ts";

/** Expected largest of n standard normal deviates; 0 for n = 1. */
export function expectedMaximum(count: number): number {
  return count <= 1 ? 0 : normalQuantile((count - 0.375) / (count + 0.25));
}

/** By how much (relative) the slowest of n devices takes longer than the mean: its rate is sigma x tail x expected maximum below. */
export function slowestLag(count: number, sigma: number, tail: number): number {
  const below = sigma * tail * expectedMaximum(count);
  return below < 1 ? 1 / (1 - below) - 1 : Number.POSITIVE_INFINITY;
}
