/**
 * The page docs/accuracy-transformers.md: errors by protocol, family, device and format, intervals, worst cases, peers on the same points, what was left out by which rule.
 * Figures are rounded to what they can tell, so that the page stays as it is when it is remade.
 */
import type { ReadCatalogue } from "../../readers/catalogue/case.ts";
import { identify, showIdentifiability } from "../identifiability.ts";
import { causeOf } from "./cause.ts";
import type { FittedCatalogue } from "./fit-catalogue.ts";
import { describePeers, type PeerFigure } from "./peers.ts";
import type { FitProtocol, Prediction } from "./protocols.ts";
import type { CaseRun } from "./runs.ts";
import { describeErrors, type ErrorStatistics } from "./statistics.ts";
import { showAssumptions, showExclusions, showSkips } from "./page-rules.ts";
import { percent, signed, table } from "./page-table.ts";

const head = ["set", "points", "series", "MAPE", "median", "p90", "bias", "worst", "80 % holds", "95 % holds"];
/** What each protocol may know. */
export const meanings: Readonly<Record<FitProtocol, string>> = {
  "in-sample": "every run was learned from",
  "leave-one-series-out": "nothing of the run's own series was learned from",
  "leave-twins-out": "no run of the same model on the same device was learned from: releases of one row are near copies",
  "leave-one-machine-out": "no run of the same machine was learned from",
  extrapolate: "points at eight times a smaller point of their series or more; of their machine and stack nothing above an eighth was learned from",
  cold: "no run was learned from: documents alone",
};

const row = (set: string, statistics: ErrorStatistics | undefined): string[] =>
  statistics === undefined ? [set, "0", ...head.slice(2).map(() => "")] : [set, String(statistics.points), String(statistics.series), percent(statistics.mape), percent(statistics.median), percent(statistics.p90), signed(statistics.bias), signed(statistics.worst), percent(statistics.coverage80, 0), percent(statistics.coverage95, 0)];

const unique = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

/** Pairs of a run and what one protocol said of it. */
export interface Told {
  readonly of: CaseRun;
  readonly prediction: Prediction;
}

export function pair(runs: readonly CaseRun[], predictions: readonly Prediction[] | undefined): Told[] {
  const byId = new Map(predictions?.map((prediction) => [prediction.id, prediction]));
  return runs.flatMap((of) => {
    const prediction = byId.get(of.case.id);
    return prediction === undefined ? [] : [{ of, prediction }];
  });
}

const errorsOf = (told: readonly Told[], isIn: (of: CaseRun) => boolean = () => true): ErrorStatistics | undefined => describeErrors(told.filter(({ of }) => isIn(of)).map(({ prediction }) => prediction));
const isGood = ({ case: { flags } }: CaseRun): boolean => flags.length === 0;

export function describeAccuracy(read: ReadCatalogue, fitted: FittedCatalogue, peers: readonly PeerFigure[]): string {
  const { runs, predictions } = fitted.measured;
  const protocols = Object.keys(predictions) as FitProtocol[];
  const told = (protocol: FitProtocol): Told[] => pair(runs, predictions[protocol]);
  const held = told("leave-one-series-out");
  const good = held.filter(({ of }) => isGood(of));
  const group = (nameOf: (of: CaseRun) => string): string => table(head, unique(good.map(({ of }) => nameOf(of))).map((name) => row(name, errorsOf(good, (of) => nameOf(of) === name))));
  const summary = protocols.flatMap((protocol) => {
    const all = told(protocol).filter(({ of }) => isGood(of));
    return [row(protocol, errorsOf(all)), row("... dense", errorsOf(all, ({ case: { sparse } }) => !sparse)), row("... mixture of experts", errorsOf(all, ({ case: { sparse } }) => sparse))];
  });
  const computed = fitted.computed && pair(fitted.computed.runs, fitted.computed.predictions["leave-one-series-out"]);
  const seen = new Map<string, Set<string>>();
  for (const { of } of good) seen.set(of.case.stack, (seen.get(of.case.stack) ?? new Set()).add(of.case.series));
  return [
    "# Accuracy on published transformer runs",
    "Written by `npm run fit` from the published runs in `scenarios/runs/published`; do not edit. Step time, predicted over measured minus one, in percent; MAPE is the mean of its size. Points are rows of sources that state all that a prediction needs, without those that a rule flags (below).",
    "## By protocol",
    table(head, summary),
    protocols.map((protocol) => `- **${protocol}**: ${meanings[protocol]}`).join("\n"),
    "Caution: equations, priors and most rules for suspicious rows were chosen with residuals of these same sources in view; runs that nobody has looked at will do worse. Single-row series weigh little in the fit. The intervals hold errors of parameters and a discrepancy of 5 % (10 % with experts).",
    "## Left out one series at a time",
    "By family of sources:",
    group(({ case: { family, sparse } }) => `${family}${sparse ? ", experts" : ""}`),
    "By device:",
    group(({ case: { device } }) => device),
    "By number format:",
    group(({ case: { layout } }) => layout.recipe),
    "By number of devices:",
    group(({ case: { layout } }) => scaleOf(layout.devices)),
    "Dense, by whether the stack occurs in another series:",
    table(head, [true, false].map((again) => row(again ? "stack seen" : "stack seen once", errorsOf(good, ({ case: one }) => !one.sparse && seen.get(one.stack)!.size > 1 === again)))),
    ...(computed === undefined ? [] : ["## Rows that their source computed", "Numbers that no clock gives (linear in micro-batches to the last digit) are scored apart. They move what belongs to their own stack and inform no device.", table(head, [row("leave-one-series-out", errorsOf(computed))])]),
    "## Worst cases",
    showWorst(good),
    "## Peers on the same points",
    describePeers(peers, good, computed ?? []),
    showIdentifiability(identify(fitted.measured.problem, fitted.measured.solution, (at) => isGood(runs[at]!))),
    "## What was left out",
    showExclusions(held),
    showSkips(read),
    "## What was assumed",
    showAssumptions(runs),
    ...(fitted.left.length === 0 ? [] : [`Not predicted for want of a document: ${fitted.left.map(({ case: { id } }) => id).join(", ")}.`]),
    "",
  ].join("\n\n");
}

function scaleOf(devices: number): string {
  if (devices <= 8) return "1 to 8";
  if (devices <= 64) return "9 to 64";
  return devices <= 512 ? "65 to 512" : "above 512";
}

function showWorst(told: readonly Told[]): string {
  const held = told.map(({ of, prediction }) => ({ case: of.case, error: prediction.error }));
  const worst = told.toSorted((a, b) => Math.abs(b.prediction.error) - Math.abs(a.prediction.error)).slice(0, 20);
  const rows = worst.map(({ of: { case: one }, prediction }) => {
    const { devices, tensor, pipeline, data, expert, microBatch, recipe } = one.layout;
    const experts = one.sparse ? ` e${expert}` : "";
    return [one.id, `${devices} ${one.device}: t${tensor} p${pipeline} d${data}${experts} b${microBatch} ${recipe}`, `${Number(one.measured.step_s.toPrecision(3))} s`, signed(prediction.error), causeOf(one, held)];
  });
  return table(["run", "layout", "measured", "error", "suspected cause"], rows);
}
