/**
 * Measured times of single operations on one device, read at any size: calibration document -> table of surfaces. What the table does not hold it says so
 * (undefined), and the caller falls back to the traffic model. The passes of a product that the table lacks are not guessed from other passes.
 */
import type { OperationsCalibration } from "../schema/calibration.ts";
import { boundTime, type OperationPass, type OperationSizes } from "./operations.ts";
import { prepareSurface, readSurface, readSurfaceTime, type PreparedSurface } from "./surface.ts";

export interface OperationTable {
  readonly surfaces: ReadonlyMap<string, PreparedSurface>;
  readonly flop_per_s: number;
  readonly bytes_per_s: number;
  /** Of the precision that the table was measured in: the bounds were computed with it. */
  readonly bytesPerElement: number;
  readonly answers: Map<string, number>;
}

const mostAnswers = 20_000;

export interface TableTime {
  readonly time_s: number;
  /** Of the log; without what is common to all operations. */
  readonly standardError: number;
}

const keyOf = (operation: string, pass: OperationPass) => `${operation} ${pass}`;

/** Here rather than from the schemas, which the parts of a machine know by their types only. */
const elementBytes: Readonly<Record<OperationsCalibration["scope"]["precision"], number>> = { fp64: 8, fp32: 4, tf32: 4, bf16: 2, fp16: 2, fp8: 1, int8: 1, fp4: 0.5 };

const known = new WeakMap<OperationsCalibration, OperationTable>();

export function makeOperationTable(calibration: OperationsCalibration): OperationTable {
  const before = known.get(calibration);
  if (before) return before;
  const surfaces = new Map(calibration.surfaces.map((surface) => [keyOf(surface.operation, surface.pass), prepareSurface(surface)]));
  const table: OperationTable = { surfaces, ...calibration.bounds, bytesPerElement: elementBytes[calibration.scope.precision], answers: new Map() };
  known.set(calibration, table);
  return table;
}

/** Seconds. Intervals ask for the same sizes again and again, so answers are kept with the table. */
export function lookUpTime(table: OperationTable, sizes: OperationSizes, pass: OperationPass): number | undefined {
  const surface = table.surfaces.get(keyOf(sizes.operation, pass));
  if (!surface) return undefined;
  const key = `${keyOf(sizes.operation, pass)} ${sizes.features.join(" ")}`;
  const before = table.answers.get(key);
  if (before !== undefined) return before;
  const time_s = readSurfaceTime(surface, sizes.features, boundTime(sizes, table, table.bytesPerElement));
  if (table.answers.size >= mostAnswers) table.answers.clear();
  table.answers.set(key, time_s);
  return time_s;
}

/** The same with its error, which takes longer. */
export function lookUpEstimate(table: OperationTable, sizes: OperationSizes, pass: OperationPass): TableTime | undefined {
  const surface = table.surfaces.get(keyOf(sizes.operation, pass));
  return surface && readSurface(surface, sizes.features, boundTime(sizes, table, table.bytesPerElement));
}
