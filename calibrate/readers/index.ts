/** All readers, and the choice of the one that takes a file. Exactly one accepts each file, also with its name hidden (test/calibrate/readers). */
import { collectiveReaders } from "./collectives/index.ts";
import { computeReaders } from "./compute/index.ts";
import { modelReaders } from "./models/index.ts";
import type { Imported, ImportedRow, Reader, TextReader } from "./reader.ts";
import { storageReaders } from "./storage/index.ts";
import { tableReaders } from "./tables/index.ts";
import { headOf } from "./text.ts";
import { traceReaders } from "./traces/index.ts";
import { trainingReaders } from "./training/index.ts";

export const readers: readonly Reader[] = [...collectiveReaders, ...storageReaders, ...computeReaders, ...trainingReaders, ...traceReaders, ...modelReaders, ...tableReaders];

/** Every reader that takes a file with this beginning: one, none where nobody knows it, several where that is a mistake of ours. */
export function findReaders(begin: string, name: string, among: readonly Reader[] = readers): Reader[] {
  const head = headOf(begin);
  return among.filter(({ accepts }) => accepts(head, name));
}

/** A whole text at once, for those that fit into memory. */
export function readText(reader: TextReader, text: string, name: string): Imported {
  const rows: ImportedRow[] = [];
  const reading = reader.start(name, (row) => rows.push(row));
  reading.write(text);
  return { ...reading.end(), rows };
}
export type { Ask, Imported, ImportedHead, ImportedRow, LineProblem, Mark, Reader, Reading, TextReader } from "./reader.ts";
