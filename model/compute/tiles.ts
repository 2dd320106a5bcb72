/**
 * Time of `count` equal matrix products (m x n x k) cut into output tiles that fill the multiprocessors in waves.
 * The library's choice is taken as the best of a menu of tiles and of power-of-two splits of the inner dimension.
 * Form after the usual account of tile and wave quantisation (NVIDIA, Matrix Multiplication Background User's Guide).
 * Left out: which menu a library version really has, and its wrong choices, which are most of the scatter of single operations.
 */

/** Largest tiles first, so that a prefix of the menu is a menu without small tiles. */
const tileRows = [256, 128, 128, 64, 64, 128, 32, 64, 32];
const tileColumns = [128, 128, 64, 128, 64, 32, 128, 32, 32];
/** Operand elements read per multiply-add, over those of a 128 x 128 tile. */
const operandsOf = (rows: number, columns: number): number => (64 * (rows + columns)) / (rows * columns);
const leastOperands = Math.min(...tileRows.map((rows, index) => operandsOf(rows, tileColumns[index]!)));

export const allTiles = tileRows.length;
/** Batched products, as Winograd's algorithm makes them, come with few kernels: 256 x 128, 128 x 128 and 128 x 64. */
export const batchedTiles = 3;

const maxSplit = 128;
const minSplitDepth = 32;
/** Splits stop once this many tiles wait for each multiprocessor: more of them add traffic and no balance. */
const maxQueue = 8;
/** A partial result is an FP32 number written once and read once. */
const partialBytes = 8;

export interface TiledRate {
  /** Rate of the whole device times the ceiling of the pass. */
  readonly rate_flop_per_s: number;
  readonly memory_bytes_per_s: number;
  readonly multiprocessors: number;
  readonly kRamp: number;
  readonly tileTraffic: number;
  /** Side of the unit that works on whole blocks: smaller tiles take as long as one of its size. */
  readonly matrixUnit: number;
}

/**
 * Time in waves of `blocks` tiles per multiprocessor: 1 while they all run at once, `blocks` when there are many.
 * Smooth on purpose: whole waves did not explain the measured tables better, and steps hide how a plan changes the time.
 */
export function countWaves(blocks: number): number {
  const squared = blocks * blocks;
  return Math.sqrt(Math.sqrt(1 + squared * squared));
}

export function timeTiledProduct(m: number, n: number, k: number, count: number, rate: TiledRate, tiles: number): number {
  const multiprocessor_flop_per_s = rate.rate_flop_per_s / rate.multiprocessors;
  const largest = 1 + rate.tileTraffic * leastOperands;
  const split_s = (partialBytes * m * n * count) / rate.memory_bytes_per_s;
  let best_s = Infinity;
  for (let index = 0; index < tiles; index += 1) {
    const rows = Math.max(tileRows[index]!, rate.matrixUnit);
    const columns = Math.max(tileColumns[index]!, rate.matrixUnit);
    const blocks = (count * Math.ceil(m / rows) * Math.ceil(n / columns)) / rate.multiprocessors;
    const operands = Math.max(leastOperands, operandsOf(rows, columns));
    const step_s = (2 * rows * columns * (1 + rate.tileTraffic * operands)) / (largest * multiprocessor_flop_per_s);
    for (let split = 1; split <= maxSplit; split *= 2) {
      const depth = k / split;
      if (split > 1 && (depth < minSplitDepth || blocks * split > maxQueue)) break;
      const whole = rate.matrixUnit > 1 ? Math.ceil(depth / rate.matrixUnit) * rate.matrixUnit : depth;
      const time_s = countWaves(blocks * split) * step_s * (whole + rate.kRamp) + (split > 1 ? split * split_s : 0);
      if (time_s < best_s) best_s = time_s;
    }
  }
  return best_s;
}
