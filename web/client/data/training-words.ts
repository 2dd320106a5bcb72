/** Titles of the page of training runs: what each panel has found, in a sentence. */
import type { TrainingRun } from "../../../model/index.ts";
import { percent, show } from "../format.ts";
import { lostParts } from "../charts/run-parts.ts";

export const runTitle = (run: TrainingRun, workload: string): string => `${workload}: ${show(run.days.p50 * 86_400, "time")} on ${run.devices.toLocaleString("en-US")} GPUs`;

export function goodputTitle({ interval, effective, curve }: TrainingRun): string {
  if (interval === null) return "Nothing fails: one checkpoint at the end is enough";
  if (curve.length === 0) return `Nothing fails: saving every ${show(interval.used_s, "time")} keeps ${percent(effective.value)} of the time`;
  const best = Math.max(...curve.map((one) => one.effective));
  const lost = best - effective.value;
  if (!interval.stated || lost < 0.002) return `Saving every ${show(interval.used_s, "time")} keeps ${percent(effective.value)} of the time`;
  return `Saving every ${show(interval.used_s, "time")} keeps ${percent(effective.value)}; every ${show(interval.best_s, "time")} would keep ${percent(best)}`;
}

export const goodputSubtitle = ({ interval, curve }: TrainingRun): string => (interval === null || curve.length === 0 ? "" : `Shaded: ${show(interval.flat.low_s, "time")} to ${show(interval.flat.high_s, "time")} lose at most ${percent(interval.flat.tolerance, 2)} more than the best. Band: 80\u202f% of what is not known. Young ${show(interval.young_s, "time")}, Daly ${show(interval.daly_s, "time")}.`);

export function daysTitle({ days, drawn_s }: TrainingRun): string {
  const factor = days.p95 / days.p05;
  const longest = drawn_s.at(-1) ?? 0;
  return factor < 1.05 ? `It takes ${show(days.p50 * 86_400, "time")}, give or take little` : `Nine runs in ten take ${show(days.p05 * 86_400, "time")} to ${show(days.p95 * 86_400, "time")}; the longest drawn ${show(longest, "time")}`;
}

export function partsTitle(run: TrainingRun): string {
  const [most] = lostParts(run);
  return most === undefined ? "Nothing is lost" : `Most is lost to ${most.label.charAt(0).toLowerCase()}${most.label.slice(1)}: ${percent(most.share, 2)} of the time`;
}
