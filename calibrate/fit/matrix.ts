/**
 * Solves and inverts small symmetric positive definite matrices by Cholesky's factorisation.
 * A pivot that is not positive throws: the caller's matrix is then singular, which a proper prior excludes.
 */

function factorise(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const lower = matrix.map(() => matrix.map(() => 0));
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k += 1) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i !== j) lower[i]![j] = sum / lower[j]![j]!;
      else if (sum > 0) lower[i]![i] = Math.sqrt(sum);
      else throw new RangeError(`matrix is not positive definite at row ${i}: ${sum}`);
    }
  }
  return lower;
}

function substitute(lower: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = lower.length;
  const solution = [...right];
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) solution[i]! -= lower[i]![k]! * solution[k]!;
    solution[i]! /= lower[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) solution[i]! -= lower[k]![i]! * solution[k]!;
    solution[i]! /= lower[i]![i]!;
  }
  return solution;
}

export function solveSymmetric(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  return substitute(factorise(matrix), right);
}

export function invertSymmetric(matrix: readonly (readonly number[])[]): number[][] {
  const lower = factorise(matrix);
  return matrix.map((_, i) => substitute(lower, matrix.map((_row, j) => (i === j ? 1 : 0))));
}
