/** Cholesky's factorisation in one flat array, in place: for matrices of some hundred rows, thousands of times. fit/matrix.ts is for small ones. */

/**
 * Overwrites the lower triangle of a symmetric positive definite matrix by its factor. What stands before the first entry of a row stays zero and is passed over. Four columns
 * of a row at once: a single sum waits for each addition before it begins the next.
 */
export function factorise(matrix: Float64Array, size: number): void {
  const firsts = Int32Array.from({ length: size }, (_, i) => firstEntry(matrix, i * size, i));
  for (let i = 0; i < size; i += 1) {
    const row = i * size;
    const first = firsts[i]!;
    let j = first;
    for (; j + 3 < i; j += 4) reduceFour(matrix, size, row, j, Math.max(first, Math.min(firsts[j]!, firsts[j + 1]!, firsts[j + 2]!, firsts[j + 3]!)));
    for (; j < i; j += 1) matrix[row + j] = (matrix[row + j]! - dot(matrix, row, j * size, Math.max(first, firsts[j]!), j)) / matrix[j * size + j]!;
    const left = matrix[row + i]! - dot(matrix, row, row, first, i);
    if (!(left > 0)) throw new RangeError(`matrix is not positive definite at row ${i}: ${left}`);
    matrix[row + i] = Math.sqrt(left);
  }
}

function firstEntry(matrix: Float64Array, row: number, diagonal: number): number {
  let at = 0;
  while (at < diagonal && matrix[row + at] === 0) at += 1;
  return at;
}

/** Columns j to j + 3 of a row: what they share first, then the corner in which each needs the one before it. */
function reduceFour(matrix: Float64Array, size: number, row: number, j: number, from: number): void {
  const first = j * size;
  const second = first + size;
  const third = second + size;
  const fourth = third + size;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let k = from; k < j; k += 1) {
    const value = matrix[row + k]!;
    a += value * matrix[first + k]!;
    b += value * matrix[second + k]!;
    c += value * matrix[third + k]!;
    d += value * matrix[fourth + k]!;
  }
  const at = row + j;
  matrix[at] = (matrix[at]! - a) / matrix[first + j]!;
  matrix[at + 1] = (matrix[at + 1]! - b - dot(matrix, row, second, j, j + 1)) / matrix[second + j + 1]!;
  matrix[at + 2] = (matrix[at + 2]! - c - dot(matrix, row, third, j, j + 2)) / matrix[third + j + 2]!;
  matrix[at + 3] = (matrix[at + 3]! - d - dot(matrix, row, fourth, j, j + 3)) / matrix[fourth + j + 3]!;
}

function dot(matrix: Float64Array, one: number, other: number, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k += 1) sum += matrix[one + k]! * matrix[other + k]!;
  return sum;
}

/** Solves in place with a factor. */
export function substitute(factor: Float64Array, size: number, right: Float64Array): void {
  substituteForward(factor, size, right);
  for (let i = size - 1; i >= 0; i -= 1) {
    const value = right[i]! / factor[i * size + i]!;
    right[i] = value;
    for (let k = 0; k < i; k += 1) right[k]! -= factor[i * size + k]! * value;
  }
}

/** Only the first half: the square of its norm is the variance of the row `right` where the factor is of an inverse covariance. */
export function substituteForward(factor: Float64Array, size: number, right: Float64Array): void {
  for (let i = 0; i < size; i += 1) {
    let sum = right[i]!;
    for (let k = 0; k < i; k += 1) sum -= factor[i * size + k]! * right[k]!;
    right[i] = sum / factor[i * size + i]!;
  }
}
