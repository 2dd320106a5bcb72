/**
 * Fleets of devices for the draws of a step: each device keeps a speed of its own for a fleet, and with jitter its work of one step takes longer or shorter
 * again, by a factor drawn anew for every device and step: log-normal with mean 1, so that jitter alone changes the work of no device on average, only the
 * slowest of many. Persistent speeds and jitter have streams of random numbers of their own: the same fleets with and without jitter.
 */
import { drawNormal, drawSlowdowns, seededRandom, type Random } from "../variability/draw.ts";

export interface FleetTask {
  readonly devices: number;
  readonly seed: number;
  readonly sigma: number;
  readonly tail: number;
  /** Relative standard deviation of the work of a device from step to step. */
  readonly jitter: number;
  /** The first node's devices take so many times as long. */
  readonly slowNode: number;
  readonly devicesPerNode: number;
}

/** Times of the work of each device over those at mean speed: by speed alone, with jitter, and with the slow node as well. */
export interface Fleet {
  readonly speeds: Float64Array;
  readonly jittered: Float64Array;
  readonly all: Float64Array;
}

/** Draws one fleet after another. */
export function drawFleets({ devices, seed, sigma, tail, jitter, slowNode, devicesPerNode }: FleetTask): () => Fleet {
  const random = seededRandom(seed ^ 0x5eed);
  const jitterRandom = seededRandom(seed ^ 0x71773e);
  return () => {
    const speeds = drawSlowdowns(devices, sigma, tail, random);
    const jittered = jitter > 0 ? speeds.map((one) => one * drawJitter(jitter, jitterRandom)) : speeds;
    return { speeds, jittered, all: slowNode === 1 ? jittered : jittered.map((one, rank) => (rank < devicesPerNode ? one * slowNode : one)) };
  };
}

function drawJitter(jitter: number, random: Random): number {
  const sigma = Math.sqrt(Math.log1p(jitter * jitter));
  return Math.exp(sigma * drawNormal(random) - (sigma * sigma) / 2);
}
