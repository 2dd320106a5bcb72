/** Measurement files -> the documents that predictions use: fits of the host, tables of operations, the device and the machines. Nothing is measured here. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { fitHost } from "../../calibrate/fit/host.ts";
import { fitOperations } from "../../calibrate/fit/operations.ts";
import { readMeasurements } from "../../calibrate/readers/measurement.ts";
import { InputError, unreadableFile, type Problem } from "../../model/problems.ts";
import type { HostCalibration } from "../../model/schema/calibration.ts";
import type { StoredKind } from "../../model/schema/index.ts";
import type { MeasurementRow, Measurements } from "../../model/schema/measurement.ts";
import { reasonOf } from "../host/read-json.ts";
import { deviceOf, makeDevice, type Basis } from "./device-document.ts";
import { best, largest, rateOf, rowsOf } from "./estimates.ts";
import { ownSource } from "../../calibrate/facts.ts";
import { makeMachines } from "./machine-document.ts";
import type { Skip } from "./run-suite.ts";
import { effectOf } from "./suite.ts";

export interface MeasurementSource {
  /** Name in documents: below the scenarios folder where it lies there. */
  readonly name: string;
  readonly sha256: string;
  readonly measurements: Measurements;
}

const mostBytes = 64 * 2 ** 20;

/** Every file that cannot be used is a problem; none is left out in silence. */
export function readSources(files: readonly string[], cwd: string, scenarios: string): MeasurementSource[] {
  const problems: Problem[] = [];
  const sources = files.flatMap((file) => {
    const path = resolve(cwd, file);
    const text = readText(path, file, problems);
    if (text === undefined) return [];
    const { measurements, problems: found } = readMeasurements(text, file);
    problems.push(...found);
    const inside = relative(scenarios, path);
    return measurements === undefined ? [] : [{ name: inside.startsWith("..") ? basename(path) : inside, sha256: createHash("sha256").update(text).digest("hex"), measurements }];
  });
  const [first, ...others] = sources;
  for (const other of others) {
    const [a, b] = [first?.measurements.header.host, other.measurements.header.host];
    if (a?.cpu !== b?.cpu || a?.cores !== b?.cores) problems.push({ code: "conflict", path: `--from ${other.name}`, got: `${b?.cores} cores of ${b?.cpu}`, expected: `${a?.cores} cores of ${a?.cpu}, as in ${first?.name}`, hint: "measurements of one machine at a time" });
  }
  if (problems.length > 0) throw new InputError(problems);
  return sources;
}

function readText(path: string, file: string, problems: Problem[]): string | undefined {
  try {
    const { size } = statSync(path);
    if (size > mostBytes) throw new Error(`a file of ${Math.round(size / 2 ** 20)} MiB`);
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    problems.push({ ...unreadableFile(file, error instanceof TypeError ? "bytes that are not UTF-8 text" : reasonOf(error)), expected: `a measurement file of at most ${mostBytes / 2 ** 20} MiB` });
    return undefined;
  }
}

export interface Fitted {
  readonly documents: ReadonlyArray<{ readonly kind: StoredKind; readonly id: string; readonly value: object }>;
  readonly host: HostCalibration;
  readonly rows: readonly MeasurementRow[];
  readonly assumed: ReadonlyArray<{ readonly document: string; readonly path: string; readonly reason: string }>;
  readonly skipped: readonly Skip[];
  readonly notes: readonly string[];
}

const seed = 1;

