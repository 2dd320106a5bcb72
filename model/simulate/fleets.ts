/**
 * Fleets of devices for the draws of a step: each device keeps a speed of its own for a fleet, a share of them is slow by chance, whole nodes are slow, some are of
 * another kind; and with jitter its work of one step takes longer or shorter again, by a factor drawn anew for every device and step: log-normal with mean 1, so that
 * jitter alone changes the work of no device on average, only the slowest of many. Speeds, slow devices and jitter have streams of random numbers of their own: the
 * same fleets with and without each.
 */
import { drawNormal, drawSlowdowns, seededRandom, type Random } from "../variability/draw.ts";
import { balanceOf, type DeviceSpread } from "../variability/spread.ts";

export interface FleetTask {
  readonly devices: number;
  readonly seed: number;
  /** As the machine document says; its jitter stands aside for `jitter`. */
  readonly spread: DeviceSpread;
  /** Relative standard deviation of the work of a device from step to step. */
  readonly jitter: number;
  /** The first node's devices take so many times as long. */
  readonly slowNode: number;
}

/** Times of the work of each device over those at mean speed: by speed alone, with jitter, and with the slow node as well. */
export interface Fleet {
  readonly speeds: Float64Array;
  readonly jittered: Float64Array;
  readonly all: Float64Array;
  /** Without jitter, with the slow node. */
  readonly slowed: Float64Array;
}

/** Draws one fleet after another. */
export function drawFleets({ devices, seed, spread, jitter, slowNode }: FleetTask): () => Fleet {
  const random = seededRandom(seed ^ 0x5eed);
  const slowRandom = seededRandom(seed ^ 0x510e);
  const jitterRandom = seededRandom(seed ^ 0x71773e);
  return () => {
    const speeds = drawSpeeds(spread, devices, random, slowRandom);
    const jittered = jitter > 0 ? speeds.map((one) => one * drawJitter(jitter, jitterRandom)) : speeds;
    const slow = (times: Float64Array) => (slowNode === 1 ? times : times.map((one, rank) => (rank < spread.devicesPerNode ? one * slowNode : one)));
    const slowed = slow(speeds);
    return { speeds, jittered, slowed, all: jittered === speeds ? slowed : slow(jittered) };
  };
}

/** Persistent part: spread, slow devices, slow nodes from the first node on, the other kind at the end. */
function drawSpeeds(spread: DeviceSpread, devices: number, random: Random, slowRandom: Random): Float64Array {
  const { slowShare, slowdown, slowNodes, slowNodeShare, nodeSlowdown, devicesPerNode, otherShare, otherTime, balanced } = spread;
  const speeds = drawSlowdowns(devices, spread.sigma, spread.tail, random);
  const others = Math.round(otherShare * devices);
  const balance = balanceOf(spread);
  let slowHere = false;
  for (let rank = 0; rank < devices; rank++) {
    let longer = balance;
    if (slowNodeShare > 0 && rank % devicesPerNode === 0) slowHere = slowRandom() < slowNodeShare;
    if (slowHere) longer *= nodeSlowdown;
    if (slowShare > 0 && slowRandom() < slowShare) longer *= slowdown;
    if (rank < slowNodes * devicesPerNode) longer *= nodeSlowdown;
    if (!balanced && rank >= devices - others) longer *= otherTime;
    speeds[rank] = (speeds[rank] as number) * longer;
  }
  return speeds;
}

/** Log-normal with mean 1. */
export function drawJitter(jitter: number, random: Random): number {
  const sigma = Math.sqrt(Math.log1p(jitter * jitter));
  return Math.exp(sigma * drawNormal(random) - (sigma * sigma) / 2);
}
