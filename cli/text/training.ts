/** A training run on one screen: days and ratios by number of devices, then of the largest where the time goes, how often to save, and what the numbers rest on. */
import { explainTraining } from "../../model/index.ts";
import type { Training, TrainingRun } from "../../model/training-run/training-run.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import { bar } from "./bars.ts";
import { billLines } from "./energy.ts";
import { bold, cyan, dim, wrap, type Look } from "./look.ts";
import { showCount, unitFor } from "./quantities.ts";
import { lengthOf, pad, writeTable } from "./table.ts";

export function writeTraining(training: Training, look: Look): string {
  const { scenario, runs, notes, unused, draws, seed } = training;
  const largest = runs.at(-1);
  if (largest === undefined) return "";
  return [
    wrap(bold(`${scenario.workload.title} on ${scenario.machine.title}`, look), look.width),
    wrap(`${wantedWords(training, largest)}; plan ${scenario.plan.id}; stack ${scenario.stack.id}; ${showCount(draws)} runs drawn with seed ${seed}`, look.width),
    "",
    writeRuns(runs, look),
    "",
    writeParts(largest, look),
    "",
    ...explainTraining(training).filter(({ id }) => id !== "effective").map(({ title, numbers, words }) => wrap(`${bold(title, look)}: ${numbers}. ${words}`, look.width, "  ")),
    "",
    ...billLines(largest.bill).map((line) => wrap(line, look.width, "  ")),
    "",
    ...largest.warnings.map((warning) => wrap(`${bold("Warning", look)}: ${warning}`, look.width, "  ")),
    ...unused.map(({ label, path, reason }) => wrap(`Without effect: ${label} (${path}): ${reason}`, look.width, "  ")),
    ...notes.map((note) => wrap(`Note: ${note}`, look.width, "  ")),
    wrap(dim("Effective: training that is kept over wall time. Uptime: time in which processes run. Goodput: as effective, with staging. Intervals 95 %, days of nine runs in ten.", look), look.width, "  "),
  ].join("\n");
}

function wantedWords({ wanted }: Training, { steps, tokens }: TrainingRun): string {
  const [count = "", unit = ""] = wanted.split(" ");
  const asked = unit === "steps" ? "" : `${large(Number(count))} ${unit}, `;
  return `${asked}${showCount(steps)} steps${tokens !== null && unit !== "tokens" ? `, ${large(tokens)} tokens` : ""}`;
}

const prefixes = [["T", 1e12], ["B", 1e9], ["M", 1e6]] as const;
const large = (value: number): string => {
  const [suffix, scale] = prefixes.find(([, step]) => value >= step) ?? ["", 1];
  return `${formatNumber(value / scale, 4)}${suffix === "" ? "" : ` ${suffix}`}`;
};

function writeRuns(runs: readonly TrainingRun[], look: Look): string {
  const step = unitFor(runs.map(({ stepTime_s }) => stepTime_s.value), "time");
  const percent = (value: number): string => (value * 100).toFixed(1);
  const whole = unitFor(runs.map(({ days }) => days.p50 * 86_400), "time");
  const days = (value: number): string => whole.show(value * 86_400);
  return writeTable(
    [
      { head: "GPUs", cells: runs.map(({ devices }) => showCount(devices)) },
      { head: "nodes", cells: runs.map(({ nodes }) => showCount(nodes)) },
      { head: "step time", unit: step.unit, cells: runs.map(({ stepTime_s }) => step.show(stepTime_s.value)) },
      { head: "median", unit: whole.unit, cells: runs.map(({ days: { p50 } }) => days(p50)) },
      { head: "9 of 10 runs", unit: whole.unit, cells: runs.map(({ days: { p05, p95 } }) => `${days(p05)} – ${days(p95)}`) },
      { head: "effective", unit: "%", cells: runs.map(({ effective }) => percent(effective.value)) },
      { head: "interval", unit: "%", cells: runs.map(({ effective }) => `${percent(effective.low95)} – ${percent(effective.high95)}`) },
      { head: "uptime", unit: "%", cells: runs.map(({ uptime }) => percent(uptime.value)) },
      { head: "goodput", unit: "%", cells: runs.map(({ goodput }) => percent(goodput.value)) },
      { head: "interrupted", unit: "every", cells: runs.map(({ interruptions }) => (interruptions === null ? "" : showQuantity(interruptions.meanBetween_s.value, "time"))) },
    ],
    look,
  );
}

function writeParts({ devices, parts, wall_s }: TrainingRun, look: Look): string {
  const shown = parts.filter(({ share }) => share > 0);
  const labels = Math.max(...shown.map(({ label }) => lengthOf(label)));
  const most = Math.max(...shown.map(({ share }) => share));
  const line = ({ label, time_s, share }: TrainingRun["parts"][number]): string => `  ${pad(label, labels, "left")}  ${pad(showQuantity(time_s, "time"), 10, "right")} ${pad(share < 5e-5 ? "< 0.01 %" : `${(share * 100).toFixed(2)} %`, 8, "right")}  ${cyan(bar(share, most, 28), look)}`;
  return [bold(`Where the time goes at ${showCount(devices)} GPUs: ${showQuantity(wall_s, "time")}`, look), ...shown.map(line)].join("\n");
}