/** `notes`: what the run says of itself, such as why it had no weight against other work. */
export function fitSources(id: string, sources: readonly MeasurementSource[], notes: readonly string[] = []): Fitted {
  const measured = sources.map(({ measurements }) => measurements);
  const { host, date } = newest(measured);
  const rows = measured.flatMap((one) => one.rows);
  const skipped = measured.flatMap((one) => one.skipped).map(({ benchmark, skipped: reason }) => ({ benchmark, reason, effect: effectOf(benchmark, reason) }));
  const told = [...notes, ...noteNoise(rows)];
  const head = { $schema: "../schemas/calibration.schema.json", source: ownSource };
  const made = { date, host, from: sources.map(({ name, sha256, measurements }) => ({ file: name, sha256, source: ownSource, rows: measurements.rows.length })) };
  const hostCalibration = { ...head, id: `${id}-host`, title: `Microbenchmarks of ${id}, fitted`, ...(told.length > 0 ? { note: told.join(". ") } : {}), ...fitHost(measured, { machine: id, seed }), ...made, skipped } as HostCalibration;
  const basis: Basis = { id, host, date, rows, fits: hostCalibration.fits };
  const device = makeDevice(basis);
  const machines = makeMachines(basis);
  const tables = [
    { suffix: "operations", what: "Operations of PyTorch", rows: [...rowsOf(rows, "torch-operation", { precision: "fp32" }), ...rowsOf(rows, "torch-step"), ...rowsOf(rows, "loader")], family: torchFamily(host.libraries?.["PyTorch"]) },
    { suffix: "kernels", what: "Matrix products and convolutions of libraries", rows: ["gemm", "convolution"].flatMap((name) => rowsOf(rows, name, { precision: "fp32", threads: 1, library: "onednn" })), family: undefined },
  ].flatMap(({ suffix, what, rows: own, family }) => {
    const name = `${id}-${suffix}-fp32`;
    const body = fitOperations(own, { device: deviceOf(id), precision: "fp32", bounds: boundsOf(rows), ...(family === undefined ? {} : { family }) });
    if (body.surfaces.length === 0) return [];
    return [{ kind: "calibration" as const, id: name, value: { ...head, id: name, title: `${what} on one core of ${id}, FP32`, ...body, ...made } }];
  });
  return {
    documents: [
      { kind: "calibration", id: hostCalibration.id, value: hostCalibration },
      ...tables,
      { kind: "device", id: device.document.id, value: device.document },
      ...machines.map(({ document }) => ({ kind: "machine" as const, id: document.id, value: document })),
    ],
    host: hostCalibration,
    rows,
    assumed: [device, ...machines].flatMap(({ document, assumed }) => assumed.map((one) => ({ document: document.id, ...one }))),
    skipped,
    notes: told,
  };
}

function noteNoise(rows: readonly MeasurementRow[]): string[] {
  const noisy = rows.filter(({ quiet }) => !quiet).length;
  return noisy <= rows.length / 2 ? [] : [`a noisy machine: other work ran during ${noisy} of ${rows.length} rows; intervals are wider, and figures may be too slow. Close other programs and repeat`];
}

function newest(measured: readonly Measurements[]): Measurements["header"] {
  const [first] = measured.map(({ header }) => header).toSorted((a, b) => Date.parse(b.date) - Date.parse(a.date));
  if (first === undefined) throw new Error("no measurements to fit");
  return first;
}

export const torchFamily = (version: string | undefined): string | undefined => {
  const [, short] = /^(\d+\.\d+)/.exec(version ?? "") ?? [];
  return short === undefined ? undefined : `pytorch-${short}-cpu`;
};

/** Rates of the simple bound that the surfaces are over; only their order of magnitude matters, so a round figure stands in for what is missing. */
function boundsOf(rows: readonly MeasurementRow[]): { flop_per_s: number; bytes_per_s: number } {
  const peak = best(rowsOf(rows, "fma-peak", { precision: "fp32", threads: 1 }), "flop") ?? best(rowsOf(rows, "gemm", { precision: "fp32", threads: 1 }), "flop");
  const triad = largest(rowsOf(rows, "stream", { kernel: "triad", threads: 1 }), "bytes");
  return { flop_per_s: peak?.value ?? 1e11, bytes_per_s: triad ? rateOf(triad, "bytes").value : 1e10 };
}
