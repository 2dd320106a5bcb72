/** What the store holds of a file, as the reader gave it: rows with their values together again. */
import type { ImportedRow } from "../../calibrate/readers/index.ts";
import { query } from "./query.ts";
import type { Store } from "./open.ts";

export interface StoredFile {
  readonly sha256: string;
  readonly name: string;
  readonly reader: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly rows: readonly ImportedRow[];
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Files under one name, or all; `like` is a pattern (RE2) of the benchmarks wanted. */
export async function readFiles(store: Store, { label, like }: { label?: string; like?: string } = {}): Promise<StoredFile[]> {
  const under = label === undefined ? "true" : `sha256 in (select sha256 from labels where label = ${quote(label)})`;
  const { rows: files } = await query(store, `select sha256, name, reader, facts::varchar as facts from files where ${under} order by imported, name, sha256`);
  const { rows } = await query(store, `select sha256, position, line, benchmark, "case"::varchar as "case", quantity, value, marks, other::varchar as other from measurements where sha256 in (select sha256 from files where ${under}) ${like === undefined ? "" : `and regexp_matches(benchmark, ${quote(like)})`} order by sha256, position, rowid`);
  const found = new Map<string, Map<number, ImportedRow & { values: Record<string, number> }>>();
  for (const { sha256, position, line, benchmark, case: given, quantity, value, marks, other } of rows) {
    const of = found.get(String(sha256)) ?? new Map<number, ImportedRow & { values: Record<string, number> }>();
    if (of.size === 0) found.set(String(sha256), of);
    const known = of.get(Number(position));
    if (known) known.values[String(quantity)] = Number(value);
    else of.set(Number(position), {
      line: Number(line),
      benchmark: String(benchmark),
      case: JSON.parse(String(given)) as ImportedRow["case"],
      values: { [String(quantity)]: Number(value) },
      ...(marks === "" ? {} : { marks: String(marks).split(",") as NonNullable<ImportedRow["marks"]> }),
      ...(other === null ? {} : { other: JSON.parse(String(other)) as Record<string, string> }),
    });
  }
  return files.map(({ sha256, name, reader, facts }) => ({ sha256: String(sha256), name: String(name), reader: String(reader), facts: JSON.parse(String(facts)) as StoredFile["facts"], rows: [...(found.get(String(sha256))?.values() ?? [])] }));
}
