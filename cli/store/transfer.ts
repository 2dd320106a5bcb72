/** A store as a folder of Parquet or CSV files, one per table, and back. What is there already is not added again; order is fixed, so the same content gives the same files. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../model/problems.ts";
import { tables, type Table } from "./migrations.ts";
import { inTransaction, type Store } from "./open.ts";

export const formats = ["parquet", "csv"] as const;
export type Format = (typeof formats)[number];

/** Columns by which a row is known. */
const keys: Record<Table, readonly string[]> = {
  files: ["sha256"],
  labels: ["sha256", "label"],
  measurements: ["sha256", "position", "quantity"],
  line_problems: ["sha256", "line", "got", "expected"],
  exclusions: ["sha256", "rule"],
  documents: ["kind", "id"],
  predictions: ["id", "devices", "quantity"],
  sweeps: ["id", "place", "quantity"],
};

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const fileOf = (folder: string, table: Table, format: Format): string => join(folder, `${table}.${format}`);

export interface Moved {
  readonly table: Table;
  readonly rows: number;
}

export async function exportTables({ connection }: Store, folder: string, format: Format): Promise<Moved[]> {
  mkdirSync(folder, { recursive: true });
  const moved: Moved[] = [];
  for (const table of tables) {
    const order = keys[table].map((key) => `"${key}"`).join(", ");
    const options = format === "parquet" ? "format parquet, compression zstd" : "format csv, header";
    await connection.run(`copy (select * from ${table} order by ${order}) to ${quote(fileOf(folder, table, format))} (${options})`);
    moved.push({ table, rows: await countRows({ connection }, table) });
  }
  return moved;
}

/** Adds the rows of a folder that `exportTables` wrote; gives how many were new. */
export async function importTables({ connection }: Store, folder: string): Promise<Moved[]> {
  const format = formats.find((one) => existsSync(fileOf(folder, "files", one)));
  if (!format) throw new InputError([{ code: "unreadable-file", path: folder, got: "no files.parquet and no files.csv", expected: "a folder that exatwin store export wrote" }]);
  return inTransaction(connection, async () => {
    const moved: Moved[] = [];
    for (const table of tables) {
      const file = fileOf(folder, table, format);
      if (!existsSync(file)) continue;
      const before = await countRows({ connection }, table);
      // Empty text is written with quotes, nothing without.
      const source = format === "parquet" ? `read_parquet(${quote(file)})` : `read_csv(${quote(file)}, header = true, all_varchar = true, allow_quoted_nulls = false)`;
      const same = keys[table].map((key) => `there."${key}"::varchar = here."${key}"::varchar`).join(" and ");
      await connection.run(`insert into ${table} by name select * from ${source} as there where not exists (select 1 from ${table} as here where ${same})`);
      moved.push({ table, rows: (await countRows({ connection }, table)) - before });
    }
    return moved;
  });
}

export async function countRows({ connection }: Pick<Store, "connection">, table: Table): Promise<number> {
  return Number((await connection.runAndReadAll(`select count(*) from ${table}`)).getRows()[0]?.[0] ?? 0);
}
