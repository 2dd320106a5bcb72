/** The store: the same file twice is once, a file is all there or not at all, what was committed survives a killed process, and it leaves and comes back unchanged. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportedHead, ImportedRow } from "../../../calibrate/readers/index.ts";
import { importFiles, type ImportOptions } from "../../../cli/import/import-files.ts";
import { countRows, exportTables, formats, importTables, openStore, query, saveFile, type Store } from "../../../cli/store/index.ts";
import { InputError } from "../../../model/problems.ts";

const fixture = join(import.meta.dirname, "../../fixtures/logs/nccl-tests/all-reduce-2023-mpirun.log");
const head: ImportedHead = { facts: { tool: "x" }, asks: [], documents: [], excluded: [{ rule: "no-bytes", count: 2 }], problems: [{ line: 3, got: "it's \"quoted\", with a comma", expected: "a row" }] };
const file = { sha256: "a".repeat(64), name: "x.log", bytes: 10, reader: "x", imported: "2026-01-02T03:04:05" };
const row = (line: number): ImportedRow => ({ line, benchmark: "all-reduce", case: { bytes: 1024 * line, type: "float" }, values: { time_s: line / 3, rate_bytes_per_s: 7e9 / line }, marks: ["in-place"], other: { busbw: "0,5\n" } });

let folder: string;
let count = 0;
const fresh = () => join(folder, `store-${count++}.duckdb`);
const options = (store: string | null): ImportOptions => ({ cwd: folder, store, skipUnknown: false, now: "2026-01-02T03:04:05.000" });

async function using<T>(path: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(path);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "exatwin-store-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("imported files", () => {
  it("are stored once however often and under whatever name they come", async () => {
    const store = fresh();
    const copy = join(folder, "another name.txt");
    copyFileSync(fixture, copy);
    const first = await importFiles([fixture], options(store));
    const again = await importFiles([fixture, copy], options(store));
    expect(first.files.map(({ stored, rows, reader }) => ({ stored, rows, reader }))).toEqual([{ stored: "new", rows: 14, reader: "nccl-tests" }]);
    expect(again.files.map(({ stored, rows }) => ({ stored, rows }))).toEqual([{ stored: "known", rows: 14 }, { stored: "known", rows: 14 }]);
    await using(store, async (open) => {
      expect(await countRows(open, "files")).toBe(1);
      expect(await countRows(open, "measurements")).toBe(14);
      expect((await query(open, `select line, value, unit, marks, "case" from measurements where benchmark = 'all-reduce' order by value desc limit 1`)).rows).toEqual([{ line: 19, value: 209.72e-6, unit: "s", marks: "wrong-result", case: '{"bytes":4194304,"type":"float","reduction":"sum","ranks":4}' }]);
    });
  });

  it("are told and not stored on a dry run", async () => {
    const path = fresh();
    const result = await importFiles([fixture], options(null));
    expect(result.files[0]).toMatchObject({ stored: "no", rows: 14, facts: { ranks: 4, nodes: 2 } });
    await expect(openStore(path, { mustExist: true })).rejects.toThrow(/exatwin import/);
  });

  it("are refused all together, with every reason, unless unknown ones may be left out", async () => {
    const unknown = join(folder, "notes.txt");
    const empty = join(folder, "empty.log");
    writeFileSync(unknown, "dear diary\n");
    writeFileSync(empty, "");
    const store = fresh();
    const attempt = importFiles([fixture, unknown, empty, join(folder, "absent")], options(store));
    await expect(attempt).rejects.toBeInstanceOf(InputError);
    await attempt.catch((error: InputError) => expect(error.problems.map(({ code, got }) => [code, got.slice(0, 24)])).toEqual([["unknown-format", 'text that begins with "d'], ["unknown-format", "an empty file"], ["unreadable-file", "ENOENT: no such file or "]]));
    await expect(openStore(store, { mustExist: true })).rejects.toThrow();
    const rest = await importFiles([fixture, unknown], { ...options(store), skipUnknown: true });
    expect([rest.files.length, rest.refused.length]).toEqual([1, 1]);
  });
});

describe("a file", () => {
  it("that fails in the middle leaves nothing", () =>
    using(fresh(), async (store) => {
      const failing = saveFile(store, file, async (emit) => {
        for (let line = 1; line <= 60_000; line++) emit(row(line));
        throw new Error("the disk is gone");
      });
      await expect(failing).rejects.toThrow("the disk is gone");
      expect(await countRows(store, "measurements")).toBe(0);
      expect(await countRows(store, "files")).toBe(0);
      await saveFile(store, file, async (emit) => (emit(row(1)), head));
      expect(await countRows(store, "measurements")).toBe(2);
    }));

  it("with a quantity that has no unit, or is not finite, is a fault", () =>
    using(fresh(), async (store) => {
      for (const values of [{ speed: 3 }, { time_s: Number.NaN }]) await expect(saveFile(store, file, async (emit) => (emit({ ...row(1), values: values as Record<string, number> }), head))).rejects.toThrow(/no quantity with a unit/);
      expect(await countRows(store, "measurements")).toBe(0);
    }));
});

describe.each(formats)("as %s", (format) => {
  it("a store leaves, comes back equal, is not doubled, and leaves the same again", async () => {
    const [from, to] = [fresh(), fresh()];
    const [out, back] = [join(folder, `${format}-out`), join(folder, `${format}-back`)];
    await using(from, async (store) => {
      await saveFile(store, file, async (emit) => {
        for (let line = 1; line <= 100; line++) emit(row(line));
        return head;
      });
      await exportTables(store, out, format);
    });
    await using(to, async (store) => {
      const moved = await importTables(store, out);
      expect(Object.fromEntries(moved.map(({ table, rows }) => [table, rows]))).toMatchObject({ files: 1, measurements: 200, line_problems: 1, exclusions: 1 });
      expect((await importTables(store, out)).every(({ rows }) => rows === 0)).toBe(true);
      await exportTables(store, back, format);
      expect((await query(store, "select got from line_problems")).rows).toEqual([{ got: head.problems[0]?.got }]);
    });
    for (const name of readdirSync(out)) expect(readFileSync(join(back, name)).equals(readFileSync(join(out, name))), name).toBe(true);
  });
});

it("a killed process loses nothing committed, and holds the store while it lives", async () => {
  const path = fresh();
  const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "../../support/store-holder.ts"), path], { cwd: join(import.meta.dirname, "../../.."), stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  await expect(openStore(path)).rejects.toThrow(/another process/);
  child.kill("SIGKILL");
  await once(child, "exit");
  await using(path, async (store) => {
    expect(await countRows(store, "files")).toBe(1);
    expect(await countRows(store, "measurements")).toBe(2000);
  });
});

describe("opening", () => {
  it("refuses what is no store, and one of a later version", async () => {
    const text = join(folder, "text.duckdb");
    writeFileSync(text, "x".repeat(5000));
    await expect(openStore(text)).rejects.toBeInstanceOf(InputError);
    const path = fresh();
    await using(path, (store) => store.connection.run("update store_version set version = 99"));
    await expect(openStore(path)).rejects.toThrow(/version 99/);
  });

  it("for questions lets nothing be changed", async () => {
    const path = fresh();
    await using(path, async () => {});
    const store = await openStore(path, { mustExist: true, readOnly: true });
    await expect(query(store, "delete from files")).rejects.toThrow(/read-only/);
    await expect(query(store, "selec 1")).rejects.toBeInstanceOf(InputError);
    store.close();
  });
});
