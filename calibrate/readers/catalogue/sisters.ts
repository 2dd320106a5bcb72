/** Rows of the same source, model, machine kind and layout lend each other the interleaving that some of them leave out, where all that state it agree. */
import type { Row } from "./matching.ts";
import { numberAt, recordAt, textAt } from "./record.ts";

const keyOf = ({ series, point }: Row): string =>
  JSON.stringify([textAt(recordAt(series, "source"), "url"), textAt(recordAt(series, "model"), "name"), textAt(recordAt(series, "machine"), "accelerator"), numberAt(point, "tp") ?? 1, numberAt(point, "pp") ?? 1, numberAt(point, "cp") ?? 1]);

export function findSisterStages(rows: readonly Row[]): (row: Row) => number | undefined {
  const stated = new Map<string, Set<number>>();
  for (const row of rows) {
    const value = numberAt(row.point, "vpp");
    if (value === undefined || !((numberAt(row.point, "pp") ?? 1) > 1)) continue;
    const key = keyOf(row);
    stated.set(key, (stated.get(key) ?? new Set()).add(value));
  }
  return (row) => {
    const values = stated.get(keyOf(row));
    return values?.size === 1 ? [...values][0] : undefined;
  };
}
