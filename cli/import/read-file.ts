/** One foreign file -> the reader that takes it and what it finds, row by row; or the reasons why none does. */
import { StringDecoder } from "node:string_decoder";
import { chooseReader as chooseByBeginning, type Choice } from "../../calibrate/readers/choose.ts";
import type { ImportedHead, ImportedRow, Reader } from "../../calibrate/readers/index.ts";
import { piecesOf, type ForeignFile } from "./open-file.ts";

/** The reader of a file, or why there is none. */
export const chooseReader = (file: ForeignFile): Choice => chooseByBeginning({ ...file, text: textOf(file) });

/** Its beginning. */
export const textOf = (file: ForeignFile): string => new StringDecoder("utf8").write(Buffer.from(file.begin));

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
