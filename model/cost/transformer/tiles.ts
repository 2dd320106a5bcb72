/**
 * Wave and tile quantisation of a matrix product: what a kernel library's best tile computes over what is asked (NVIDIA, Matrix Multiplication Background; Osama et al.
 * 2023, arXiv:2301.03598, on splitting K). Five tiles with the efficiency that smaller ones lose, K split in up to eight parts of at least 256 at 4 % each. Groups of equal
 * products fill waves together. The search is remembered by shape in a small table of open addresses: a plan search asks for the same shapes again and again.
 */

/** Rows, columns and relative time of the inner loop. */
const tileRows = [256, 128, 128, 128, 64] as const;
const tileColumns = [128, 256, 128, 64, 64] as const;
const tileTimes = [1, 1, 1.07, 1.2, 1.5] as const;
const splitTime = 0.04;
const leastSplit = 256;

const slots = 1 << 13;
const keys = new Int32Array(4 * slots);
const values = new Float64Array(slots);
const largest = 2 ** 31;

/** At least 1: time over that of a product which fills all multiprocessors all the time. */
export function quantisation(M: number, N: number, K: number, groups: number, multiprocessors: number): number {
  const m = Math.ceil(M);
  const n = Math.ceil(N);
  const k = Math.ceil(K);
  if (m >= largest || n >= largest || k >= largest) return 1;
  const last = groups * 2048 + multiprocessors;
  let hash = Math.imul(m, 0x9e3779b1) ^ Math.imul(n, 0x85ebca6b) ^ Math.imul(k, 0xc2b2ae35) ^ Math.imul(last, 0x27d4eb2f);
  hash ^= hash >>> 15;
  const slot = hash & (slots - 1);
  const key = slot << 2;
  if (keys[key] === m && keys[key + 1] === n && keys[key + 2] === k && keys[key + 3] === last) return values[slot] as number;
  const value = searchTiles(m, n, k, groups, multiprocessors);
  keys[key] = m;
  keys[key + 1] = n;
  keys[key + 2] = k;
  keys[key + 3] = last;
  values[slot] = value;
  return value;
}

/** Without the table. */
export function searchTiles(m: number, n: number, k: number, groups: number, multiprocessors: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tile = 0; tile < tileRows.length; tile++) {
    const rows = tileRows[tile] as number;
    const columns = tileColumns[tile] as number;
    const tiles = Math.ceil(m / rows) * Math.ceil(n / columns) * groups;
    let cost = 1;
    for (let split = 1; split <= 8; split *= 2, cost += splitTime) {
      if (split > 1 && k < split * leastSplit) break;
      const waves = Math.ceil((tiles * split) / multiprocessors) / split;
      const time = waves * multiprocessors * rows * columns * (tileTimes[tile] as number) * cost;
      if (time < best) best = time;
    }
  }
  return best / (m * n * groups);
}
