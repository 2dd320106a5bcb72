/**
 * The page docs/accuracy.md: errors of every family of networks by protocol, layer networks from this fit and transformers from theirs, coverage of intervals, errors from the
 * smallest point of a series beside perfect scaling, by machine, what is worse than the goal with its reason, and what rules left out.
 */
import type { ReadLayerCatalogue } from "../../readers/catalogue-hpc/case.ts";
import { identify, showIdentifiability } from "../identifiability.ts";
import { describeErrors, type ErrorStatistics, type Scored } from "../transformer/statistics.ts";
import type { FitProtocol, Prediction } from "../transformer/protocols.ts";
import { count, percent, signed, table } from "../transformer/page-table.ts";
import { layerProtocols, settingsOf, type FittedLayers } from "./fit-layers.ts";
import { networkTitle, seenElsewhere } from "./names.ts";
import { showLeftOut } from "./page-rules.ts";
import type { LayerRun } from "./runs.ts";

const head = ["n", "series", "MAPE", "median", "p90", "bias", "worst", "80 % holds", "95 % holds"];
export const figures = (errors: ErrorStatistics | undefined): string[] =>
  errors === undefined ? ["0", ...head.slice(1).map(() => "")] : [String(errors.points), String(errors.series), percent(errors.mape), percent(errors.median), percent(errors.p90), signed(errors.bias), signed(errors.worst), percent(errors.coverage80, 0), percent(errors.coverage95, 0)];

/** Goals of MAPE and median. */
const goals: Readonly<Partial<Record<FitProtocol, string>>> = { "leave-one-series-out": "4.5 / 3.5", "leave-one-machine-out": "8 / 5", extrapolate: "4 / 2.5", cold: "12 / 8", "in-sample": "3 / 2" };
export const meanings: Readonly<Partial<Record<FitProtocol, string>>> = {
  "leave-one-series-out": "nothing of the run's own series was learned from",
  "leave-one-machine-out": "no run of the same machine was learned from",
  extrapolate: "points at eight times a smaller point of their series or more; of their machine and stack nothing above an eighth was learned from",
  cold: "no run was learned from: documents and kernel tables alone",
  "in-sample": "every run was learned from",
};

export interface TransformerScores {
  readonly dense: Readonly<Partial<Record<FitProtocol, readonly Scored[]>>>;
  readonly experts: Readonly<Partial<Record<FitProtocol, readonly Scored[]>>>;
}

export interface LayerPage {
  readonly catalogue: ReadLayerCatalogue;
  readonly layers: FittedLayers;
  readonly fromSmallest: readonly Prediction[];
  readonly transformers: TransformerScores | undefined;
}

export function describeAccuracy({ catalogue, layers, fromSmallest, transformers }: LayerPage): string {
  const { runs, predictions } = layers.fitted;
  const byId = new Map(runs.map((one) => [one.case.id, one]));
  const good = (list: readonly Prediction[] | undefined, isIn: (one: LayerRun) => boolean = () => true): Prediction[] => (list ?? []).filter(({ id }) => byId.get(id)!.case.flags.length === 0 && isIn(byId.get(id)!));
  const networks = [...new Set(runs.map(({ case: { model } }) => model))].toSorted();
  const rows = layerProtocols.flatMap((protocol) => [
    [protocol, "layer networks", ...figures(describeErrors(good(predictions[protocol]))), goals[protocol] ?? ""],
    ...networks.flatMap((model) => {
      const errors = describeErrors(good(predictions[protocol], (one) => one.case.model === model));
      return errors === undefined ? [] : [["", `... ${networkTitle(model)}`, ...figures(errors), ""]];
    }),
    ...(transformers === undefined ? [] : [["", "dense transformers", ...figures(describeErrors(transformers.dense[protocol] ?? [])), ""], ["", "mixture of experts", ...figures(describeErrors(transformers.experts[protocol] ?? [])), ""]]),
  ]);
  const held = predictions["leave-one-series-out"];
  const twice = seenElsewhere(runs);
  return `${[
    "# Accuracy",
    "Written by `npm run fit` from the published runs in `scenarios/runs/published`; do not edit. Step time, predicted over measured minus one, in percent; MAPE is the mean of its size. n are points of sources that state what a prediction needs, without those that a rule flags. Transformers are those of [accuracy-transformers.md](accuracy-transformers.md).",
    "## By protocol and family",
    table(["protocol", "networks", ...head, "goal MAPE / median"], rows),
    layerProtocols.map((protocol) => `- **${protocol}**: ${meanings[protocol] ?? ""}`).join("\n"),
    "Equations, priors and most rules for suspicious rows were chosen with residuals of these same sources in view; runs that nobody has looked at will do worse.",
    "## A series left out",
    "What a framework's release does to kernels is known only where another series has run it. Of one that occurs once everything is learned from others, as under cold.",
    table(["its release", ...head], [
      ["runs in another series", ...figures(describeErrors(good(held, (one) => twice.has(one.case.id))))],
      ["occurs once", ...figures(describeErrors(good(held, (one) => !twice.has(one.case.id))))],
    ]),
    "## From the smallest point of a series",
    "How scaling studies predict: a series is known at its smallest number of devices only. Perfect scaling keeps the time of a sample. No other simulator has published figures on these points; a throw-away prototype of the same equations, with constants chosen on 48 of them, had 5.5 (4.2).",
    table(["points above the smallest", ...head], smallestRows(runs, good(fromSmallest))),
    "## By machine, a series left out",
    table(["machine", "networks", ...head, "in-sample MAPE"], machineRows(runs, good(held), good(predictions["in-sample"]))),
    "## Worse than the goal",
    missRows(runs, good(held)),
    showIdentifiability(identify(layers.fitted.problem, layers.fitted.solution, (at) => runs[at]!.case.flags.length === 0)),
    showLeftOut(catalogue, layers, held ?? []),
  ].join("\n\n")}\n`;
}

