/** A file in the browser as readers want it: unpacked where it is gzip, its beginning looked at, then fed in pieces, so that memory stays the same however large it is. */
import { chooseReader } from "../../../calibrate/readers/choose.ts";
import type { ImportedHead, ImportedRow, LineProblem, Reader } from "../../../calibrate/readers/index.ts";
import type { Problem } from "../../../model/problems.ts";

export interface OpenedFile {
  readonly file: File;
  readonly compressed: boolean;
  readonly reader: Reader;
}

const begin_bytes = 524_288;
/** A larger file is not held in memory for its hash. */
const mostHashed_bytes = 256 * 2 ** 20;

export async function openFile(file: File): Promise<OpenedFile | Problem> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const compressed = magic[0] === 0x1f && magic[1] === 0x8b;
  const begin = await beginOf(file, compressed);
  const choice = chooseReader({ name: file.name, bytes: file.size, begin, text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(begin, { stream: true }) });
  return choice.reader ? { file, compressed, reader: choice.reader } : choice.problem;
}

/** Hexadecimal, as a store knows files. */
export async function hashOf(file: File): Promise<string | null> {
  // Only a page of the machine itself, or an encrypted one, has it.
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined || file.size > mostHashed_bytes) return null;
  return [...new Uint8Array(await subtle.digest("SHA-256", await file.arrayBuffer()))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A damaged archive or a read error becomes a problem of line 0: what was read before stands. */
export async function readFile({ file, compressed, reader }: OpenedFile, emit: (row: ImportedRow) => void, progress: (share: number) => void): Promise<ImportedHead> {
  const problems: LineProblem[] = [];
  const feed = feedOf(reader, file.name, emit);
  try {
    for await (const piece of piecesOf(file, compressed, progress)) feed.write(piece);
  } catch (error) {
    problems.push({ line: 0, got: error instanceof Error ? error.message : String(error), expected: compressed ? "a whole gzip archive" : "a readable file" });
  }
  const head = feed.end();
  return problems.length === 0 ? head : { ...head, problems: [...head.problems, ...problems] };
}

function feedOf(reader: Reader, name: string, emit: (row: ImportedRow) => void): { write(piece: Uint8Array): void; end(): ImportedHead } {
  if (reader.kind === "binary") return reader.start(name, emit);
  const reading = reader.start(name, emit);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    write: (piece) => reading.write(decoder.decode(piece, { stream: true })),
    end() {
      reading.write(decoder.decode());
      return reading.end();
    },
  };
}

async function* piecesOf(file: File, compressed: boolean, progress: (share: number) => void): AsyncGenerator<Uint8Array> {
  let read = 0;
  const counted = file.stream().pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      read += piece.length;
      progress(file.size === 0 ? 1 : read / file.size);
      controller.enqueue(piece);
    },
  }));
  const stream: ReadableStream<Uint8Array> = compressed ? counted.pipeThrough(new DecompressionStream("gzip")) : counted;
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    void reader.cancel().catch(() => {});
  }
}

async function beginOf(file: File, compressed: boolean): Promise<Uint8Array> {
  if (!compressed) return new Uint8Array(await file.slice(0, begin_bytes).arrayBuffer());
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of piecesOf(file, true, () => {})) {
      parts.push(piece);
      bytes += piece.length;
      if (bytes >= begin_bytes) break;
    }
  } catch {
    // A damaged archive: what came out so far is the beginning; reading it whole will tell.
  }
  const begin = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    begin.set(part, at);
    at += part.length;
  }
  return begin.subarray(0, begin_bytes);
}
