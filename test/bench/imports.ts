/**
 * Import of large files, in a process of its own, as `exatwin import` does it: hashed, streamed from disk, every row counted. A trace has 128 MB, or the size of EXATWIN_BENCH_TRACE_MB, a log of text
 * 100 MB; what the process holds at most is told beside the rate.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kinetoTrace } from "./kineto-trace.ts";
import { writeTextLog, type TextLog } from "./text-logs.ts";

export interface Measured {
  readonly megabytes: number;
  readonly time_s: number;
  readonly most_mebibytes: number;
}

export function writeTrace(path: string, bytes: number): void {
  const handle = openSync(path, "w");
  for (const piece of kinetoTrace(bytes)) writeSync(handle, piece);
  closeSync(handle);
}

let folder: string | undefined;
const written = new Map<string, string>();

function fileOf(name: string, write: (path: string) => void): string {
  const known = written.get(name);
  if (known !== undefined) return known;
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "exatwin-bench-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const path = join(folder, name);
  write(path);
  written.set(name, path);
  return path;
}

function importFile(path: string): Measured {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", "tsx", join(import.meta.dirname, "import-once.ts"), path], { encoding: "utf8", maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

export const importTrace = (): Measured => importFile(fileOf("trace.json", (path) => writeTrace(path, Number(process.env["EXATWIN_BENCH_TRACE_MB"] ?? 128) * 1e6)));

const rateOf = ({ megabytes, time_s }: Measured): number => megabytes / time_s;

/** MB/s. */
export const importRate = (): number => rateOf(importTrace());

/** MB/s. */
export const importTextRate = (log: TextLog): number => rateOf(importFile(fileOf(`${log}.log`, (path) => writeTextLog(path, log, 1e8))));