function smallestRows(runs: readonly LayerRun[], predictions: readonly Prediction[]): string[][] {
  const byId = new Map(runs.map((one) => [one.case.id, one.case]));
  const settings = new Map(runs.map((one) => [one.case, settingsOf(one)]));
  const perfect = predictions.flatMap(({ id, series }): Scored[] => {
    const own = byId.get(id)!;
    const same = runs.map(({ case: one }) => one).filter((one) => settings.get(one) === settings.get(own) && one.flags.length === 0);
    const least = same.reduce((a, b) => (b.layout.devices < a.layout.devices ? b : a), own);
    const predicted = (least.measured.step_s * own.layout.samplesPerDevice) / least.layout.samplesPerDevice;
    return least === own ? [] : [{ error: predicted / own.measured.step_s - 1, series, sd: 1 }];
  });
  const largest = new Map<string, Prediction>();
  for (const one of predictions) {
    const known = largest.get(one.series);
    if (known === undefined || byId.get(known.id)!.layout.devices < byId.get(one.id)!.layout.devices) largest.set(one.series, one);
  }
  return [
    ["all", ...figures(describeErrors(predictions))],
    ["the largest of each series", ...figures(describeErrors([...largest.values()]))],
    ["all, perfect scaling", ...figures(describeErrors(perfect)).slice(0, -2), "", ""],
  ];
}

function machineRows(runs: readonly LayerRun[], held: readonly Prediction[], inSample: readonly Prediction[]): string[][] {
  const keyOf = new Map(runs.map(({ case: one }) => [one.id, `${one.machine}|${one.model}`]));
  const keys = [...new Set(held.map(({ id }) => keyOf.get(id)!))].toSorted();
  return keys.map((key) => {
    const of = (list: readonly Prediction[]): Prediction[] => list.filter(({ id }) => keyOf.get(id) === key);
    const [machine = "", model = ""] = key.split("|");
    const known = describeErrors(of(inSample));
    return [machine, networkTitle(model), ...figures(describeErrors(of(held))), known === undefined ? "" : percent(known.mape)];
  });
}

/** Half as large again as the goal of a mean. */
const missed = 0.0675;

function missRows(runs: readonly LayerRun[], held: readonly Prediction[]): string {
  const byId = new Map(runs.map((one) => [one.case.id, one.case]));
  const groups = new Map<string, Prediction[]>();
  for (const one of held) {
    const { series, machine } = byId.get(one.id)!;
    groups.set(`${series} on ${machine}`, [...(groups.get(`${series} on ${machine}`) ?? []), one]);
  }
  const rows = [...groups].flatMap(([name, list]) => {
    const errors = describeErrors(list)!;
    if (errors.mape <= missed) return [];
    const remark = list.map(({ id }) => byId.get(id)!.remark).find((found) => found !== undefined);
    return [{ mape: errors.mape, cells: [name, String(errors.points), percent(errors.mape), signed(errors.bias), remark?.reason ?? "not found", remark?.settles ?? ""] }];
  });
  return `${count(rows.length, "series", "series")} with a mean error above ${percent(missed)} % when left out, the largest first.\n\n${table(["series", "n", "MAPE", "bias", "reason found", "what would settle it"], rows.toSorted((a, b) => b.mape - a.mape).map(({ cells }) => cells))}`;
}
