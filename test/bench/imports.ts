/**
 * Import of a large trace, in a process of its own, as `exatwin import` does it: hashed, streamed from disk, every row counted. The size is 128 MB, or that of EXATWIN_BENCH_TRACE_MB; what the process
 * holds at most is told beside the rate.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kinetoTrace } from "./kineto-trace.ts";

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

let known: { readonly path: string; readonly folder: string } | undefined;

function traceFile(): string {
  if (!known) {
    const folder = mkdtempSync(join(tmpdir(), "exatwin-bench-"));
    known = { folder, path: join(folder, "trace.json") };
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    writeTrace(known.path, Number(process.env["EXATWIN_BENCH_TRACE_MB"] ?? 128) * 1e6);
  }
  return known.path;
}

export function importTrace(): Measured {
  const path = traceFile();
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", "tsx", join(import.meta.dirname, "import-once.ts"), path], { encoding: "utf8", maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

/** MB/s. */
export function importRate(): number {
  const { megabytes, time_s } = importTrace();
  return megabytes / time_s;
}
