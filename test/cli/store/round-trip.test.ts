/**
 * Every fixture, and every real log where they stand, through the store at once: what a reader gave is what the store holds, an export imported elsewhere is
 * equal, and its own export is the same bytes again.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportedRow } from "../../../calibrate/readers/index.ts";
import { importFiles, type ImportResult } from "../../../cli/import/import-files.ts";
import { exportTables, formats, importTables, openStore, query, readFiles, type Store } from "../../../cli/store/index.ts";
import { fixtureFolder, namesIn, realFolder, realLogsStand } from "../../support/log-files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "exatwin-round-trip-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function using<T>(path: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(path);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

interface Loaded {
  readonly path: string;
  readonly result: ImportResult;
  readonly rows: ReadonlyMap<string, readonly ImportedRow[]>;
}

/** Imports the files into a store of their own and keeps every row that a reader gave. */
async function fill(name: string, files: readonly string[]): Promise<Loaded> {
  const path = join(folder, `${name}.duckdb`);
  const rows = new Map<string, ImportedRow[]>();
  const preview = (file: string, row: ImportedRow) => void (rows.get(file)?.push(row) ?? rows.set(file, [row]));
  const result = await importFiles(files, { cwd: folder, store: path, skipUnknown: true, now: "2026-01-02T03:04:05.000", preview });
  return { path, result, rows };
}

/** Without marks where there are none, as the store has it. */
const stored = ({ marks, other, ...row }: ImportedRow): ImportedRow => ({ ...row, ...((marks ?? []).length > 0 ? { marks: marks ?? [] } : {}), ...(other ? { other } : {}) });

async function checkAll({ path, result, rows }: Loaded): Promise<void> {
  await using(path, async (store) => {
    const held = new Map((await readFiles(store)).map((file) => [file.sha256, file]));
    const counts = await query(store, `select sha256, (select count(*) from line_problems where sha256 = files.sha256) as problems, (select count(*) from exclusions where sha256 = files.sha256) as excluded from files`);
    for (const { file, sha256, reader, stored: state, problems, excluded, facts } of result.files) {
      // The same bytes under two names are stored once, with the rows of the first.
      if (state !== "new") continue;
      expect(held.get(sha256)).toEqual({ sha256, name: basename(file), reader, facts, rows: (rows.get(file) ?? []).map(stored) });
      expect(counts.rows.find((count) => count["sha256"] === sha256)).toEqual({ sha256, problems: problems.length, excluded: excluded.length });
    }
  });
  for (const format of formats) {
    const [out, back, other] = [`${path}-${format}`, `${path}-${format}-again`, `${path}-${format}.duckdb`];
    const moved = await using(path, (store) => exportTables(store, out, format));
    await using(other, async (store) => {
      expect(await importTables(store, out)).toEqual(moved);
      await exportTables(store, back, format);
    });
    for (const name of readdirSync(out)) expect(readFileSync(join(back, name)).equals(readFileSync(join(out, name))), name).toBe(true);
  }
}

it("all fixtures", async () => {
  const names = namesIn(fixtureFolder);
  const loaded = await fill("fixtures", names.map((name) => join(fixtureFolder, name)));
  expect(loaded.result.refused).toEqual([]);
  expect(loaded.result.files.length).toBe(names.length);
  await checkAll(loaded);
});

describe.skipIf(!realLogsStand)("real logs (skipped where ../shared/data/logs does not stand)", () => {
  it("all that a reader takes; every other is refused with a reason", async () => {
    const names = namesIn(realFolder);
    const loaded = await fill("real", names.map((name) => join(realFolder, name)));
    expect(loaded.result.files.length + loaded.result.refused.length).toBe(names.length);
    for (const { got, expected } of loaded.result.refused) expect(got.length * expected.length).toBeGreaterThan(0);
    await checkAll(loaded);
  }, 300_000);
});
