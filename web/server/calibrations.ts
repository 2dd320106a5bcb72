/** Calibrations of the library for a reader: heads for a list, and one document whole. What is not of the schema is named and left out. */
import type { Problem } from "../../model/problems.ts";
import type { Library } from "../../model/scenario.ts";
import { isCollectiveCalibration, isCorpusCalibration, isFailureLaw, isDeviceCalibration, isHostCalibration, isOperationsCalibration, isPowerCalibration, type Calibration } from "../../model/schema/calibration.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { CalibrationHead, CalibrationsAnswer } from "../shared/calibration-api.ts";

export function listCalibrations(library: Library): CalibrationsAnswer {
  const calibrations: CalibrationHead[] = [];
  const problems: Problem[] = [];
  for (const id of Object.keys(library.documents.calibration)) {
    const read = readCalibration(library, id);
    if (read.calibration) calibrations.push(headOf(read.calibration));
    else problems.push(...read.problems);
  }
  const dateOf = ({ date }: CalibrationHead) => (date === null ? 0 : Date.parse(date));
  return { calibrations: calibrations.toSorted((a, b) => dateOf(b) - dateOf(a) || (a.id < b.id ? -1 : 1)), problems };
}

export function readCalibration(library: Library, id: string): { calibration?: Calibration; problems: readonly Problem[] } {
  const { document, problems } = parseDocument("calibration", library.documents.calibration[id], `calibrations/${id}`);
  return document === undefined ? { problems } : { calibration: document as Calibration, problems };
}

function headOf(document: Calibration): CalibrationHead {
  const head = { id: document.id, title: document.title, date: null, host: null, rows: null, quiet: null };
  if (isHostCalibration(document)) {
    const points = document.fits.flatMap((fit) => fit.points);
    return { ...head, ...madeOf(document), kind: "host", subject: document.scope.machine, points: points.length, fits: document.fits.length, quiet: points.length === 0 ? null : points.filter(({ quiet }) => quiet).length / points.length };
  }
  if (isOperationsCalibration(document)) {
    return { ...head, ...madeOf(document), kind: "operations", subject: document.scope.device, points: document.surfaces.reduce((sum, { points }) => sum + points.length, 0), fits: document.surfaces.length };
  }
  if (isDeviceCalibration(document)) return { ...head, kind: "device", subject: document.scope.device, rows: document.rows.used, points: document.rows.used, fits: Object.keys(document.parameters).length };
  if (isCollectiveCalibration(document)) return { ...head, kind: "collective", subject: document.scope.library, rows: document.residuals.n, points: document.points.length, fits: 1 };
  if (isPowerCalibration(document)) return { ...head, kind: "power", subject: document.scope.class, rows: document.residuals.n, points: document.residuals.n, fits: Object.keys(document.parameters).length };
  if (isCorpusCalibration(document)) return { ...head, kind: "corpus", subject: document.scope.workload, rows: document.runs, points: document.runs, fits: document.effects.length };
  if (isFailureLaw(document)) return { ...head, kind: "failure-law", subject: document.scope.of, points: document.sites.length, fits: 1 };
  return { ...head, kind: "stack", subject: document.scope.family, points: document.estimates.length, fits: 1 };
}

function madeOf({ date, host, from }: Pick<Extract<Calibration, { host: unknown }>, "date" | "host" | "from">): Pick<CalibrationHead, "date" | "host" | "rows"> {
  const rows = from.map((file) => file.rows).filter((count) => count !== undefined);
  return { date, host: { name: host.name ?? null, cpu: host.cpu, cores: host.cores, memory_bytes: host.memory_bytes }, rows: rows.length === 0 ? null : rows.reduce((sum, count) => sum + count, 0) };
}
