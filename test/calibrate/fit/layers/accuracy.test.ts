/** The committed fit of layer networks as a document; test/calibrate/fit/guard.test.ts makes it again. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readLayerHost } from "../../../../cli/host/layer-catalogue.ts";
import { layerParameterNames } from "../../../../model/predict/layers/priors.ts";
import { showProblem } from "../../../../model/problems.ts";

const host = readLayerHost(fileURLToPath(new URL("../../../../scenarios", import.meta.url)));
const committed = host.corpus!;

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
});
