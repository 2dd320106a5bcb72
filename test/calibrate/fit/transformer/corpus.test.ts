/** The committed fit: it is what its catalogue gives, and a prediction with it agrees with one by the fit itself. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { makeFitProblem, residualOf } from "../../../../calibrate/fit/transformer/problem.ts";
import { predictRuns } from "../../../../calibrate/fit/transformer/protocols.ts";
import { makeRuns } from "../../../../calibrate/fit/transformer/runs.ts";
import { seriesWeights, solve, usual } from "../../../../calibrate/fit/transformer/solve.ts";
import { readCatalogue } from "../../../../calibrate/readers/catalogue/read-catalogue.ts";
import { readCatalogueRules, readFitDocuments } from "../../../../cli/host/catalogue.ts";
import { transformerParameterNames } from "../../../../model/cost/transformer/parameters.ts";
import { combinePosterior } from "../../../../model/cost/transformer/posterior.ts";
import { showProblem } from "../../../../model/problems.ts";
import { isCorpusCalibration } from "../../../../model/schema/calibration.ts";
import { parseDocument } from "../../../../model/schema/parse.ts";

const root = new URL("../../../../", import.meta.url);
const scenarios = fileURLToPath(new URL("scenarios", root));
const { documents, problems } = readFitDocuments(scenarios);
const { rules, launches } = readCatalogueRules(`${scenarios}/catalogues/transformer-runs.json`);
const parsed = parseDocument("calibration", JSON.parse(readFileSync(`${scenarios}/calibrations/transformer-runs.json`, "utf8")), "transformer-runs").document!;
if (!isCorpusCalibration(parsed)) throw new Error("transformer-runs is no fit of a catalogue");
const committed = parsed;
const keyOf = ({ parameter, scope }: { parameter: string; scope: string }): string => (scope === "all" ? parameter : `${parameter} ${scope}`);

describe("the committed fit of transformer runs", () => {
  it("has documents without problems, parameters that exist, and a covariance of its errors", () => {
    expect(problems.map(showProblem)).toEqual([]);
    for (const { parameter } of committed.effects) expect(transformerParameterNames).toContain(parameter);
    expect(committed.covariance.map((row) => row.length)).toEqual(committed.effects.map((_, at) => at + 1));
    committed.effects.forEach(({ standardError }, at) => expect(Math.sqrt(committed.covariance[at]![at]!) / standardError).toBeCloseTo(1, 1));
  });

  it("narrows every prior that it names, by series that it names", () => {
    for (const { standardError, prior, series } of committed.effects) {
      expect(standardError).toBeLessThan(prior);
      expect(series.length).toBeGreaterThan(0);
    }
  });
});

const file = new URL("../shared/data/runs-llm.json", root);

describe("the fit made again", () => {
  it("stays where the committed one is, and both predict the same", { timeout: 180_000 }, (context) => {
    if (!existsSync(file)) context.skip("runs-llm.json does not stand in ../shared/data");
    const { runs } = makeRuns(readCatalogue(JSON.parse(readFileSync(file, "utf8")), rules!, launches).cases.filter(({ computed }) => !computed), documents);
    const problem = makeFitProblem(runs.map(({ run }) => run));
    const known = new Map(committed.effects.map((effect) => [keyOf(effect), effect]));
    const start = Float64Array.from(problem.effects, ({ key }) => Math.log(known.get(key)?.factor ?? 1));
    const solution = solve(problem, seriesWeights(problem, (at) => runs[at]!.case.flags.length === 0), start, { ...usual, iterations: 3 });
    problem.effects.forEach(({ key }, at) => {
      const effect = known.get(key);
      if (effect) expect(Math.abs(solution.effects[at]! - start[at]!), key).toBeLessThan(0.5 * effect.standardError);
    });
    const sample = [...runs.keys()].filter((at) => at % 29 === 0);
    const predictions = predictRuns(problem, runs, sample, solution);
    sample.forEach((at, index) => {
      const run = problem.runs[at]!;
      const { values, variance } = combinePosterior(run.run.priors, committed);
      const time = run.run.predict(values);
      expect(Math.abs(Math.log(time / run.run.measured_s) - residualOf(run, solution.effects)), run.run.id).toBeLessThan(0.03);
      const slopes = values.map((value, parameter) => {
        if (value === 0) return 0;
        return Math.log(run.run.predict(values.map((other, place) => (place === parameter ? other * 1.0001 : other))) / time) / Math.log(1.0001);
      });
      const sd = Math.sqrt(variance(slopes) + run.run.discrepancy ** 2);
      // The document leaves out effects that hardly know more than their prior, and with them what they have in common with others: it may be wider.
      expect(sd / predictions[index]!.sd, run.run.id).toBeGreaterThan(0.85);
      expect(sd / predictions[index]!.sd, run.run.id).toBeLessThan(1.5);
    });
  });
});
