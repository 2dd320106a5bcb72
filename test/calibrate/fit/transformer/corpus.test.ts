/** The committed fit of transformers as a document; test/calibrate/fit/guard.test.ts makes it again. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readFitDocuments } from "../../../../cli/host/catalogue.ts";
import { transformerParameterNames } from "../../../../model/cost/transformer/parameters.ts";
import { showProblem } from "../../../../model/problems.ts";
import { isCorpusCalibration } from "../../../../model/schema/calibration.ts";
import { parseDocument } from "../../../../model/schema/parse.ts";

const scenarios = fileURLToPath(new URL("../../../../scenarios", import.meta.url));
const { problems } = readFitDocuments(scenarios);
const parsed = parseDocument("calibration", JSON.parse(readFileSync(`${scenarios}/calibrations/transformer-runs.json`, "utf8")), "transformer-runs").document!;
if (!isCorpusCalibration(parsed)) throw new Error("transformer-runs is no fit of a catalogue");
const committed = parsed;

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
