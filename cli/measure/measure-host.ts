/** A whole measurement of this host: finds programs, opens the file, runs the suite, cleans up. The file holds all that was measured even if this ends early. */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError, wrongValue, type Problem } from "../../model/problems.ts";
import type { Host, MeasurementHeader } from "../../model/schema/measurement.ts";
import { packageRoot } from "../host/root.ts";
import { reasonOf } from "../host/read-json.ts";
import { readHost } from "./host.ts";
import type { Ground } from "./launch.ts";
import { findNewest, MeasurementFile } from "./measurement-file.ts";
import { buildPrograms, findPython, programsIn, type Programs } from "./programs.ts";
import { Progress, showSeconds } from "./progress.ts";
import { makeWeight } from "./quiet.ts";
import { runSuite, type Skip } from "./run-suite.ts";
import type { Entry, Mode } from "./suite.ts";
import type { World } from "./world.ts";

export interface Wish {
  readonly id: string;
  readonly mode: Mode;
  readonly entries: readonly Entry[];
  /** Folder of measurement files. */
  readonly folder: string;
  readonly resume: boolean;
  readonly programs: string | undefined;
  readonly python: string | undefined;
  /** A folder on the disk that is measured. */
  readonly storage: string | undefined;
  readonly command: string;
  /** Progress as JSON lines. */
  readonly progress?: boolean;
}

export interface Measured {
  readonly file: string;
  readonly added: number;
  readonly skipped: readonly Skip[];
  readonly notes: readonly string[];
}

export async function measureHost(wish: Wish, io: World, now: Date): Promise<Measured> {
  const begun = wish.resume ? resumeFile(wish) : undefined;
  const entries = wish.entries.filter((entry) => !begun?.whole.has(entry));
  const progress = new Progress(io, wish.progress);
  const needsPython = entries.some(({ launcher }) => launcher.kind === "python");
  const needsNative = entries.some(({ launcher }) => launcher.kind !== "python");
  const python = needsPython ? findPython(wish.python, io.env) : undefined;
  const programs = await findPrograms(wish, needsNative, io, progress);
  const host = readHost({ name: wish.id, python, env: io.env });
  if (begun) requireSameHost(begun.record.header, host, wish);
  const scratch = makeScratch(wish, io);
  const weight = makeWeight();
  try {
    if (io.stop.aborted) throw cancelled(begun?.record.file, 0, entries.length);
    const record = begun?.record ?? MeasurementFile.begin(wish.folder, `${wish.id}-${now.toISOString().slice(0, 10)}`, headerOf(wish, host, now));
    const ground: Ground = { programs, python, cores: host.cores, hasGpu: host.devices !== undefined, scratch, env: io.env, weight };
    const started = performance.now();
    const { skipped, added, finished } = await runSuite({ entries, mode: wish.mode, ground, record, progress, stop: io.stop });
    if (io.stop.aborted) throw cancelled(record.file, finished, entries.length);
    progress.say(`measured for ${showSeconds((performance.now() - started) / 1000)}: ${added} rows in ${record.file}`);
    return { file: record.file, added, skipped, notes: weight.lacking === undefined ? [] : [`the programs ran without a weight of their own against other work: ${weight.lacking}; intervals are wider where other work ran`] };
  } finally {
    progress.clear();
    weight.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function resumeFile({ folder, id, mode, entries }: Wish): { record: MeasurementFile; whole: ReadonlySet<Entry> } {
  const newest = findNewest(folder, id);
  if (newest === undefined) throw new InputError([{ code: "nothing-to-resume", path: "--resume", got: `no measurements of ${id} in ${folder}`, expected: `a file ${id}-DATE.jsonl there`, hint: "without --resume a new one is begun" }]);
  const { record, whole } = MeasurementFile.resume(newest, entries);
  if (record.header.mode !== mode) throw new InputError([wrongValue("--resume", `${mode} for a file that was begun as ${record.header.mode ?? "something else"}`, "the mode in which the file was begun", newest)]);
  return { record, whole };
}

/** Rows of two machines in one file would be fitted as one. */
function requireSameHost({ host: before }: MeasurementHeader, host: Host, { id }: Wish): void {
  const problems: Problem[] = [];
  for (const key of ["cpu", "cores"] as const) {
    if (before[key] !== host[key]) problems.push(wrongValue(`--resume: host.${key}`, host[key], `${before[key]}, as where the file was begun`, "another machine: --id NAME begins a file of its own"));
  }
  if (problems.length > 0) throw new InputError(problems);
  if (before.name !== undefined && before.name !== id) throw new InputError([wrongValue("--resume: host.name", id, before.name)]);
}

async function findPrograms(wish: Wish, needed: boolean, io: World, progress: Progress): Promise<Programs> {
  if (wish.programs !== undefined) return programsIn(wish.programs, io.cwd);
  if (!needed) return { folder: "", lacks: () => undefined };
  return buildPrograms({ env: io.env, stop: io.stop, say: (line) => progress.say(line) });
}

function makeScratch({ storage }: Wish, io: World): string {
  const folder = join(storage === undefined ? join(packageRoot, ".cache") : resolve(io.cwd, storage), `measure-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw new InputError([{ code: "unwritable-file", path: storage === undefined ? folder : "--storage", got: reasonOf(error), expected: "a folder that can be written, on the disk to measure", hint: "--storage FOLDER names one" }]);
  }
}

const headerOf = ({ id, mode, command }: Wish, host: Host, now: Date): MeasurementHeader => ({ schema: "exatwin-measurement/1", title: `Microbenchmarks of ${id}`, date: now.toISOString(), host, command, mode });

function cancelled(file: string | undefined, finished: number, total: number): InputError {
  return new InputError([{ code: "cancelled", path: file ?? "the measurement", got: `a request to stop after ${finished} of ${total} benchmarks`, expected: "a run to the end", ...(file === undefined ? {} : { hint: "what was measured stays there: --resume goes on" }) }]);
}
