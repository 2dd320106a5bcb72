/**
 * Opens the store: one DuckDB file that one process writes at a time. Tables are brought up to date in one transaction. DuckDB logs ahead of writing, so what a
 * transaction has committed survives a killed process. No extension is ever fetched.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { InputError } from "../../model/problems.ts";
import { migrations } from "./migrations.ts";

export interface Store {
  readonly path: string;
  readonly connection: DuckDBConnection;
  close(): void;
}

export const storeOption = { store: { type: "string", value: "FILE", help: "the store; without it EXATWIN_STORE, or exatwin.duckdb in the current folder" } } as const;

export function storePath(cwd: string, asked: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  return resolve(cwd, asked ?? env["EXATWIN_STORE"] ?? "exatwin.duckdb");
}

const settings = { threads: "2", memory_limit: "2GB", autoinstall_known_extensions: "false", autoload_known_extensions: "false" };

/** `mustExist`: a question to a store that is not there is a mistake, not a new store. */
export async function openStore(path: string, { mustExist = false, readOnly = false }: { mustExist?: boolean; readOnly?: boolean } = {}): Promise<Store> {
  if (mustExist && !existsSync(path)) throw new InputError([{ code: "unreadable-file", path, got: "no such file", expected: "a store", hint: "exatwin import FILE... makes one" }]);
  const instance = await open(path, readOnly);
  const connection = await instance.connect();
  const store: Store = {
    path,
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
  try {
    if (!readOnly) await migrate(store);
    await requireVersion(store);
  } catch (error) {
    store.close();
    throw error;
  }
  return store;
}

async function open(path: string, readOnly: boolean): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, { ...settings, ...(readOnly ? { access_mode: "READ_ONLY" } : {}) });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const locked = /lock/i.test(text);
    throw new InputError([{ code: "unreadable-file", path, got: locked ? "a store that another process holds open" : firstLine(text), expected: "a store of exatwin", hint: locked ? "wait until it has ended, or name another file with --store" : "the file was not written by exatwin, or is damaged" }]);
  }
}

async function migrate({ connection }: Store): Promise<void> {
  await connection.run("create table if not exists store_version (version integer not null)");
  const version = await readVersion(connection);
  if (version >= migrations.length) return;
  await inTransaction(connection, async () => {
    for (const step of migrations.slice(version)) await connection.run(step);
    await connection.run("delete from store_version");
    await connection.run("insert into store_version values ($1)", [migrations.length]);
  });
}

async function readVersion(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll("select coalesce(max(version), 0) from store_version");
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

async function requireVersion({ connection, path }: Store): Promise<void> {
  let version: number;
  try {
    version = await readVersion(connection);
  } catch {
    throw new InputError([{ code: "wrong-value", path, got: "a database without the tables of a store", expected: "a store of exatwin" }]);
  }
  if (version !== migrations.length) throw new InputError([{ code: "wrong-value", path, got: `a store of version ${version}`, expected: `version ${migrations.length}`, hint: version > migrations.length ? "a later exatwin wrote it" : "open it for writing once, by any import" }]);
}

/** All of it or nothing. */
export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run("begin transaction");
  try {
    const result = await work();
    await connection.run("commit");
    return result;
  } catch (error) {
    await connection.run("rollback");
    throw error;
  }
}

export const firstLine = (text: string): string => text.split("\n")[0] ?? text;
