/**
 * Keeps files that the page sends: written to a folder of their own piece by piece, read by the same readers as `exatwin import` reads them, stored, and taken away
 * again. One at a time, since one process writes to a store at a time. Nothing of what the page has read itself is trusted.
 */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { importFiles } from "../../cli/import/import-files.ts";
import { InputError, wrongValue } from "../../model/problems.ts";
import type { ImportAnswer } from "../shared/import-api.ts";

export interface Imports {
  /** Name of the store, without its folder. */
  readonly store: string;
  readonly most_bytes: number;
  save(file: { readonly name: string; readonly as?: string | undefined; readonly body: Readable }): Promise<ImportAnswer>;
}

export const mostImport_bytes = 256 * 2 ** 20;

/** `store`: path of the DuckDB file. */
export function createImports(store: string, most_bytes: number = mostImport_bytes): Imports {
  let last: Promise<unknown> = Promise.resolve();
  return {
    store: basename(store),
    most_bytes,
    async save({ name, as, body }) {
      const folder = mkdtempSync(join(tmpdir(), "exatwin-import-"));
      try {
        const plain = plainName(name);
        await receive(body, join(folder, plain), plain, most_bytes);
        const mine = last.then(() => keep(folder, plain, store, as));
        last = mine.catch(() => {});
        return await mine;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function keep(folder: string, name: string, store: string, label: string | undefined): Promise<ImportAnswer> {
  const { files } = await importFiles([name], { cwd: folder, label, store, skipUnknown: false, now: new Date().toISOString().replace("Z", "") });
  const [report] = files;
  if (!report) throw new Error("an import without a report");
  const { file, sha256, bytes, reader, rows, marked, problems, stored } = report;
  return { file, sha256, bytes, reader, rows, marked, problems: problems.length, stored };
}

/** The last part of a name, of letters that every file system takes. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const plain = [...last].filter((character) => character >= " " && character !== "\u007f").join("").slice(-200);
  if (plain === "" || /^\.+$/.test(plain)) throw new InputError([wrongValue("request: name", name, "the name of a file")]);
  return plain;
}

/** What is too much is heard to its end and thrown away, so that the sender gets an answer. */
async function receive(body: Readable, path: string, name: string, most_bytes: number): Promise<void> {
  let bytes = 0;
  const upTo = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      done(null, bytes <= most_bytes ? piece : undefined);
    },
  });
  await pipeline(body, upTo, createWriteStream(path));
  if (bytes > most_bytes) throw new InputError([{ code: "too-large", path: name, got: `${(bytes / 2 ** 20).toFixed(1)} MiB`, expected: `a file of at most ${most_bytes / 2 ** 20} MiB`, hint: "exatwin import FILE takes files of any size" }]);
}
