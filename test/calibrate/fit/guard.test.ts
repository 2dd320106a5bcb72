/**
 * The committed fits made again from the committed published runs: they are optima, documents and equations have not changed since, and no protocol predicts worse than the
 * record that the page shows. `npm run fit` fits and records anew; what moved is for CHANGELOG.md. Protocols that fit many times anew (leave-one-machine-out, extrapolate,
 * leave-twins-out) are compared by that command, which tells what got worse.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findMoved, findStale, findWorsening, startFrom, tolerance } from "../../../calibrate/fit/guard.ts";
import { layerRows } from "../../../calibrate/fit/layers/parity-rows.ts";
import { makeLayerRuns } from "../../../calibrate/fit/layers/runs.ts";
import type { CorpusRun } from "../../../calibrate/fit/transformer/fit-catalogue.ts";
import { transformerRows, type ParityData, type ParityRow } from "../../../calibrate/fit/transformer/parity.ts";
import { makeFitProblem, type FitProblem } from "../../../calibrate/fit/transformer/problem.ts";
import { predictRuns, runProtocol, type FitProtocol, type Prediction } from "../../../calibrate/fit/transformer/protocols.ts";
import { makeRuns } from "../../../calibrate/fit/transformer/runs.ts";
import { seriesWeights, solve, usual, type Solution } from "../../../calibrate/fit/transformer/solve.ts";
import { describeErrors } from "../../../calibrate/fit/transformer/statistics.ts";
import { predictFrom } from "../../../calibrate/validate-catalogue.ts";
import { readCatalogue } from "../../../calibrate/readers/catalogue/read-catalogue.ts";
import { readCatalogueRules, readFitDocuments } from "../../../cli/host/catalogue.ts";
import { readLayerHost } from "../../../cli/host/layer-catalogue.ts";
import { hashOf, readCorpus } from "../../../cli/host/published-runs.ts";
import { packageRoot } from "../../../cli/host/root.ts";
import { showProblem } from "../../../model/problems.ts";
import { corpusOf, type CorpusCalibration } from "../../../model/schema/calibration.ts";

const scenarios = join(packageRoot, "scenarios");
const recordOf = (file: string): ParityData => JSON.parse(readFileSync(join(packageRoot, "web/client/public", file), "utf8")) as ParityData;
const guarded: readonly FitProtocol[] = ["cold", "in-sample", "leave-one-series-out"];

interface Made {
  readonly runs: readonly CorpusRun[];
  readonly committed: CorpusCalibration;
  readonly hash: string;
  readonly record: ParityData;
  readonly rowsOf: () => ParityRow[];
}
const corpus = readCorpus(scenarios);
const layerHost = readLayerHost(scenarios);

const kinds: ReadonlyArray<readonly [string, () => Made]> = [
  ["transformers", () => {
    const { documents, architectureOf, problems } = readFitDocuments(scenarios);
    const { rules, launches, problems: unread } = readCatalogueRules(join(scenarios, "catalogues", "transformer-runs.json"));
    expect([...corpus.problems, ...problems, ...unread].map(showProblem)).toEqual([]);
    const runs = makeRuns(readCatalogue(corpus.transformers, rules!, launches, architectureOf).cases.filter(({ computed }) => !computed), documents).runs;
    return { runs, committed: corpusOf(layerHost.documents.calibrations, "transformer")!, hash: hashOf(corpus.transformers), record: recordOf("transformer-accuracy.json"), rowsOf: () => transformerRows({ runs, predictions: {} }) };
  }],
  ["layer networks", () => {
    expect(layerHost.problems.map(showProblem)).toEqual([]);
    const { runs } = makeLayerRuns(layerHost.read(corpus.layers).cases, layerHost.documents);
    return { runs, committed: layerHost.corpus!, hash: hashOf(corpus.layers), record: recordOf("layer-accuracy.json"), rowsOf: () => layerRows({ runs }) };
  }],
];

describe.each(kinds)("the fit of %s made again", (_name, make) => {
  let made: Made;
  let rows: ParityRow[];
  let problem: FitProblem;
  let solution: Solution;
  let predictions: Record<string, Prediction[]>;
  beforeAll(() => {
    made = make();
    rows = made.rowsOf();
    problem = makeFitProblem(made.runs.map(({ run }) => run));
    const learns = (at: number): boolean => made.runs[at]!.case.flags.length === 0;
    solution = solve(problem, seriesWeights(problem, learns), startFrom(made.committed, problem), { ...usual, iterations: 3 });
    predictions = Object.fromEntries(guarded.map((protocol) => [protocol, runProtocol(protocol, problem, made.runs, learns, solution)]));
  }, 300_000);

  it("is of the committed runs, documents and equations", () => {
    expect(made.committed.from.map(({ sha256 }) => sha256), "the published runs changed since the fit: npm run fit").toEqual([made.hash]);
    expect(made.record.from.sha256, "page and calibration are of two fits: npm run fit").toBe(made.hash);
    expect(findStale(made.record, rows, predictions["cold"] ?? [])).toEqual([]);
  });

  it("starts at an optimum", () => {
    expect(findMoved(made.committed, problem, solution.effects)).toEqual([]);
  });

  it("predicts from its document as from itself", () => {
    const sample = [...made.runs.keys()].filter((at) => at % 29 === 0);
    predictRuns(problem, made.runs, sample, solution).forEach(({ id, sd, predicted_s }, index) => {
      const { run } = made.runs[sample[index]!]!;
      const told = predictFrom({ run }, made.committed);
      // The document leaves out effects that hardly know more than their prior, and with them what they have in common with others: it may be off a little, and wider.
      expect(Math.abs(Math.log(told.step_s / predicted_s)), id).toBeLessThan(0.5 * sd);
      expect(told.sd / sd, id).toBeGreaterThan(0.85);
      expect(told.sd / sd, id).toBeLessThan(1.5);
    });
  });

  it.each(guarded)("%s: predicts no worse than recorded, and its intervals hold what they held", (protocol) => {
    expect(findWorsening(made.record, rows, { [protocol]: predictions[protocol] ?? [] })).toEqual([]);
  });

  it("would tell of worse predictions, narrower intervals, a moved document and another optimum", () => {
    const kind = rows.find(({ flags }) => flags.length === 0)!.network;
    const good = new Set(rows.filter(({ network, flags }) => network === kind && flags.length === 0).map(({ id }) => id));
    const list = predictions["leave-one-series-out"] ?? [];
    const shift = (2 * tolerance.kind) / 100;
    const worse = list.map((one) => (good.has(one.id) ? { ...one, error: one.error + Math.sign(one.error) * shift } : one));
    expect(findWorsening(made.record, rows, { "leave-one-series-out": worse })).toContainEqual(expect.stringMatching(new RegExp(`^leave-one-series-out, ${kind}: mean error .* before, .* now`)));
    const narrow = list.map((one) => ({ ...one, sd: one.sd / 3 }));
    const wasInside = (100 * (describeErrors(list.filter(({ id }) => good.has(id)))?.coverage95 ?? 0)) <= 98;
    expect(findWorsening(made.record, rows, { "leave-one-series-out": narrow }).some((line) => line.startsWith(`leave-one-series-out, ${kind}: 95 % intervals held`))).toBe(wasInside);
    const cold = predictions["cold"] ?? [];
    expect(findStale(made.record, rows, cold.map((one, at) => (at === 0 ? { ...one, predicted_s: 1.01 * one.predicted_s } : one)))[0]).toMatch(/cold predictions moved, 1 of .*refit/);
    expect(findStale(made.record, rows.slice(1), cold)[0]).toMatch(/only the record has: 1 of .*refit/);
    const [first] = made.committed.effects;
    expect(findMoved({ effects: [{ ...first!, factor: first!.factor * Math.exp(3 * first!.standardError) }] }, problem, solution.effects)[0]).toMatch(/standard errors from .*refit/);
  });
});
