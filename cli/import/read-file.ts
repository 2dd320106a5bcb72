/** One foreign file -> the reader that takes it and what it finds, row by row; or the reasons why none does. */
import { StringDecoder } from "node:string_decoder";
import { findReaders, readers, type ImportedHead, type ImportedRow, type Reader } from "../../calibrate/readers/index.ts";
import type { Problem } from "../../model/problems.ts";
import { piecesOf, type ForeignFile } from "./open-file.ts";

/** The reader of a file, or why there is none. */
export function chooseReader(file: ForeignFile): { reader: Reader; problem?: undefined } | { reader?: undefined; problem: Problem } {
  const begin = new StringDecoder("utf8").write(Buffer.from(file.begin));
  if (file.bytes === 0) return { problem: refuse(file, "an empty file") };
  const found = findReaders(begin, file.name);
  const [reader, another] = found;
  if (reader && !another) return { reader };
  if (another) return { problem: refuse(file, `a file that ${found.length} readers take: ${found.map(({ id }) => id).join(", ")}`) };
  const container = containers.find(([magic]) => magic.every((byte, index) => file.begin[index] === byte));
  if (container) return { problem: refuse(file, container[1]) };
  const known = notMeasured.find(([pattern]) => pattern.test(begin));
  if (known) return { problem: refuse(file, known[1]) };
  const first = begin.split("\n").find((line) => line.trim() !== "")?.trim().slice(0, 60) ?? "";
  const printable = /^[\t\u0020-\uFFFC]*$/.test(first);
  return { problem: refuse(file, printable ? `text that begins with ${JSON.stringify(first)}` : "binary data that no reader knows") };
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
const notMeasured: readonly (readonly [RegExp, string])[] = [
  [/^\s*\{[\s\S]*"(zero_optimization|train_micro_batch_size_per_gpu|gradient_accumulation_steps)"\s*:/, "a configuration of DeepSpeed: it says how a run is set, and nothing was measured"],
  [/^\uFEFF?"?CPU Model"?,/, "a specification of a host: nothing was measured"],
  [/^(?!\s*[{[<])(?=[\s\S]*^\s*\|.*\|\s*$)/m, "a page whose tables hold no quantity that a reader knows by its heading"],
  [/^#!|^(import|from|#include|package) /, "source code: nothing was measured"],
];

const refuse = ({ name }: ForeignFile, got: string): Problem => ({ code: "unknown-format", path: name, got, expected: "a file of a known tool", hint: `exatwin import --list names them (${readers.length})` });

/** Reads the file with its reader. A damaged archive or a read error becomes a problem of line 0: what was read before stands. */
export async function readFile(file: ForeignFile, reader: Reader, emit: (row: ImportedRow) => void): Promise<ImportedHead> {
  const failed = (error: unknown) => ({ line: 0, got: error instanceof Error ? error.message : String(error), expected: file.compressed ? "a whole gzip archive" : "a readable file" });
  const problems: ReturnType<typeof failed>[] = [];
  let end: () => ImportedHead;
  if (reader.kind === "text") {
    const decoder = new StringDecoder("utf8");
    const reading = reader.start(file.name, emit);
    try {
      for await (const piece of piecesOf(file)) reading.write(decoder.write(piece as Buffer));
    } catch (error) {
      problems.push(failed(error));
    }
    end = () => {
      reading.write(decoder.end());
      return reading.end();
    };
  } else {
    const reading = reader.start(file.name, emit);
    try {
      for await (const piece of piecesOf(file)) reading.write(piece as Buffer);
    } catch (error) {
      problems.push(failed(error));
    }
    end = () => reading.end();
  }
  const head = end();
  return problems.length === 0 ? head : { ...head, problems: [...head.problems, ...problems] };
}
