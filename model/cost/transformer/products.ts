/**
 * Time of matrix products: peak, ceiling, quantisation and ramps of the inner and of the smaller outer extent (which take longer, in elements, the faster the format),
 * joined with the memory time of the operands by the 4-norm. Remembered by shape in a small table of open addresses while rates stay the same: a plan search asks for
 * the same shapes again and again, and then a product costs one look.
 */
import type { Rates } from "./rates.ts";
import { quantisation } from "./tiles.ts";

const slots = 1 << 13;
const shapes = new Float64Array(4 * slots);
const times_s = new Float64Array(slots);
const epochs = new Int32Array(slots);
let epoch = 1;

/** What the times of the table were computed with. */
const last = new Float64Array(9);

/** To be called before the products of a step. */
export function beginProducts(rates: Rates): void {
  if (
    last[0] === rates.wideProducts_s_per_flop && last[1] === rates.narrowProducts_s_per_flop && last[2] === rates.innerRamp && last[3] === rates.outerRamp && last[4] === rates.memory_s_per_byte &&
    last[5] === rates.multiprocessors && last[6] === rates.narrower && last[7] === rates.wideBytes && last[8] === rates.narrowBytes
  ) return;
  last[0] = rates.wideProducts_s_per_flop;
  last[1] = rates.narrowProducts_s_per_flop;
  last[2] = rates.innerRamp;
  last[3] = rates.outerRamp;
  last[4] = rates.memory_s_per_byte;
  last[5] = rates.multiprocessors;
  last[6] = rates.narrower;
  last[7] = rates.wideBytes;
  last[8] = rates.narrowBytes;
  epoch = (epoch + 1) | 0;
}

/** One launch of `groups` equal products. `format` 1 is the recipe's narrow one. */
export function timeProduct(M: number, N: number, K: number, groups: number, format: number, rates: Rates): number {
  let hash = Math.imul(M, 0x9e3779b1) ^ Math.imul(N, 0x85ebca6b) ^ Math.imul(K, 0xc2b2ae35) ^ Math.imul(groups * 2 + format, 0x27d4eb2f);
  hash ^= hash >>> 15;
  const slot = hash & (slots - 1);
  const shape = slot << 2;
  if (epochs[slot] === epoch && shapes[shape] === M && shapes[shape + 1] === N && shapes[shape + 2] === K && shapes[shape + 3] === groups * 2 + format) return times_s[slot] as number;
  const time = computeProduct(M, N, K, groups, format === 1, rates);
  epochs[slot] = epoch;
  shapes[shape] = M;
  shapes[shape + 1] = N;
  shapes[shape + 2] = K;
  shapes[shape + 3] = groups * 2 + format;
  times_s[slot] = time;
  return time;
}

/** Without the table. */
export function computeProduct(M: number, N: number, K: number, groups: number, narrow: boolean, rates: Rates): number {
  const faster = narrow ? rates.narrower : 1;
  const ramps = (1 + (rates.innerRamp * faster) / K) * (1 + (rates.outerRamp * faster) / Math.min(M, N));
  const compute = 2 * M * N * K * groups * (narrow ? rates.narrowProducts_s_per_flop : rates.wideProducts_s_per_flop) * ramps * quantisation(Math.ceil(M), Math.ceil(N), K, groups, rates.multiprocessors);
  const bytes = groups * ((narrow ? rates.narrowBytes : rates.wideBytes) * K * (M + N) + rates.wideBytes * M * N);
  return longer4(compute, bytes * rates.memory_s_per_byte);
}

/** (x^4 + y^4)^(1/4). */
export function longer4(x: number, y: number): number {
  const x2 = x * x;
  const y2 = y * y;
  return Math.sqrt(Math.sqrt(x2 * x2 + y2 * y2));
}
