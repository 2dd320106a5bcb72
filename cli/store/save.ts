/** Writes what was imported, in one transaction for each file: all of it is there, or nothing. A file whose bytes are known already is left as it is. */
import type { DuckDBAppender, DuckDBConnection } from "@duckdb/node-api";
import type { ImportedHead, ImportedRow } from "../../calibrate/readers/index.ts";
import { unitOf } from "../../calibrate/readers/quantity.ts";
import { inTransaction, type Store } from "./open.ts";

export interface SavedFile {
  readonly sha256: string;
  readonly name: string;
  readonly bytes: number;
  readonly reader: string;
  /** ISO date and time. */
  readonly imported: string;
  /** Name under which files belong together, such as a cluster. */
  readonly label?: string | undefined;
}

export async function isKnown({ connection }: Store, sha256: string): Promise<boolean> {
  return (await connection.runAndReadAll("select 1 from files where sha256 = $1", [sha256])).currentRowCount > 0;
}

/** Puts a file under a name, beside those it has. */
export async function addLabel({ connection }: Store, sha256: string, label: string): Promise<void> {
  await connection.run("insert or ignore into labels values ($1, $2)", [sha256, label]);
}

/** Documents that were made here, such as machines and calibrations: the newest of a name stays. */
export async function saveDocuments({ connection }: Store, documents: ReadonlyArray<{ readonly kind: string; readonly id: string; readonly value: unknown }>, now: string): Promise<void> {
  await inTransaction(connection, async () => {
    for (const { kind, id, value } of documents) await connection.run("insert or replace into documents values ($1, $2, null, $3::timestamp, $4)", [kind, id, now, JSON.stringify(value)]);
  });
}

/** `read` calls the function it is given for every row, then gives the head. */
export async function saveFile(store: Store, file: SavedFile, read: (emit: (row: ImportedRow) => void) => Promise<ImportedHead>): Promise<ImportedHead> {
  const { connection } = store;
  return inTransaction(connection, async () => {
    const head = await appendRows(connection, file, read);
    for (const { line, got, expected } of head.problems) await connection.run("insert into line_problems values ($1, $2, $3, $4)", [file.sha256, BigInt(line), got, expected]);
    for (const { rule, count } of head.excluded) await connection.run("insert into exclusions values ($1, $2, $3)", [file.sha256, rule, BigInt(count)]);
    for (const { kind, document } of head.documents) {
      const id = (document as { id?: unknown }).id;
      if (typeof id === "string") await connection.run("insert or replace into documents values ($1, $2, $3, $4::timestamp, $5)", [kind, id, file.sha256, file.imported, JSON.stringify(document)]);
    }
    await connection.run("insert into files values ($1, $2, $3, $4, $5::timestamp, $6, $7)", [file.sha256, file.name, BigInt(file.bytes), file.reader, file.imported, file.label ?? null, JSON.stringify(head.facts)]);
    if (file.label !== undefined) await addLabel(store, file.sha256, file.label);
    return head;
  });
}

/** Rows in memory before they are handed to the database. */
const batch = 50_000;

async function appendRows(connection: DuckDBConnection, { sha256, reader }: SavedFile, read: (emit: (row: ImportedRow) => void) => Promise<ImportedHead>): Promise<ImportedHead> {
  const appender = await connection.createAppender("measurements");
  let position = 0;
  let waiting = 0;
  try {
    const head = await read((row) => {
      for (const [quantity, value] of Object.entries(row.values)) {
        appendRow(appender, { sha256, position, row, quantity, value, reader });
        waiting++;
      }
      position++;
      if (waiting < batch) return;
      appender.flushSync();
      waiting = 0;
    });
    appender.closeSync();
    return head;
  } catch (error) {
    appender.clear();
    throw error;
  }
}

function appendRow(appender: DuckDBAppender, { sha256, position, row, quantity, value, reader }: { sha256: string; position: number; row: ImportedRow; quantity: string; value: number; reader: string }): void {
  const unit = unitOf(quantity);
  if (unit === undefined || !Number.isFinite(value)) throw new Error(`reader ${reader}, line ${row.line}: ${quantity} = ${value} is no quantity with a unit`);
  appender.appendVarchar(sha256);
  appender.appendBigInt(BigInt(position));
  appender.appendBigInt(BigInt(row.line));
  appender.appendVarchar(row.benchmark);
  appender.appendVarchar(JSON.stringify(row.case));
  appender.appendVarchar(quantity);
  appender.appendDouble(value);
  appender.appendVarchar(unit);
  appender.appendVarchar((row.marks ?? []).join(","));
  if (row.other) appender.appendVarchar(JSON.stringify(row.other));
  else appender.appendNull();
  appender.endRow();
}
