/**
 * The numbers of every stored run, so that none moves unseen: predictions at each scale, and the error at each published point.
 * Rounded to six digits and compared exactly. `npm run golden` rewrites the files; the diff is then for a person to read.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Estimate, Prediction } from "../../model/prediction.ts";
import { allRunNames, predictRun, validationUnder } from "../support/library.ts";

type Golden = Record<string, Record<string, unknown>>;

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

/** One line for each output of each scale, so that a diff names what moved. */
function print(golden: Golden): string {
  const runs = Object.entries(golden).map(([run, outputs]) => `  ${JSON.stringify(run)}: {\n${Object.entries(outputs).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value).replaceAll(",", ", ").replaceAll(":", ": ")}`).join(",\n")}\n  }`);
  return `{\n${runs.join(",\n")}\n}\n`;
}

function compare(file: string, made: Golden): void {
  const path = new URL(file, import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, print(made));
  const stored = JSON.parse(readFileSync(path, "utf8")) as Golden;
  expect(Object.keys(stored), "npm run golden makes the files anew").toEqual(Object.keys(made));
  for (const [run, outputs] of Object.entries(made)) expect({ [run]: outputs }).toEqual({ [run]: stored[run] });
  expect(print(stored)).toBe(readFileSync(path, "utf8"));
}

describe("golden numbers", () => {
  it("predictions of every run at its scales", () => {
    compare("predictions.json", Object.fromEntries(allRunNames.map((run) => [run, summarise(predictRun(run))])));
  });

  it("errors at every published point, without its own run's figures and without any run's", () => {
    const protocols = ["leave-one-series-out", "cold"] as const;
    compare("validation.json", Object.fromEntries(protocols.map((protocol) => {
      const { cases, summary } = validationUnder(protocol);
      const rows = cases.map((one) => [`${one.run} ${one.point}`, { measured: one.measured, predicted: digits(one.predicted), low95: digits(one.low95), high95: digits(one.high95), error: Number(one.error.toFixed(4)) }]);
      return [protocol, { ...Object.fromEntries(rows), summary: Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, digits(value)])) }];
    })));
  });
});
