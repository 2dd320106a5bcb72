/** What the commands that fit published runs share: which series they read, how they tell of progress and errors, and the files they write. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findWorsening } from "../../calibrate/fit/guard.ts";
import type { Progress } from "../../calibrate/fit/transformer/fit-catalogue.ts";
import type { ParityData, ParityRow, ParitySeries } from "../../calibrate/fit/transformer/parity.ts";
import type { Prediction } from "../../calibrate/fit/transformer/protocols.ts";
import { describeErrors } from "../../calibrate/fit/transformer/statistics.ts";
import { showProblem, type Problem } from "../../model/problems.ts";
import type { CorpusCalibration } from "../../model/schema/calibration.ts";
import { shelvedFolders } from "../../model/schema/index.ts";
import { hashOf, readCorpus } from "./published-runs.ts";
import { readJsonFile } from "./read-json.ts";

export interface SeriesToFit {
  readonly series: readonly unknown[];
  /** One entry a file, or one for the stored runs; their series and points. */
  readonly from: CorpusCalibration["from"];
  readonly problems: readonly Problem[];
}

/** Series of the files given, else those stored of one kind. */
export function readSeries(scenarios: string, files: readonly string[], kind: "transformers" | "layers"): SeriesToFit {
  const count = (series: readonly unknown[]) => ({ series: series.length, points: series.reduce((sum: number, one) => sum + ((one as { points?: readonly unknown[] } | null)?.points?.length ?? 0), 0) });
  if (files.length === 0) {
    const corpus = readCorpus(scenarios);
    return { series: corpus[kind], from: [{ file: `scenarios/${shelvedFolders["published-runs"]}`, sha256: hashOf(corpus[kind]), ...count(corpus[kind]) }], problems: corpus.problems };
  }
  const read = files.map((file) => {
    const { value, problems } = readJsonFile(file, basename(file));
    const series = Array.isArray(value) ? (value as unknown[]) : [];
    const wrong: Problem[] = problems.length > 0 || Array.isArray(value) ? [...problems] : [{ code: "wrong-value", path: basename(file), got: typeof value, expected: "an array of series, each with points" }];
    return { file, series, problems: wrong };
  });
  const isRead = read.every(({ problems }) => problems.length === 0);
  const from = isRead ? read.map(({ file, series }) => ({ file: basename(file), sha256: createHash("sha256").update(readFileSync(file)).digest("hex"), ...count(series) })) : [];
  return { series: read.flatMap(({ series }) => series), from, problems: read.flatMap(({ problems }) => problems) };
}

/** One name and number for all that was read. */
export function joinFrom(from: CorpusCalibration["from"]): ParityData["from"] {
  const [first] = from;
  if (first !== undefined && from.length === 1) return { file: first.file, sha256: first.sha256 };
  return { file: from.map(({ file }) => file).join(", "), sha256: createHash("sha256").update(from.map(({ sha256 }) => sha256).join("\n")).digest("hex") };
}

/** Source of each series, with the first of its addresses. */
export function sourcesOf(series: readonly unknown[]): Map<string, ParitySeries["source"]> {
  const list = series as ReadonlyArray<{ id: string; source?: { title?: string; url?: string | readonly string[] } }>;
  return new Map(list.map(({ id, source }) => [id, { title: source?.title ?? id, url: [source?.url ?? ""].flat()[0] ?? "" }]));
}

export function stopAt(problems: readonly Problem[]): void {
  for (const problem of problems) console.error(showProblem(problem));
  if (problems.length > 0) process.exit(1);
}

/** A line a second on standard error. */
export function makeProgress(): Progress {
  let last = 0;
  return (what, done, of) => {
    const now = performance.now();
    if (now - last < 1000) return;
    last = now;
    console.error(`${what}: ${done} of ${of}`);
  };
}

export function printScores(runs: ReadonlyArray<{ readonly case: { readonly id: string; readonly flags: readonly unknown[] } }>, predictions: Readonly<Record<string, readonly Prediction[]>>): void {
  const good = new Set(runs.filter(({ case: { flags } }) => flags.length === 0).map(({ case: { id } }) => id));
  for (const [protocol, list] of Object.entries(predictions)) {
    const errors = describeErrors(list.filter(({ id }) => good.has(id)));
    if (errors) console.log(`${protocol}: ${errors.points} points of ${errors.series} series, MAPE ${(100 * errors.mape).toFixed(1)} %, median ${(100 * errors.median).toFixed(1)} %, 95 % intervals hold ${(100 * errors.coverage95).toFixed(0)} %`);
  }
}

export const writeCalibration = (folder: string, document: CorpusCalibration): void => writeFileSync(join(folder, `${document.id}.json`), `${layOut({ $schema: "../schemas/calibration.schema.json", ...document }, 2, "")}\n`);

/** What predicts worse than the points in the file, which are the record of the last fit; nothing where it cannot be read. */
export function tellWorse(file: string, rows: readonly ParityRow[], predictions: Parameters<typeof findWorsening>[2]): void {
  const { value, problems } = readJsonFile(file, basename(file));
  const recorded = value as ParityData | undefined;
  if (problems.length > 0 || recorded?.points?.predicted_s === undefined) return;
  for (const line of findWorsening(recorded, rows, predictions)) console.log(`worse than recorded: ${line}`);
}

export const writeParity = (file: string, parity: ParityData): void => writeFileSync(file, `${layOut(parity, 2, "")}\n`);

/** Columns and entries of lists on a line each. */
function layOut(value: unknown, depth: number, indent: string): string {
  if (depth === 0 || value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((one) => `${inner}${JSON.stringify(one)}`).join(",\n")}\n${indent}]`;
  return `{\n${Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${layOut(one, depth - 1, inner)}`).join(",\n")}\n${indent}}`;
}
