/**
 * A catalogue of published runs of layer networks beside predictions, by the rules of validate-catalogue.ts: unseen series from the stored fit as it is, known ones from a
 * fit made again from this catalogue without what the protocol leaves out.
 */
import type { CorpusCalibration } from "../model/schema/calibration.ts";
import { fitLayers } from "./fit/layers/fit-layers.ts";
import { makeLayerRuns, type LayerDocuments } from "./fit/layers/runs.ts";
import type { Progress } from "./fit/transformer/fit-catalogue.ts";
import type { FitProtocol } from "./fit/transformer/protocols.ts";
import type { ReadLayerCatalogue } from "./readers/catalogue-hpc/case.ts";
import { summarise } from "./summarise.ts";
import { describeProtocol, largestOf, makeCase, predictFrom, wordsOf, type Predicted, type ValidatedCatalogue } from "./validate-catalogue.ts";

export function validateLayerCatalogue(catalogue: ReadLayerCatalogue, documents: LayerDocuments, corpus: CorpusCalibration | undefined, protocol: FitProtocol, progress: Progress = () => {}): Omit<ValidatedCatalogue, "computed"> {
  const learned = new Set(corpus?.learned ?? []);
  const { runs, left } = makeLayerRuns(catalogue.cases, documents);
  const good = runs.filter(({ case: { flags } }) => flags.length === 0);
  const seen = good.filter(({ case: { series } }) => learned.has(series));
  const refits = protocol !== "cold" && protocol !== "in-sample" && seen.length > 0;
  const predicted = new Map<string, Predicted>(good.map((one) => [one.case.id, predictFrom(one, protocol === "cold" ? undefined : corpus)]));
  if (refits) {
    const again = fitLayers(catalogue, documents, [protocol], progress, ({ series }) => learned.has(series)).fitted.predictions[protocol] ?? [];
    for (const { id, series, predicted_s, sd } of again) if (predicted.has(id) && (protocol !== "leave-one-series-out" || learned.has(series))) predicted.set(id, { step_s: predicted_s, sd });
  }
  const inProtocol = protocol === "extrapolate" ? new Set(largestOf(runs)) : undefined;
  const cases = good.filter(({ case: { id } }) => inProtocol === undefined || inProtocol.has(id)).map(({ case: one }) => makeCase(one, predicted.get(one.id) as Predicted));
  const excluded = [
    ...catalogue.skipped.map(({ series, id, rule, why }) => ({ run: series, point: id, reason: `${rule}: ${why}` })),
    ...left.map(({ case: one, problems }) => ({ run: one.series, point: one.id, reason: problems.map(wordsOf).join("; ") })),
    ...runs.filter(({ case: { flags } }) => flags.length > 0).map(({ case: one }) => ({ run: one.series, point: one.id, reason: one.flags.map(({ rule, what }) => `${rule}: ${what}`).join("; ") })),
  ];
  return { validation: { protocol, summary: summarise(cases), cases, excluded }, notes: describeProtocol(protocol, good, seen, refits) };
}
