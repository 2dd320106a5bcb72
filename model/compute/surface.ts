/**
 * Time of one kind of operation at any size, from measured ones: a Gaussian process on log(time / bound) over the logarithms of the sizes (Rasmussen and
 * Williams 2006, section 2.2), with a Matern covariance of order 5/2, one length scale per size and a constant mean. The bound has a constant added, as small
 * work costs what a call costs. Between measurements it interpolates smoothly; away from them it goes back to the mean, and its standard error grows to the
 * spread of all sizes. Left out: jumps where a library changes its kernel, which appear as noise.
 */
import type { SurfaceDocument } from "../schema/calibration.ts";

export interface PreparedSurface {
  readonly size: number;
  readonly lengthScales: readonly number[];
  readonly callBound_s: number;
  readonly mean: number;
  readonly signal: number;
  /** Scaled log features, row after row. */
  readonly places: Float64Array;
  /** Covariance^-1 (y - mean). */
  readonly weights: Float64Array;
  /** Lower Cholesky factor of the covariance, row after row. */
  readonly factor: Float64Array;
}

export interface SurfaceAnswer {
  readonly time_s: number;
  /** Of the logarithm, without the noise of one measurement and without what is common to all operations. */
  readonly standardError: number;
}

/** Matern of order 5/2 at a scaled distance. */
export function matern(distance: number): number {
  const a = Math.sqrt(5) * distance;
  return (1 + a + (a * a) / 3) * Math.exp(-a);
}

export function prepareSurface({ features, lengthScales, callBound_s = 0, mean, signal, noise, points }: Omit<SurfaceDocument, "operation" | "pass" | "residuals">): PreparedSurface {
  const size = points.length;
  const width = features.length;
  const places = new Float64Array(size * width);
  const rest = new Float64Array(size);
  points.forEach((row, at) => {
    for (let feature = 0; feature < width; feature++) places[at * width + feature] = Math.log(row[feature] as number) / (lengthScales[feature] as number);
    rest[at] = Math.log((row[width + 1] as number) / ((row[width] as number) + callBound_s)) - mean;
  });
  const factor = factorise(covariance(places, size, width, signal, noise), size);
  return { size, lengthScales, callBound_s, mean, signal, places, factor, weights: solveUpper(factor, solveLower(factor, rest, size), size) };
}

/** `features`: raw sizes, all above zero, in the order of the surface; `bound_s`: the operation's simple bound. */
export function readSurface(surface: PreparedSurface, features: readonly number[], bound_s: number): SurfaceAnswer {
  const { size, signal, factor } = surface;
  const near = nearness(surface, features);
  let explained = 0;
  for (const part of solveLower(factor, near, size)) explained += part * part;
  return { time_s: timeAt(surface, near, bound_s), standardError: Math.sqrt(Math.max(0, signal * signal - explained)) };
}

/** The time alone: its cost grows with the points, not with their square. */
export const readSurfaceTime = (surface: PreparedSurface, features: readonly number[], bound_s: number): number => timeAt(surface, nearness(surface, features), bound_s);

function timeAt({ callBound_s, mean, weights }: PreparedSurface, near: Float64Array, bound_s: number): number {
  let log = mean;
  for (let at = 0; at < near.length; at++) log += (near[at] as number) * (weights[at] as number);
  return (bound_s + callBound_s) * Math.exp(log);
}

/** Covariance with each of the points. */
function nearness({ size, lengthScales, signal, places }: PreparedSurface, features: readonly number[]): Float64Array {
  const width = lengthScales.length;
  const place = lengthScales.map((scale, feature) => Math.log(features[feature] as number) / scale);
  const near = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    let square = 0;
    for (let feature = 0; feature < width; feature++) square += ((place[feature] as number) - (places[at * width + feature] as number)) ** 2;
    near[at] = signal * signal * matern(Math.sqrt(square));
  }
  return near;
}

export function covariance(places: Float64Array, size: number, width: number, signal: number, noise: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let square = 0;
      for (let feature = 0; feature < width; feature++) square += ((places[row * width + feature] as number) - (places[column * width + feature] as number)) ** 2;
      matrix[row * size + column] = signal * signal * matern(Math.sqrt(square)) + (row === column ? noise * noise + 1e-10 : 0);
    }
  }
  return matrix;
}

/** Lower Cholesky factor of a symmetric positive matrix given by its lower half. */
export function factorise(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] as number;
      for (let inner = 0; inner < column; inner++) sum -= (lower[row * size + inner] as number) * (lower[column * size + inner] as number);
      lower[row * size + column] = row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (lower[column * size + column] as number);
    }
  }
  return lower;
}

export function solveLower(lower: Float64Array, right: Float64Array, size: number): Float64Array {
  const solved = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = right[row] as number;
    for (let column = 0; column < row; column++) sum -= (lower[row * size + column] as number) * (solved[column] as number);
    solved[row] = sum / (lower[row * size + row] as number);
  }
  return solved;
}

function solveUpper(lower: Float64Array, right: Float64Array, size: number): Float64Array {
  const solved = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let sum = right[row] as number;
    for (let below = row + 1; below < size; below++) sum -= (lower[below * size + row] as number) * (solved[below] as number);
    solved[row] = sum / (lower[row * size + row] as number);
  }
  return solved;
}
