/**
 * Wave and tile quantisation of a matrix product: what a kernel library's best tile computes over what is asked (NVIDIA, Matrix Multiplication Background; Osama et al.
 * 2023, arXiv:2301.03598, on splitting K). Five tiles with the time that smaller ones lose, K split in up to eight parts of at least 256 at 4 % each. Groups of equal
 * products fill waves together.
 */

/** Rows, columns and relative time of the inner loop. */
const tileRows = [256, 128, 128, 128, 64] as const;
const tileColumns = [128, 256, 128, 64, 64] as const;
const tileTimes = [1, 1, 1.07, 1.2, 1.5] as const;
const splitTime = 0.04;
const leastSplit = 256;

/** At least 1: time over that of a product which fills all multiprocessors all the time. */
export function quantisation(m: number, n: number, k: number, groups: number, multiprocessors: number): number {
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
