/** The one reader that takes a file, or why there is none: what the file is instead, and the reader whose files it is most like with what that one misses in it. */
import type { Problem } from "../../model/problems.ts";
import { findReaders, readers } from "./index.ts";
import type { Reader } from "./reader.ts";
import { headOf } from "./text.ts";

export interface Beginning {
  readonly name: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** First bytes, decompressed. */
  readonly begin: Uint8Array;
  /** The same as text. */
  readonly text: string;
}

export type Choice = { readonly reader: Reader; readonly problem?: undefined } | { readonly reader?: undefined; readonly problem: Problem };

export function chooseReader(file: Beginning): Choice {
  if (file.bytes === 0) return { problem: refuse(file, "an empty file") };
  const found = findReaders(file.text, file.name);
  const [reader, another] = found;
  if (reader && !another) return { reader };
  if (another) return { problem: refuse(file, `a file that ${found.length} readers take: ${found.map(({ id }) => id).join(", ")}`) };
  const container = containers.find(([magic]) => magic.every((byte, index) => file.begin[index] === byte));
  if (container) return { problem: refuse(file, container[1]) };
  const known = notMeasured.find(([is]) => is(file.text));
  if (known) return { problem: refuse(file, known[1]) };
  const first = file.text.split("\n").find((line) => line.trim() !== "")?.trim().slice(0, 60) ?? "";
  const printable = /^[\t\u0020-\uFFFC]*$/.test(first);
  return { problem: refuse(file, printable ? `text that begins with ${JSON.stringify(first)}` : "binary data that no reader knows", printable ? nearestReader(file) : undefined) };
}

/** Containers that hold what a reader would take, if it were unpacked. */
const containers: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive or a spreadsheet: unpack it, or save its sheets as csv"],
  [[0x28, 0xb5, 0x2f, 0xfd], "a zstd archive: unpack it"],
  [[0x42, 0x5a, 0x68], "a bzip2 archive: unpack it"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "an xz archive: unpack it"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
];

/** Files that stand beside measurements and hold none. */
const notMeasured: readonly (readonly [(text: string) => boolean, string])[] = [
  [(text) => !/^\s*[{[<]/.test(text) && /^[ \t]*\|.*\|[ \t]*\r?$/m.test(text), "a page whose tables hold no quantity that a reader knows by its heading"],
  [(text) => /^#!|^(import|from|#include|package) /.test(text), "source code: nothing was measured"],
];

const refuse = ({ name }: Beginning, got: string, nearest?: string): Problem => ({ code: "unknown-format", path: name, got, expected: "a file of a known tool", hint: nearest ?? `exatwin import --list names them (${readers.length})` });

/** Words of many tools tell none of them. */
const common = new Set(["test", "tests", "json", "csv", "table", "tables", "golden", "system", "config", "trace", "bench", "measurement", "execution", "step", "ini", "listing", "the", "and", "of", "markdown", "samples"]);

function wordsOf({ id, title }: Reader): string[] {
  return [...new Set(`${id} ${title.split(":")[0] ?? ""}`.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word.length > 2 && !common.has(word)))];
}

const named = readers.map((reader) => ({ reader, words: wordsOf(reader) }));

/** Text that is looked through for names of tools. */
const searched = 65_536;

/** By the names of tools in the file's name and beginning, the one named in most words first; nothing where none is named. */
function nearestReader({ name, text }: Beginning): string | undefined {
  const there = new Set(`${name} ${text.slice(0, searched)}`.toLowerCase().split(/[^a-z0-9]+/));
  const [best] = named.map(({ reader, words }) => ({ reader, share: share(words, there) })).filter((one) => one.share > 0).toSorted((a, b) => b.share - a.share);
  if (!best) return undefined;
  const { id, title } = best.reader;
  return `most like a file of ${id} (${title})${missing(best.reader, name, text)}; exatwin import --list names all`;
}

const share = (words: readonly string[], there: ReadonlySet<string>): number => (words.length === 0 ? 0 : words.filter((word) => there.has(word)).length / words.length);

/** What the reader says of the file's beginning, if it is fed with it all the same. */
function missing(reader: Reader, name: string, text: string): string {
  if (reader.kind !== "text") return "";
  const reading = reader.start(name, () => {});
  reading.write(headOf(text));
  const [problem] = reading.end().problems;
  return problem ? `, which expects ${problem.expected}` : "";
}
