/** Steps to target against the batch: limits of the law, refusal far outside, and left-out MLPerf reference points. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amountAt, criticalBatch, fitBatchLaw } from "../../../model/convergence/law.ts";
import { estimateTarget, isRefused } from "../../../model/convergence/target.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import type { Convergence } from "../../../model/schema/convergence.ts";
import { library } from "../../support/library.ts";

const documents = Object.entries(library.documents.convergence).map(([id, raw]) => {
  const { document, problems } = parseDocument("convergence", raw, `convergence/${id}`);
  if (document === undefined) throw new Error(JSON.stringify(problems));
  return document as Convergence;
});
const named = (id: string): Convergence => documents.find((one) => one.id === id)!;

describe("the law of batch and training", () => {
  it("gives back a hyperbola that it was made from", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e6, noNaN: true }), fc.double({ min: 10, max: 1e5, noNaN: true }), (least, critical) => {
        const law = fitBatchLaw([64, 512, 4096, 32_768].map((batch) => ({ batch, value: least * (1 + batch / critical) })));
        expect(law.least / least).toBeCloseTo(1, 6);
        expect(criticalBatch(law) / critical).toBeCloseTo(1, 5);
      }),
    );
  });

  it("never falls with the batch, and steps never grow with it", () => {
    for (const document of documents) {
      const law = fitBatchLaw(document.points);
      for (let batch = law.smallestBatch; batch < law.largestBatch; batch *= 1.3) {
        expect(amountAt(law, batch * 1.3), document.id).toBeGreaterThanOrEqual(amountAt(law, batch));
        expect(amountAt(law, batch * 1.3) / (batch * 1.3), document.id).toBeLessThanOrEqual(amountAt(law, batch) / batch);
      }
    }
  });

  it("counts 18 MLPerf workloads and predicts the points it was not shown: median error under 6 %, and the interval holds nine of ten", () => {
    expect(documents.length).toBe(18);
    const errors: number[] = [];
    let held = 0;
    for (const { points } of documents) {
      const used = points.filter(({ excluded }) => excluded === undefined);
      if (used.length < 4) continue;
      for (const left of used) {
        const law = fitBatchLaw(used.filter((one) => one !== left));
        const error = Math.log(amountAt(law, left.batch) / left.value);
        errors.push(Math.abs(error));
        if (Math.abs(error) <= 1.96 * law.errorAt(left.batch)) held++;
      }
    }
    expect(errors.length).toBeGreaterThan(55);
    expect(errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]).toBeLessThan(0.06);
    expect(held / errors.length).toBeGreaterThan(0.9);
  });

  it("takes ResNet-50 at a batch of 32,768 to 56 epochs within its interval, in steps of ImageNet", () => {
    const estimate = estimateTarget(named("mlperf-resnet50"), 32_768);
    if (isRefused(estimate)) throw new Error(estimate.refused);
    expect(estimate.amount.low95).toBeLessThan(56);
    expect(estimate.amount.high95).toBeGreaterThan(56);
    expect(estimate.steps!.value).toBeCloseTo((estimate.amount.value * 1_281_167) / 32_768, 6);
    expect(estimate.within).toBe(true);
    expect(estimate.betweenRuns).toBeGreaterThan(0.002);
    expect(estimate.betweenRuns).toBeLessThan(0.05);
  });

  it("refuses batches far from any that was measured, and says so when one lies just outside", () => {
    const far = estimateTarget(named("mlperf-resnet50"), 1e6);
    expect(isRefused(far) && far.refused).toContain("more than 2 times outside");
    const near = estimateTarget(named("mlperf-resnet50"), 3000);
    expect(!isRefused(near) && near.within).toBe(false);
  });

  it("knows no steps where no one says what an epoch holds", () => {
    const estimate = estimateTarget(named("mlperf-rgat"), 32_768);
    expect(!isRefused(estimate) && estimate.steps).toBe(null);
  });

  it("leaves out what the document excludes with its reason", () => {
    const cosmoflow = named("mlperf-hpc-cosmoflow");
    expect(cosmoflow.points.filter(({ excluded }) => excluded).map(({ batch }) => batch)).toEqual([32]);
    expect(fitBatchLaw(cosmoflow.points).smallestBatch).toBe(64);
  });
});

it("a document that contradicts itself is a problem", () => {
  const { problems } = parseDocument("convergence", { ...(library.documents.convergence["mlperf-rgat"] as object), points: [{ batch: 8, value: 2, low: 3 }, { batch: 8, value: 1 }] }, "convergence/x");
  expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining([expect.stringContaining("points[0].value"), expect.stringContaining("points[1].batch")]));
});
