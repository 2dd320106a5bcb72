/** Any question in SQL, read only. Values come as JSON has them; numbers too large for it as text. */
import { InputError } from "../../model/problems.ts";
import { firstLine, type Store } from "./open.ts";

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number | boolean | null>>>;
}

export async function query({ connection }: Store, sql: string): Promise<QueryResult> {
  try {
    const reader = await connection.runAndReadAll(sql);
    const columns = reader.deduplicatedColumnNames();
    return { columns, rows: reader.getRowObjectsJson().map((row) => Object.fromEntries(columns.map((column) => [column, plain(row[column])]))) };
  } catch (error) {
    throw new InputError([{ code: "wrong-value", path: "SQL", got: firstLine(error instanceof Error ? error.message : String(error)), expected: "one statement that only reads", hint: "exatwin store tables names the tables and their columns" }]);
  }
}

function plain(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "string") return JSON.stringify(value);
  // Whole numbers of 64 bits come as text.
  return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}
