/**
 * A catalogue of published transformer runs beside predictions. Series that the stored fit never saw are predicted from it as it is. Where the catalogue holds series that the
 * fit has learned from, leaving them out needs their rows: the fit is made again from those of this catalogue, without what the protocol leaves out; unseen series
 * are never learned from.
 */
import { combinePosterior } from "../model/cost/transformer/posterior.ts";
import type { Validation, ValidationCase } from "../model/prediction.ts";
import type { Problem } from "../model/problems.ts";
import { z80, z95 } from "../model/resolve/parameters.ts";
import type { CorpusCalibration } from "../model/schema/calibration.ts";
import { fitCatalogue, type Progress } from "./fit/transformer/fit-catalogue.ts";
import type { FitProtocol, ProtocolRun } from "./fit/transformer/protocols.ts";
import { makeRuns, type CaseRun, type FitDocuments } from "./fit/transformer/runs.ts";
import type { CatalogueCase, ReadCatalogue } from "./readers/catalogue/case.ts";
import { summarise } from "./summarise.ts";

export interface ValidatedCatalogue {
  readonly validation: Validation;
  /** Rows that could be predicted and were not scored because their numbers are computed, with their own summary. */
  readonly computed: Validation["summary"];
  readonly notes: readonly string[];
}

export interface Predicted {
  readonly step_s: number;
  /** Standard deviation of the logarithm. */
  readonly sd: number;
}

export function validateCatalogue(catalogue: ReadCatalogue, documents: FitDocuments, corpus: CorpusCalibration | undefined, protocol: FitProtocol, progress: Progress = () => {}): ValidatedCatalogue {
  const learned = new Set(corpus?.learned ?? []);
  const { runs, left } = makeRuns(catalogue.cases, documents);
  const seen = runs.filter(({ case: { series, flags } }) => learned.has(series) && flags.length === 0);
  const refits = protocol !== "cold" && protocol !== "in-sample" && seen.length > 0;
  const predicted = new Map<string, Predicted>();
  const stored = protocol === "cold" ? undefined : corpus;
  for (const one of runs) predicted.set(one.case.id, predictFrom(one, stored));
  // What the stored fit never saw it predicts as it is, unless the protocol leaves out more than a series.
  const again = new Set(runs.flatMap(({ case: one }) => (protocol !== "leave-one-series-out" || one.computed || learned.has(one.series) ? [one.id] : [])));
  if (refits) for (const [id, one] of refitted(catalogue, documents, protocol, ({ series }) => learned.has(series), progress)) if (again.has(id)) predicted.set(id, one);

  const scored = (one: CatalogueCase): boolean => !one.computed && one.flags.length === 0;
  const inProtocol = protocol === "extrapolate" ? new Set(largestOf(runs)) : undefined;
  const cases = runs.filter(({ case: one }) => scored(one) && (inProtocol === undefined || inProtocol.has(one.id))).map(({ case: one }) => makeCase(one, predicted.get(one.id) as Predicted));
  const computed = runs.filter(({ case: one }) => one.computed && one.flags.length === 0).map(({ case: one }) => makeCase(one, predicted.get(one.id) as Predicted));
  const excluded = [
    ...catalogue.skipped.map(({ series, id, rule, why }) => ({ run: series, point: id, reason: `${rule}: ${why}` })),
    ...left.map(({ case: one, problems }) => ({ run: one.series, point: one.id, reason: problems.map(wordsOf).join("; ") })),
    ...runs.filter(({ case: { flags } }) => flags.length > 0).map(({ case: one }) => ({ run: one.series, point: one.id, reason: one.flags.map(({ rule, what }) => `${rule}: ${what}`).join("; ") })),
    ...runs.filter(({ case: one }) => one.computed && one.flags.length === 0).map(({ case: one }) => ({ run: one.series, point: one.id, reason: "computed, not measured: scored apart" })),
  ];
  return { validation: { protocol, summary: summarise(cases), cases, excluded }, computed: summarise(computed), notes: describeProtocol(protocol, runs, seen, refits) };
}

export function predictFrom({ run }: Pick<CaseRun, "run">, corpus: CorpusCalibration | undefined): Predicted {
  const { values, variance } = combinePosterior(run.priors, corpus);
  const step_s = run.predict(values);
  const slopes = Array.from(values, (value, at) => {
    values[at] = value * Math.exp(small);
    const slope = Math.log(run.predict(values) / step_s) / small;
    values[at] = value;
    return slope;
  });
  return { step_s, sd: Math.sqrt(variance(slopes) + run.discrepancy ** 2) };
}

const small = 1e-4;

function* refitted(catalogue: ReadCatalogue, documents: FitDocuments, protocol: FitProtocol, mayLearn: (one: CatalogueCase) => boolean, progress: Progress): Generator<[string, Predicted]> {
  const { measured, computed } = fitCatalogue(catalogue, documents, [protocol], progress, mayLearn);
  for (const { id, predicted_s, sd } of [...(measured.predictions[protocol] ?? []), ...(computed?.predictions[protocol] ?? [])]) yield [id, { step_s: predicted_s, sd }];
}

/** Points that have points of their series at an eighth of their devices or fewer. */
export const largestOf = (runs: readonly ProtocolRun[]): string[] => runs.flatMap(({ case: one }) => (runs.some(({ case: other }) => other.series === one.series && other.layout.devices <= one.layout.devices / 8) ? [one.id] : []));

export function makeCase(one: Pick<CatalogueCase, "id" | "series" | "title" | "machine" | "measured"> & ProtocolRun["case"], { step_s, sd }: Predicted): ValidationCase {
  const error = step_s / one.measured.step_s - 1;
  const end = (deviations: number): number => step_s * Math.exp(deviations * sd);
  return {
    run: one.series,
    point: one.id,
    title: one.title,
    machine: one.machine,
    devices: one.layout.devices,
    metric: "step-time",
    unit: "s",
    measured: one.measured.step_s,
    predicted: step_s,
    low80: end(-z80),
    high80: end(z80),
    low95: end(-z95),
    high95: end(z95),
    error,
    stepTimeError: error,
    how: `${one.measured.metric} ${one.measured.value}, ${one.measured.convention}`,
    source: one.series,
  };
}

export const wordsOf = ({ path, got, expected }: Problem): string => `${path}: got ${got}, expected ${expected}`;

export function describeProtocol(protocol: FitProtocol, runs: readonly ProtocolRun[], seen: readonly ProtocolRun[], refits: boolean): string[] {
  const series = (list: readonly ProtocolRun[]): number => new Set(list.map(({ case: one }) => one.series)).size;
  const all = series(runs);
  const known = series(seen);
  if (protocol === "cold") return ["No run informs these predictions."];
  if (protocol === "in-sample") return [`The stored fit has learned from ${known} of these ${all} series.`];
  const wider = protocol !== "leave-one-series-out";
  if (known === 0) return [`The stored fit has seen none of these series: all are predicted from it as it is.${wider ? ` It may have learned from other runs that ${protocol} leaves out: they are not in this catalogue.` : ""}`];
  if (!refits) return [];
  return [`The stored fit has learned from ${known} of these ${all} series: it was made again from them, each predicted without what the protocol leaves out.${known < all && !wider ? ` The other ${all - known} are predicted from the stored fit, which has not seen them.` : ""}`];
}
