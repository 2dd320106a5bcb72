/** Files -> what each is and what it holds, kept in a store or only told. Every refusal is found before anything is written. */
import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { mappedCsv, missingColumns, type ColumnMap } from "../../calibrate/readers/tables/mapped-csv.ts";
import type { ImportedHead, ImportedRow, Reader } from "../../calibrate/readers/index.ts";
import { InputError, unreadableFile, type Problem } from "../../model/problems.ts";
import { addLabel, isKnown, openStore, saveFile, type Store } from "../store/index.ts";
import { openFile, type ForeignFile } from "./open-file.ts";
import { chooseReader, readFile, textOf } from "./read-file.ts";

export interface FileReport extends ImportedHead {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly reader: string;
  readonly title: string;
  readonly rows: number;
  /** Rows by what was measured. */
  readonly benchmarks: Readonly<Record<string, number>>;
  readonly marked: number;
  readonly stored: "new" | "known" | "no";
}

export interface ImportOptions {
  readonly cwd: string;
  readonly label?: string | undefined;
  /** Where to; null tells only what would be stored. */
  readonly store: string | null;
  /** Leave files that no reader takes instead of refusing all. */
  readonly skipUnknown: boolean;
  /** What columns of tables mean; then every file is read as such a table. */
  readonly columns?: ColumnMap | undefined;
  /** ISO date and time of now. */
  readonly now: string;
  readonly progress?: (done: number, of: number, name: string) => void;
  /** Sees every row, for a preview. */
  readonly preview?: (file: string, row: ImportedRow) => void;
}

export interface ImportResult {
  readonly files: readonly FileReport[];
  readonly refused: readonly Problem[];
}

interface Chosen {
  readonly file: ForeignFile;
  readonly reader: Reader;
}

export async function importFiles(words: readonly string[], options: ImportOptions): Promise<ImportResult> {
  const { chosen, refused } = await choose(listFiles(words, options.cwd), options.columns);
  if (refused.length > 0 && (!options.skipUnknown || chosen.length === 0)) throw new InputError(refused);
  const store = options.store === null ? null : await openStore(options.store);
  try {
    const files: FileReport[] = [];
    for (const [index, one] of chosen.entries()) {
      options.progress?.(index, chosen.length, one.file.name);
      files.push(await importOne(one, store, options));
    }
    return { files, refused };
  } finally {
    store?.close();
  }
}

function listFiles(words: readonly string[], cwd: string): Array<{ path: string; name: string; problem?: Problem }> {
  return words.flatMap((word) => {
    const path = resolve(cwd, word);
    try {
      return statSync(path).isDirectory() ? filesIn(path).map((inner) => ({ path: inner, name: join(word, inner.slice(path.length + 1)) })) : [{ path, name: word }];
    } catch (error) {
      return [{ path, name: word, problem: { ...unreadableFile(word, error instanceof Error ? error.message : String(error)), expected: "a readable file" } }];
    }
  });
}

/** Files of a folder and the folders in it, without hidden ones, by name. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith("."))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : []));
}

async function choose(files: ReturnType<typeof listFiles>, columns: ColumnMap | undefined): Promise<{ chosen: Chosen[]; refused: Problem[] }> {
  const chosen: Chosen[] = [];
  const refused: Problem[] = [];
  for (const { path, name, problem } of files) {
    if (problem) {
      refused.push(problem);
      continue;
    }
    const file = await openFile(path, name);
    if (columns !== undefined && file.bytes > 0) {
      const missing = missingColumns(columns, textOf(file), name);
      refused.push(...missing);
      if (missing.length === 0) chosen.push({ file, reader: mappedCsv(columns) });
      continue;
    }
    const choice = chooseReader(file);
    if (choice.reader) chosen.push({ file, reader: choice.reader });
    else refused.push(choice.problem);
  }
  return { chosen, refused };
}

async function importOne({ file, reader }: Chosen, store: Store | null, { label, now, preview }: ImportOptions): Promise<FileReport> {
  const benchmarks: Record<string, number> = {};
  let rows = 0;
  let marked = 0;
  const count = (row: ImportedRow): void => {
    rows++;
    if ((row.marks ?? []).length > 0) marked++;
    benchmarks[row.benchmark] = (benchmarks[row.benchmark] ?? 0) + 1;
    preview?.(file.name, row);
  };
  const known = store !== null && (await isKnown(store, file.sha256));
  const read = (emit: (row: ImportedRow) => void) =>
    readFile(file, reader, (row) => {
      count(row);
      emit(row);
    });
  if (known && label !== undefined) await addLabel(store, file.sha256, label);
  const saved = { sha256: file.sha256, name: basename(file.name), bytes: file.bytes, reader: reader.id, imported: now, label };
  const head = store === null || known ? await read(() => {}) : await saveFile(store, saved, read);
  return { file: file.name, sha256: file.sha256, bytes: file.bytes, reader: reader.id, title: reader.title, rows, benchmarks, marked, ...head, stored: store === null ? "no" : known ? "known" : "new" };
}
