/** What every fixture of a foreign tool is read as, so that no reader changes unseen: the head, how many rows, the first and the last, and a checksum of all. */
import { createHash } from "node:crypto";
import { it } from "vitest";
import type { Imported, ImportedRow } from "../../calibrate/readers/index.ts";
import { fixtureFolder, load, namesIn, readersOf, readFileWith } from "../support/log-files.ts";
import { compareGolden, type Golden } from "./compare-golden.ts";

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Of the rows as JSON writes them, one a line. */
function checksumOf(rows: readonly ImportedRow[]): string {
  const hash = createHash("sha256");
  for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest("hex").slice(0, 16);
}

function summarise(reader: string, { rows, facts, asks, excluded, problems, documents }: Imported): Golden[string] {
  const counts: Record<string, number> = {};
  for (const { benchmark } of rows) counts[benchmark] = (counts[benchmark] ?? 0) + 1;
  return plain({
    reader,
    facts,
    asks: asks.map(({ key, choices }) => (choices ? { key, choices } : { key })),
    excluded,
    documents: documents.map(({ kind, document }) => ({ kind, id: (document as { id?: unknown }).id, sha256: createHash("sha256").update(JSON.stringify(document)).digest("hex").slice(0, 16) })),
    problems: { count: problems.length, first: problems[0] ?? null },
    rows: { count: rows.length, marked: rows.filter(({ marks }) => (marks ?? []).length > 0).length, of: counts, sha256: checksumOf(rows) },
    first: rows[0] ?? null,
    last: rows.at(-1) ?? null,
  });
}

it("every fixture is read as it was", () => {
  const made = namesIn(fixtureFolder).map((name) => {
    const file = load(fixtureFolder, name);
    const [reader] = readersOf(file);
    if (!reader) throw new Error(`nothing reads ${name}`);
    return [name, summarise(reader.id, readFileWith(reader, file))] as const;
  });
  compareGolden("readers.json", Object.fromEntries(made));
});
