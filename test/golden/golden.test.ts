/**
 * The numbers of every stored run, so that none moves unseen: predictions at each scale, and the error at each published point.
 * Rounded to six digits and compared exactly. `npm run golden` rewrites the files; the diff is then for a person to read.
 */
import { describe, it } from "vitest";
import type { Estimate, Prediction } from "../../model/prediction.ts";
import { allRunNames, predictRun, validationUnder } from "../support/library.ts";
import { compareGolden, type Golden } from "./compare-golden.ts";

/** Terms below this share of the step are differences of equal sums. */
const noise = 1e-12;
const digits = (value: number): number => Number(value.toPrecision(6));
const interval = ({ low95, low80, value, high80, high95 }: Estimate): number[] => [low95, low80, value, high80, high95].map(digits);

function summarise({ points }: Prediction): Golden[string] {
  return Object.fromEntries(
    points.flatMap((point) => [
      [`${point.devices} step_s`, interval(point.stepTime_s)],
      [`${point.devices} rate_flop_per_s`, interval(point.rate_flop_per_s)],
      [`${point.devices} efficiency`, interval(point.efficiency)],
      [`${point.devices} terms_s`, Object.fromEntries(point.terms.filter(({ time_s }) => Math.abs(time_s) > noise * point.stepTime_s.value).map(({ id, time_s }) => [id, digits(time_s)]))],
      ...(point.stagingTime_s ? [[`${point.devices} staging_s`, interval(point.stagingTime_s)]] : []),
    ]),
  );
}

describe("golden numbers", () => {
  it("predictions of every run at its scales", () => {
    compareGolden("predictions.json", Object.fromEntries(allRunNames.map((run) => [run, summarise(predictRun(run))])));
  });

  it("errors at every published point, without its own run's figures and without any run's", () => {
    const protocols = ["leave-one-series-out", "cold"] as const;
    compareGolden("validation.json", Object.fromEntries(protocols.map((protocol) => {
      const { cases, summary } = validationUnder(protocol);
      const rows = cases.map((one) => [`${one.run} ${one.point}`, { measured: one.measured, predicted: digits(one.predicted), low95: digits(one.low95), high95: digits(one.high95), error: Number(one.error.toFixed(4)) }]);
      return [protocol, { ...Object.fromEntries(rows), summary: Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, digits(value)])) }];
    })));
  });
});
