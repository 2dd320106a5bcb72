/** Validation as a table of cases and a line of the summary. */
import type { Validation, ValidationCase } from "../../model/prediction.ts";
import { metrics, type Metric } from "../../model/schema/run.ts";
import type { Dimension } from "../../model/units.ts";
import { metricLabels } from "../host/published.ts";
import { bold, wrap, type Look } from "./look.ts";
import { showCount, showError, unitFor } from "./quantities.ts";
import { writeTable } from "./table.ts";

export function writeValidation(validation: Validation, look: Look): string {
  const { cases, excluded } = validation;
  const outside = cases.filter((item) => !isInside(item)).length;
  return [
    bold(`Predicted against published, protocol ${validation.protocol}`, look),
    "",
    writeCases(cases, look),
    "",
    ...writeSummary(validation, outside, look),
    ...(validation.calibrationCases?.length ? ["", bold("Points that their run names for calibration: in no summary", look), "", writeCases(validation.calibrationCases, look), ""] : []),
    ...writeExcluded(excluded, look),
  ].join("\n");
}

/** More rows than are read one by one are counted by the rule that begins their reason. */
const listed = 40;

function writeExcluded(excluded: Validation["excluded"], look: Look): string[] {
  if (excluded.length <= listed) return excluded.map(({ run, point, reason }) => wrap(`left out: ${run} ${point}: ${reason}`, look.width, "  "));
  const rules = new Map<string, number>();
  for (const { reason } of excluded) {
    const rule = reason.split(":")[0] ?? reason;
    rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  const rows = [...rules].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return ["", `left out: ${showCount(excluded.length)} rows, by rule (--json names each)`, writeTable([{ head: "rule", align: "left", gives: true, cells: rows.map(([rule]) => rule) }, { head: "rows", cells: rows.map(([, count]) => showCount(count)) }], look, 2)];
}

/** Grouped by run: its id stands above its points, uncut. Each row is in the unit in which the published value reads best. */
export function writeCases(cases: readonly ValidationCase[], look: Look): string {
  if (cases.length === 0) return "no case";
  const scales = cases.map(({ measured, metric }) => unitFor([measured], dimensionOf(metric)));
  const show = (of: (item: ValidationCase) => number, digits: number) => cases.map((item, index) => scales[index]?.show(of(item), digits) ?? "");
  const low = show(({ low95 }) => low95, 3);
  const high = show(({ high95 }) => high95, 3);
  const table = writeTable(
    [
      { head: "point", align: "left", gives: true, keepsEnd: true, cells: cases.map(({ run, point }) => (point.startsWith(`${run}#`) ? point.slice(run.length) : point)) },
      { head: "metric", align: "left", cells: cases.map(({ metric }) => (isMetric(metric) ? metricLabels[metric] : metric)) },
      { head: "GPUs", cells: cases.map(({ devices }) => showCount(devices)) },
      { head: "published", cells: show(({ measured }) => measured, 4) },
      { head: "predicted", cells: show(({ predicted }) => predicted, 4) },
      { head: "95 % interval", cells: low.map((end, index) => `${end} – ${high[index] ?? ""}`) },
      { head: "unit", align: "left", cells: scales.map(({ unit }) => unit) },
      { head: "error", unit: "%", cells: cases.map(({ error }) => showError(error)) },
      { head: "inside", align: "left", cells: cases.map((item) => (isInside(item) ? "yes" : "no")) },
    ],
    look,
    2,
  ).split("\n");
  const rows = table.splice(-cases.length);
  return [...table, ...rows.flatMap((row, index) => (cases[index - 1]?.run === cases[index]?.run ? [row] : [cases[index]?.run ?? "", row]))].join("\n");
}

function writeSummary({ summary }: Validation, outside: number, look: Look): string[] {
  if (summary.n === 0) return ["No point to score."];
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  const line = `n ${summary.n}; MAPE ${percent(summary.mape)}, median ${percent(summary.median)}, p90 ${percent(summary.p90)}, bias ${showError(summary.bias)} %, worst ${showError(summary.worst)} %; inside the 80 % interval ${percent(summary.coverage80)}, inside the 95 % interval ${percent(summary.coverage95)}${outside > 0 ? ` (${outside} outside)` : ""}`;
  return [wrap(line, look.width), wrap("Summary on step time: an error above zero is a prediction that is too slow.", look.width)];
}

/** A line for each kind of network, where there are several. */
export function writeKinds(kinds: Readonly<Record<string, Validation["summary"]>>, look: Look): string[] {
  const entries = Object.entries(kinds);
  return entries.length < 2 ? [] : entries.map(([name, { n, mape, median, coverage95 }]) => wrap(`${name}: n ${n}; MAPE ${(mape * 100).toFixed(1)} %, median ${(median * 100).toFixed(1)} %; inside the 95 % interval ${(coverage95 * 100).toFixed(1)} %`, look.width, "  "));
}

export const isInside = (item: ValidationCase): boolean => item.low95 <= item.measured && item.measured <= item.high95;

function dimensionOf(metric: string): Dimension {
  return isMetric(metric) ? metrics[metric] : "count";
}

const isMetric = (metric: string): metric is Metric => Object.hasOwn(metrics, metric);
