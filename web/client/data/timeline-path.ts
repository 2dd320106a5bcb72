/** Where the time of a step, or of a part of it, goes: what the critical path passes through by kind, beside what the slowest rank does meanwhile. Path rows add up to the part. */
import type { TermGroup } from "../../../model/prediction.ts";
import { kindNames } from "../../../model/program/types.ts";
import type { KindName } from "../../../model/simulate/record.ts";
import type { Simulation } from "../../../model/simulate/simulation.ts";
import type { Unit } from "../format.ts";
import type { Span } from "../timeline/state.ts";
import { closeRounded } from "./rounding.ts";
import type { Table } from "./table.ts";
import { categoryOf, type Role } from "./timeline-lanes.ts";
import { kindTitle } from "./timeline-words.ts";

export interface PathRow {
  id: string;
  label: string;
  category: TermGroup;
  path_s: number;
  /** The slowest rank's, on the path or not. */
  busy_s: number;
  operations: number;
}

export interface PathData {
  span: Span;
  rows: PathRow[];
  total_s: number;
}

const within = (start_s: number, end_s: number, [from, to]: Span): number => Math.max(0, Math.min(end_s, to) - Math.max(start_s, from));

export function pathData({ path }: Pick<Simulation, "path">, slowest: Pick<Role, "lanes">, step_s: number, chosen: Span | null): PathData {
  const span: Span = chosen === null ? [0, step_s] : [Math.max(0, chosen[0]), Math.min(step_s, chosen[1])];
  const rows = new Map<KindName, PathRow>();
  const rowOf = (kind: KindName, category: TermGroup): PathRow => {
    const row = rows.get(kind) ?? { id: kind, label: kindTitle(kind), category, path_s: 0, busy_s: 0, operations: 0 };
    rows.set(kind, row);
    return row;
  };
  for (const part of path) {
    const time_s = within(part.start_s, part.end_s, span);
    if (time_s <= 0) continue;
    const row = rowOf(part.kind, categoryOf(part));
    row.path_s += time_s;
    row.operations++;
  }
  let [wait_s, idle_s] = [0, 0];
  for (const { bars, gaps } of slowest.lanes) {
    for (const { operation, category } of bars) {
      const busy_s = within(operation.begin_s, operation.end_s, span);
      if (busy_s > 0) rowOf(operation.kind, category).busy_s += busy_s;
      wait_s += within(operation.start_s, operation.begin_s, span);
    }
    for (const { start_s, end_s } of gaps) idle_s += within(start_s, end_s, span);
  }
  const sorted = [...rows.values()].toSorted((a, b) => kindNames.indexOf(a.id as KindName) - kindNames.indexOf(b.id as KindName));
  const passive = (id: string, label: string, busy_s: number): PathRow[] => (busy_s > 0 ? [{ id, label, category: "wait", path_s: 0, busy_s, operations: 0 }] : []);
  return { span, rows: [...sorted, ...passive("wait", "Waiting for other ranks", wait_s), ...passive("idle", "Compute stream idle", idle_s)], total_s: Math.max(0, span[1] - span[0]) };
}

export const decimalsFor = (value: number, unit: Unit): number => Math.max(0, 3 - Math.floor(Math.log10(Math.max(value / unit.scale, 1e-9))));

export function printedPath({ rows }: PathData, unit: Unit, decimals: number): { rows: number[]; total: number } {
  return closeRounded(rows.map(({ path_s }) => path_s / unit.scale), decimals);
}

export function pathTable(data: PathData, unit: Unit): Table {
  const value = (time_s: number) => Number((time_s / unit.scale).toPrecision(7));
  return {
    name: "critical-path", caption: "The critical path by kind of operation",
    columns: [{ name: "kind" }, { name: "on the path", unit: unit.unit }, { name: "operations on it" }, { name: "busy on the slowest rank", unit: unit.unit }],
    rows: [...data.rows.map(({ label, path_s, operations, busy_s }) => [label, value(path_s), operations, value(busy_s)]), ["Together", value(data.total_s), data.rows.reduce((sum, { operations }) => sum + operations, 0), null]],
  };
}
