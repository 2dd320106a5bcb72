/** Runs entries of the suite one after another, writes their rows as they come, and keeps account of what was left out and what that costs. */
import type { ChildEnd } from "./children.ts";
import { findLacking, launch, type Ground } from "./launch.ts";
import type { Progress } from "./progress.ts";
import { waitForQuiet } from "./quiet.ts";
import { failureOf, readLine, type MeasurementFile } from "./measurement-file.ts";
import { effectOf, estimateOf, type Entry, type Mode } from "./suite.ts";

export interface Skip {
  readonly benchmark: string;
  readonly reason: string;
  readonly effect: string;
}

export interface SuiteTask {
  readonly entries: readonly Entry[];
  readonly mode: Mode;
  readonly ground: Ground;
  readonly record: MeasurementFile;
  readonly progress: Progress;
  readonly stop: AbortSignal;
}

export interface SuiteResult {
  readonly skipped: readonly Skip[];
  readonly added: number;
  /** Entries that came to an end; less than all where the run was stopped. */
  readonly finished: number;
}

/** Time that a run may spend waiting for neighbours, over all its entries. */
const patience_s: Readonly<{ [mode in Mode]: number }> = { tiny: 0, quick: 8, full: 60 };

export async function runSuite({ entries, mode, ground, record, progress, stop }: SuiteTask): Promise<SuiteResult> {
  const skipped: Skip[] = [];
  let [added, finished, patience] = [0, 0, patience_s[mode]];
  const leaveOut = (entry: Entry, reason: string) => {
    const failure = failureOf(entry, reason);
    record.skip(failure);
    skipped.push({ benchmark: failure.benchmark, reason: failure.skipped, effect: entry.effect });
    progress.say(`left out ${labelOf(entry)}: ${reason}`);
  };
  const able = entries.filter((entry) => findLacking(entry, ground) === undefined);
  progress.plan(able.length, able.reduce((sum, entry) => sum + estimateOf(entry, mode), 0));
  for (const entry of entries) {
    const lacking = findLacking(entry, ground);
    if (lacking !== undefined) {
      leaveOut(entry, lacking);
      finished++;
      continue;
    }
    const { waited_s } = await waitForQuiet(patience, stop, (pressure) => progress.say(`other work keeps the processors busy (${Math.round(pressure)} % pressure): waiting up to ${Math.ceil(patience)} s`));
    patience -= waited_s;
    if (stop.aborted) break;
    progress.begin(labelOf(entry), estimateOf(entry, mode));
    const told: Told = { rows: 0, skips: 0, faults: [] };
    const onLine = (text: string) => {
      if (text.trim() === "") return;
      const line = readLine(text);
      if ("row" in line) {
        told.rows++;
        if (record.add(line.row)) added++;
        progress.row(line.row);
      } else if ("skipped" in line) {
        told.skips++;
        skipped.push({ benchmark: line.skipped.benchmark, reason: line.skipped.skipped, effect: effectOf(line.skipped.benchmark, line.skipped.skipped) });
        record.skip(line.skipped);
      } else told.faults.push(line.fault);
    };
    const guarded = guard(onLine, stop);
    const result = await launch(entry, mode, ground, { onLine: guarded.onLine, stop: guarded.stop, limit_s: 30 + 3 * estimateOf(entry, mode) });
    progress.end();
    if (guarded.error !== undefined) throw guarded.error;
    if (stop.aborted) break;
    finished++;
    const reason = "lacking" in result ? result.lacking : describeFailure(result.ends, told);
    if (reason !== undefined) leaveOut(entry, reason);
  }
  return { skipped, added, finished };
}

interface Told {
  rows: number;
  skips: number;
  faults: string[];
}

export const labelOf = (entry: Entry): string => (entry.link === undefined ? entry.id : `${entry.program} over ${entry.link}`);

/** A row that cannot be written ends the program that is running; its error is thrown when that has ended. */
function guard(onLine: (text: string) => void, stop: AbortSignal): { onLine: (text: string) => void; stop: AbortSignal; error: unknown } {
  const broken = new AbortController();
  const guarded = {
    error: undefined as unknown,
    stop: AbortSignal.any([stop, broken.signal]),
    onLine: (text: string) => {
      if (guarded.error !== undefined) return;
      try {
        onLine(text);
      } catch (error) {
        guarded.error = error;
        broken.abort();
      }
    },
  };
  return guarded;
}

const exitWords: Readonly<{ [code: number]: string }> = { 2: "it does not take its arguments", 3: "it computed a wrong result" };

/** What went wrong in an entry that was started; rows that came before are kept. */
function describeFailure(ends: readonly ChildEnd[], { rows, skips, faults }: Told): string | undefined {
  const kept = rows > 0 ? `; ${rows} ${rows === 1 ? "row" : "rows"} before that are kept` : "";
  if (ends.some(({ by }) => by === "limit")) return `it did not end in the time it may take${kept}`;
  const failed = ends.find(({ code, by }) => code !== 0 && by !== "another") ?? ends.find(({ code }) => code !== 0);
  if (failed) {
    const words = failed.words.split("\n").at(-1) ?? "";
    const what = failed.missing ? "it cannot be started" : failed.code === null ? "a signal ended it" : (exitWords[failed.code] ?? `exit code ${failed.code}`);
    return `${what}${words === "" ? "" : ` (${words})`}${kept}`;
  }
  if (faults.length > 0) return `it wrote ${faults[0]}${faults.length > 1 ? `, and ${faults.length - 1} more of that kind` : ""}${kept}`;
  return rows + skips === 0 ? "it wrote no row" : undefined;
}
