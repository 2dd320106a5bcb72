/** Cholesky's factorisation in one flat array, in place: for matrices of some hundred rows, thousands of times. fit/matrix.ts is for small ones. */

/** Overwrites the lower triangle of a symmetric positive definite matrix by its factor. */
export function factorise(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) {
    const row = i * size;
    for (let j = 0; j <= i; j += 1) {
      const other = j * size;
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k += 1) sum -= matrix[row + k]! * matrix[other + k]!;
      if (i !== j) matrix[row + j] = sum / matrix[other + j]!;
      else if (sum > 0) matrix[row + i] = Math.sqrt(sum);
      else throw new RangeError(`matrix is not positive definite at row ${i}: ${sum}`);
    }
  }
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
