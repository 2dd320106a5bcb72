import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factorise, substitute } from "../../../../calibrate/fit/transformer/cholesky.ts";
import { lineariseRun, makeFitProblem, residualOf, type FitRun } from "../../../../calibrate/fit/transformer/problem.ts";
import { linearise, refit, seriesWeights, solve, usual } from "../../../../calibrate/fit/transformer/solve.ts";
import { describeErrors } from "../../../../calibrate/fit/transformer/statistics.ts";

const level = (key: string, sd: number) => ({ key, sd });
/** time = a + b size, of two stacks that share a device. */
function makeRun(series: string, stack: string, size: number, measured_s: number): FitRun {
  return {
    id: `${series} ${size}`,
    series,
    measured_s,
    discrepancy: 0.05,
    noise: 0.05,
    priors: [
      { name: "fixed", value: 1, levels: [level("fixed", 0.4), level(`fixed stack ${stack}`, 0.3)] },
      { name: "gemmCeiling", value: 2, levels: [level("gemmCeiling device x", 0.5)] },
      { name: "gradientBytes", value: 4, levels: [] },
    ],
    predict: (values) => values[0]! + (values[1]! * size * values[2]!) / 4,
  };
}
const truth = (stack: string, size: number): number => (stack === "old" ? 1.5 : 0.8) + 3 * size;
const runs = ["old", "new"].flatMap((stack) => [0.1, 0.5, 2, 5].map((size) => makeRun(`${stack} ${size > 1 ? "large" : "small"}`, stack, size, truth(stack, size))));
const problem = makeFitProblem(runs);
const everyone = (): boolean => true;
const start = new Float64Array(problem.effects.length);
const precise = makeFitProblem(runs.map((run) => ({ ...run, noise: 0.001 })));

describe("a solution", () => {
  const solution = solve(precise, seriesWeights(precise, everyone), start);

  it("finds the parameters that made the times", () => {
    for (const run of problem.runs) expect(Math.abs(residualOf(run, solution.effects))).toBeLessThan(2e-3);
    const ceiling = solution.effects[problem.effects.findIndex(({ key }) => key === "gemmCeiling device x")]!;
    expect(2 * Math.exp(ceiling)).toBeCloseTo(3, 1);
  });

  it("is the normal law's posterior where the time is a product: mean and variance of a conjugate pair", () => {
    const product: FitRun = { ...makeRun("one", "old", 1, 3), noise: 0.3, priors: [{ name: "fixed", value: 1, levels: [level("fixed", 0.5)] }], predict: (values) => values[0]! };
    const one = makeFitProblem([product]);
    const options = { ...usual, robust: 1e6 };
    const fitted = solve(one, seriesWeights(one, everyone), new Float64Array(1), options);
    const precision = 1 / 0.5 ** 2 + 1 / 0.3 ** 2;
    expect(fitted.effects[0]).toBeCloseTo(Math.log(3) / 0.3 ** 2 / precision, 4);
    expect(1 / fitted.factor[0]! ** 2).toBeCloseTo(1 / precision, 6);
  });

  it("hardly minds one gross error", () => {
    const spoilt = makeFitProblem([...runs, makeRun("wrong", "old", 3, 100)]);
    const fitted = solve(spoilt, seriesWeights(spoilt, everyone), new Float64Array(spoilt.effects.length));
    const clean = solve(problem, seriesWeights(problem, everyone), start);
    problem.runs.forEach((run) => expect(Math.abs(residualOf(run, fitted.effects) - residualOf(run, clean.effects))).toBeLessThan(0.03));
  });

  it("without a series is found by steps from that with it", () => {
    const left = seriesWeights(problem, (at) => runs[at]!.series !== "old large");
    const all = solve(problem, seriesWeights(problem, everyone), start);
    const again = solve(problem, left, start);
    const quick = refit(problem, left, linearise(problem, all.effects));
    problem.runs.forEach((run) => expect(residualOf(run, quick.effects)).toBeCloseTo(residualOf(run, again.effects), 2));
  });

  it("keeps the prior of what no run knows", () => {
    const left = seriesWeights(problem, (at) => !runs[at]!.series.startsWith("new"));
    const { effects, active } = solve(problem, left, start);
    const at = problem.effects.findIndex(({ key }) => key === "fixed stack new");
    expect(effects[at]).toBe(0);
    expect([...active]).not.toContain(at);
  });

  it("moves only what it may", () => {
    const at = problem.effects.findIndex(({ key }) => key === "fixed stack old");
    const { effects } = solve(problem, seriesWeights(problem, everyone), start, { ...usual, only: new Set([at]) });
    expect([...effects].flatMap((value, index) => (value === 0 ? [] : [index]))).toEqual([at]);
  });
});

describe("derivatives", () => {
  it("agree with central differences", () => {
    const size = problem.effects.length;
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size }), fc.nat(runs.length - 1), (values, at) => {
        const effects = Float64Array.from(values);
        const run = problem.runs[at]!;
        const slopes = new Float64Array(run.effects.length);
        lineariseRun(run, effects, slopes);
        run.effects.forEach((effect, i) => {
          const moved = (by: number): number => residualOf(run, effects.map((value, index) => value + (index === effect ? by : 0)));
          expect(slopes[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 3);
        });
      }),
    );
  });
});

describe("factorise and substitute", () => {
  it("solve any symmetric positive definite system", () => {
    fc.assert(
      // Rows that know a few neighbours only, as those of one source do, leave zeros before their first entry.
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 156, maxLength: 156 }), fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 12, maxLength: 12 }), (size, numbers, firsts) => {
        const matrix = new Float64Array(size * size);
        const entry = (i: number, k: number): number => (k < firsts[i]! % (i + 1) || k > i ? 0 : numbers[i * 12 + k]!);
        for (let i = 0; i < size; i += 1) for (let j = 0; j < size; j += 1) for (let k = 0; k < size; k += 1) matrix[i * size + j]! += entry(i, k) * entry(j, k) + (i === j && k === 0 ? 1 : 0);
        const solution = Float64Array.from(numbers.slice(144, 144 + size));
        const right = Float64Array.from({ length: size }, (_, i) => solution.reduce((sum, value, j) => sum + matrix[i * size + j]! * value, 0));
        factorise(matrix, size);
        substitute(matrix, size, right);
        right.forEach((value, i) => expect(value).toBeCloseTo(solution[i]!, 6));
      }),
    );
  });

  it("refuses what is not positive definite", () => {
    expect(() => factorise(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
  });
});

describe("statistics of errors", () => {
  it("are those of the numbers", () => {
    const scored = [0.1, -0.2, 0.05, 0].map((error, at) => ({ error, series: at < 2 ? "a" : "b", sd: 0.1 }));
    expect(describeErrors(scored)).toMatchObject({ points: 4, series: 2, worst: -0.2 });
    expect(describeErrors(scored)?.mape).toBeCloseTo(0.0875, 12);
    expect(describeErrors(scored)?.median).toBeCloseTo(0.075, 12);
    expect(describeErrors(scored)?.bias).toBeCloseTo(-0.0125, 12);
    expect(describeErrors(scored)?.coverage95).toBe(0.75);
    expect(describeErrors([])).toBeUndefined();
  });
});
