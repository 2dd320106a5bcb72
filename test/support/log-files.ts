/** Foreign files to try readers on: fixtures of ours, one folder per reader, and the real logs where they stand beside the project. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findReaders, type Imported, type ImportedRow, type Reader } from "../../calibrate/readers/index.ts";

const root = join(import.meta.dirname, "../..");
export const fixtureFolder = join(root, "test/fixtures/logs");
export const realFolder = join(root, "../shared/data/logs");
export const realLogsStand = existsSync(realFolder);

export interface LogFile {
  /** Path below its folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Notes about files, not files of tools. */
const isNote = (name: string) => /^README\.md$|\.source\.json$|^index\.json$|^FORMATS\.md$/.test(basename(name));

function list(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below)).toSorted().flatMap((entry) => {
    const name = join(below, entry);
    return statSync(join(folder, name)).isDirectory() ? list(folder, name) : isNote(name) ? [] : [name];
  });
}

export const namesIn = (folder: string): string[] => (existsSync(folder) ? list(folder) : []);

export function load(folder: string, name: string): LogFile {
  const raw = readFileSync(join(folder, name));
  return { name: name.replace(/\.gz$/, ""), bytes: raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw };
}

export function readersOf({ name, bytes }: LogFile): Reader[] {
  return findReaders(Buffer.from(bytes.subarray(0, 524_288)).toString("utf8"), name);
}

/** Reads in pieces of so many bytes, as a host does. */
export function readFileWith(reader: Reader, { name, bytes }: LogFile, piece = bytes.length || 1): Imported {
  const rows: ImportedRow[] = [];
  const emit = (row: ImportedRow) => void rows.push(row);
  if (reader.kind === "binary") {
    const reading = reader.start(name, emit);
    for (let at = 0; at < bytes.length; at += piece) reading.write(bytes.subarray(at, at + piece));
    return { ...reading.end(), rows };
  }
  const reading = reader.start(name, emit);
  const decoder = new TextDecoder("utf-8");
  for (let at = 0; at < bytes.length; at += piece) reading.write(decoder.decode(bytes.subarray(at, at + piece), { stream: true }));
  reading.write(decoder.decode());
  return { ...reading.end(), rows };
}

/** A fixture by its reader, which its folder names, in numbers of so many digits: conversions to SI differ in the last. */
export function readFixture(readers: readonly Reader[], name: string, digits = 12): Imported {
  const reader = readers.find(({ id }) => id === name.split("/")[0]);
  if (!reader) throw new Error(`no reader of ${name}`);
  const imported = readFileWith(reader, load(fixtureFolder, name));
  return { ...imported, rows: imported.rows.map((row) => ({ ...row, values: Object.fromEntries(Object.entries(row.values).map(([key, value]) => [key, Number(value.toPrecision(digits))])) })) };
}
