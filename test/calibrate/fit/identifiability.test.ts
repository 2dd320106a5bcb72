/** What is told of effects: those that only a sum is known of are a pair, an effect that no run informs is counted, the bootstrap agrees with Laplace where the noise is what the fit takes. */
import { describe, expect, it } from "vitest";
import { identify, showIdentifiability } from "../../../calibrate/fit/identifiability.ts";
import { seededUniform } from "../../../calibrate/fit/random.ts";
import { makeFitProblem, type FitRun } from "../../../calibrate/fit/transformer/problem.ts";
import { seriesWeights, solve } from "../../../calibrate/fit/transformer/solve.ts";

const uniform = seededUniform(7);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
const noise = 0.03;
const everyone = (): boolean => true;

/** Time is a product of what all runs share and what those of one stack do; `levels` are of the second factor. */
function makeRun(series: string, stack: string, levels: ReadonlyArray<{ key: string; sd: number }>): FitRun {
  return {
    id: series,
    series,
    measured_s: 2 * Math.exp(noise * normal()),
    noise,
    discrepancy: noise,
    priors: [
      { name: "rate", value: 1, levels: [{ key: "rate", sd: 0.5 }, ...levels] },
      { name: "idle", value: 1, levels: [{ key: `idle stack ${stack}`, sd: 0.3 }] },
    ],
    predict: (values) => 2 * values[0]! * values[1]! ** 0,
  };
}
const identifyRuns = (runs: readonly FitRun[]) => {
  const problem = makeFitProblem(runs);
  return identify(problem, solve(problem, seriesWeights(problem, everyone), new Float64Array(problem.effects.length)), everyone);
};

describe("what runs cannot tell apart", () => {
  it("are effects that always occur together", () => {
    const found = identifyRuns(Array.from({ length: 20 }, (_, at) => makeRun(`s${at}`, "a", [{ key: "rate stack a", sd: 0.5 }])));
    expect(found.pairs.map(({ one, other }) => [one, other].toSorted())).toEqual([["rate", "rate stack a"]]);
    expect(found.pairs[0]?.correlation).toBeLessThan(-0.9);
    expect(showIdentifiability(found)).toContain("| rate | rate stack a |");
  });

  it("are no pair where other runs part them; what no run moves is counted with its parameter", () => {
    const found = identifyRuns(Array.from({ length: 20 }, (_, at) => makeRun(`s${at}`, at % 2 === 0 ? "a" : "b", at % 2 === 0 ? [{ key: "rate stack a", sd: 0.5 }] : [])));
    expect(found.pairs).toEqual([]);
    expect(found.effects).toBe(4);
    expect(found.parameters).toEqual([{ name: "idle", effects: 2, uninformed: 2 }, { name: "rate", effects: 2, uninformed: 0 }]);
  });

  it("have a bootstrap that spreads as Laplace's covariance expects of runs with the noise of the fit", () => {
    const { ratios } = identifyRuns(Array.from({ length: 60 }, (_, at) => makeRun(`s${at}`, "a", [])));
    expect(ratios).toHaveLength(1);
    expect(ratios[0]).toBeGreaterThan(0.6);
    expect(ratios[0]).toBeLessThan(1.5);
  });
});
