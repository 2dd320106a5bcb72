/** Rows whose words hold a pattern; * stands for anything. None is a problem that names what there is. */
import { InputError, unknownName } from "../../model/problems.ts";

export function matching<Row>(rows: readonly Row[], pattern: string | undefined, words: (row: Row) => string, name: (row: Row) => string): Row[] {
  if (pattern === undefined) return [...rows];
  const parts = pattern.toLowerCase().split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const wanted = new RegExp(parts.join(".*"));
  const found = rows.filter((row) => wanted.test(words(row).toLowerCase()));
  if (found.length === 0) throw new InputError([unknownName("--op", "operation", pattern, [...new Set(rows.map(name))])]);
  return found;
}
