/**
 * Draws with a seed, so that a simulation can be repeated. Uniform numbers by mulberry32 (32 bits of state), normal deviates by Box and Muller (1958).
 * Speeds of devices: 1 - sigma d, where d is a normal deviate whose slow half is stretched by the tail factor, so that the slowest of many lies where
 * slowest.ts expects it.
 */
export type Random = () => number;

/** Uniform in [0, 1). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Time of each device's work over that of a device of mean speed; a device is at most twenty times as slow. */
export function drawSlowdowns(count: number, sigma: number, tail: number, random: Random): Float64Array {
  const slowdowns = new Float64Array(count).fill(1);
  if (sigma <= 0) return slowdowns;
  for (let index = 0; index < count; index++) {
    const deviate = drawNormal(random);
    slowdowns[index] = 1 / Math.max(0.05, 1 - sigma * deviate * (deviate > 0 ? tail : 1));
  }
  return slowdowns;
}

/** The numbers 0 .. count - 1 in a drawn order (Fisher and Yates). */
export function drawOrder(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let left = count - 1; left > 0; left--) {
    const other = Math.floor(random() * (left + 1));
    const kept = order[left] as number;
    order[left] = order[other] as number;
    order[other] = kept;
  }
  return order;
}
