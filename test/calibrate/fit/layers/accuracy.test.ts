/**
 * The committed fit of layer networks: it is what its catalogue gives, and no protocol does worse than recorded. `npx tsx cli/fit-layers.ts CATALOGUE` records anew; a record
 * that got worse needs a line in CHANGELOG.md. Protocols that fit many times anew are left to that command.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { recordAccuracy, type RecordedAccuracy } from "../../../../calibrate/fit/layers/recorded.ts";
import { makeLayerRuns } from "../../../../calibrate/fit/layers/runs.ts";
import { makeFitProblem } from "../../../../calibrate/fit/transformer/problem.ts";
import { runProtocol } from "../../../../calibrate/fit/transformer/protocols.ts";
import { seriesWeights, solve, usual } from "../../../../calibrate/fit/transformer/solve.ts";
import { readLayerHost } from "../../../../cli/host/layer-catalogue.ts";
import { layerParameterNames } from "../../../../model/predict/layers/priors.ts";
import { showProblem } from "../../../../model/problems.ts";

const root = new URL("../../../../", import.meta.url);
const host = readLayerHost(fileURLToPath(new URL("scenarios", root)));
const committed = host.corpus!;
const recorded = JSON.parse(readFileSync(new URL("test/fixtures/catalogue/layer-accuracy.json", root), "utf8")) as RecordedAccuracy;
const keyOf = ({ parameter, scope }: { parameter: string; scope: string }): string => (scope === "all" ? parameter : `${parameter} ${scope}`);

describe("the committed fit of layer networks", () => {
  it("has documents without problems, parameters that exist, and a covariance of its errors", () => {
    expect(host.problems.map(showProblem)).toEqual([]);
    for (const { parameter } of committed.effects) expect(layerParameterNames).toContain(parameter);
    expect(committed.covariance.map((row) => row.length)).toEqual(committed.effects.map((_, at) => at + 1));
    committed.effects.forEach(({ standardError }, at) => expect(Math.sqrt(committed.covariance[at]![at]!) / standardError).toBeCloseTo(1, 1));
  });

  it("narrows every prior that it names, by series that it names, and names no run, network or scale", () => {
    for (const { standardError, prior, series, scope } of committed.effects) {
      expect(standardError).toBeLessThan(prior);
      expect(series.length).toBeGreaterThan(0);
      expect(scope).toMatch(/^(all|fp16|fp32|(device|stack|family|machine|link|fabric|library) \S+( \S+)?)$/);
    }
  });

  it("has intervals that hold as often as they say, in-sample and a series left out", () => {
    for (const protocol of ["in-sample", "leave-one-series-out"]) {
      expect(recorded[protocol]?.["all"]?.coverage95, protocol).toBeGreaterThanOrEqual(90);
      expect(recorded[protocol]?.["all"]?.coverage95, protocol).toBeLessThanOrEqual(100);
    }
  });
});

const file = new URL("../shared/data/runs-hpc.json", root);
/** Percent points that a mean may get worse by. */
const tolerance = 0.3;

describe("the fit made again", () => {
  it("stays where the committed one is, and no protocol worsens", { timeout: 400_000 }, (context) => {
    if (!existsSync(file)) context.skip("runs-hpc.json does not stand in ../shared/data");
    const { runs } = makeLayerRuns(host.read(JSON.parse(readFileSync(file, "utf8"))).cases, host.documents);
    const problem = makeFitProblem(runs.map(({ run }) => run));
    const known = new Map(committed.effects.map((effect) => [keyOf(effect), effect]));
    const start = Float64Array.from(problem.effects, ({ key }) => Math.log(known.get(key)?.factor ?? 1));
    const learns = (at: number): boolean => runs[at]!.case.flags.length === 0;
    const solution = solve(problem, seriesWeights(problem, learns), start, { ...usual, iterations: 4 });
    problem.effects.forEach(({ key }, at) => {
      const effect = known.get(key);
      if (effect) expect(Math.abs(solution.effects[at]! - start[at]!), key).toBeLessThan(0.75 * effect.standardError);
    });
    const predictions = { cold: runProtocol("cold", problem, runs, learns, solution), "in-sample": runProtocol("in-sample", problem, runs, learns, solution), "leave-one-series-out": runProtocol("leave-one-series-out", problem, runs, learns, solution) };
    const now = recordAccuracy({ runs, predictions });
    for (const [protocol, networks] of Object.entries(now)) {
      for (const [network, { points, mape }] of Object.entries(networks)) {
        const before = recorded[protocol]?.[network];
        expect(points, `${protocol} ${network}`).toBe(before?.points);
        // Few points of one network wander more than all together when the fit stops a step earlier.
        expect(mape, `${protocol} ${network}`).toBeLessThanOrEqual((before?.mape ?? 0) + (network === "all" ? tolerance : 4 * tolerance));
      }
    }
  });
});
