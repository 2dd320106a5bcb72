/** Stands in for the native programs: small shell scripts that print rows, so that no test measures anything. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MeasurementRow } from "../../../model/schema/measurement.ts";

export interface RowWish {
  readonly benchmark: string;
  readonly case?: MeasurementRow["case"];
  readonly work?: MeasurementRow["work"];
  readonly median_s?: number;
  /** Half of the middle 80 %, relative. */
  readonly spread?: number;
  readonly quiet?: boolean;
}

export function makeRow({ benchmark, case: given = {}, work = {}, median_s = 1e-3, spread = 0.02, quiet = true }: RowWish): MeasurementRow {
  const at = (factor: number) => median_s * factor;
  return { benchmark, case: given, work, time_s: { min: at(1 - 2 * spread), p10: at(1 - spread), median: median_s, p90: at(1 + spread), max: at(1 + 2 * spread), mean: median_s }, count: 9, inner: 1, interrupted: 0, pressure: 0, quiet, checked: true };
}

/** A program that runs `script` in a shell. */
export function makeProgram(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

export const printing = (...lines: readonly object[]): string => lines.map((line) => `echo '${JSON.stringify(line)}'`).join("\n");

export const peakRow = (threads = 1): MeasurementRow => makeRow({ benchmark: "fma-peak", case: { precision: "fp32", unit: "avx2", threads }, work: { flop: 1e8 * threads }, median_s: 1e-3 });
export const triadRow = (bytes = 2 ** 28, threads = 1): MeasurementRow => makeRow({ benchmark: "stream", case: { kernel: "triad", bytes, threads }, work: { bytes }, median_s: bytes / 1e10 });

/** All-reduces of two ranks over a link with a latency and a bandwidth. */
export function allReduceRows(link: string, latency_s: number, bandwidth_bytes_per_s: number): MeasurementRow[] {
  return Array.from({ length: 12 }, (_, index) => {
    const bytes = 2 ** (12 + index);
    return makeRow({ benchmark: "gloo-all-reduce", case: { bytes, ranks: 2, link, algorithm: "ring" }, work: { bytes }, median_s: latency_s + bytes / bandwidth_bytes_per_s, spread: 0.005 });
  });
}

export function overlapRows(link: string, bytes: number, alone_s: number, network: number, compute: number): MeasurementRow[] {
  const row = (measure: string, median_s: number) => makeRow({ benchmark: "gloo-overlap", case: { measure, bytes, ranks: 2, link }, work: measure.startsWith("all") ? { bytes } : {}, median_s });
  return [row("all-reduce-alone", alone_s), row("all-reduce-beside-compute", alone_s / network), row("compute-alone", 1e-3), row("compute-beside-all-reduce", 1e-3 / compute)];
}
