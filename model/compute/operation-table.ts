/**
 * Measured times of single operations on one device, read at any size: calibration document -> table of surfaces. What the table does not hold it says so
 * (undefined), and the caller falls back to the traffic model. The passes of a product that the table lacks are not guessed from other passes.
 */
import type { OperationsCalibration } from "../schema/calibration.ts";
import { boundTime, type OperationPass, type OperationSizes } from "./operations.ts";
import { prepareSurface, readSurface, type PreparedSurface } from "./surface.ts";

export interface OperationTable {
  readonly surfaces: ReadonlyMap<string, PreparedSurface>;
  readonly flop_per_s: number;
  readonly bytes_per_s: number;
}

export interface TableTime {
  readonly time_s: number;
  /** Of the log; without what is common to all operations. */
  readonly standardError: number;
}

const keyOf = (operation: string, pass: OperationPass) => `${operation} ${pass}`;

const known = new WeakMap<OperationsCalibration, OperationTable>();

export function makeOperationTable(calibration: OperationsCalibration): OperationTable {
  const before = known.get(calibration);
  if (before) return before;
  const surfaces = new Map(calibration.surfaces.map((surface) => [keyOf(surface.operation, surface.pass), prepareSurface(surface)]));
  const table: OperationTable = { surfaces, ...calibration.bounds };
  known.set(calibration, table);
  return table;
}

/** `bytesPerElement`: of the precision that the table was measured in. */
export function lookUpTime(table: OperationTable, sizes: OperationSizes, pass: OperationPass, bytesPerElement: number): TableTime | undefined {
  const surface = table.surfaces.get(keyOf(sizes.operation, pass));
  return surface && readSurface(surface, sizes.features, boundTime(sizes, table, bytesPerElement));
}
