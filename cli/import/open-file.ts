/**
 * A file on disk as readers want it: hashed, decompressed where it is gzip, its beginning looked at, then streamed in pieces, so that memory stays the same
 * however large it is. Nothing of a file is interpreted here.
 */
import { createHash } from "node:crypto";
import { createReadStream, openSync, readSync, closeSync, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream";
import type { Readable } from "node:stream";

export interface ForeignFile {
  readonly path: string;
  /** As the user named it. */
  readonly name: string;
  /** Of the bytes on disk. */
  readonly sha256: string;
  readonly bytes: number;
  readonly compressed: boolean;
  /** Beginning of the content, decompressed. */
  readonly begin: Uint8Array;
}

const beginBytes = 524_288;

export async function openFile(path: string, name: string): Promise<ForeignFile> {
  const { size } = statSync(path);
  const compressed = isGzip(path);
  const file = { path, name, bytes: size, compressed };
  return { ...file, sha256: await hashFile(path), begin: await readBegin({ path, compressed }) };
}

/** The content in pieces, decompressed. */
export function piecesOf({ path, compressed }: Pick<ForeignFile, "path" | "compressed">): Readable {
  const raw = createReadStream(path, { highWaterMark: 1 << 20 });
  if (!compressed) return raw;
  const unzipped = createGunzip();
  // An error of either side ends the other; the consumer sees it on the stream it reads.
  pipeline(raw, unzipped, () => {});
  return unzipped;
}

function isGzip(path: string): boolean {
  const start = Buffer.alloc(2);
  const handle = openSync(path, "r");
  try {
    return readSync(handle, start, 0, 2, 0) === 2 && start[0] === 0x1f && start[1] === 0x8b;
  } finally {
    closeSync(handle);
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest("hex");
}

async function readBegin(file: Pick<ForeignFile, "path" | "compressed">): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const stream = piecesOf(file);
  try {
    for await (const piece of stream) {
      parts.push(piece as Buffer);
      bytes += (piece as Buffer).length;
      if (bytes >= beginBytes) break;
    }
  } catch {
    // A damaged archive: what came out so far is the beginning; reading it whole will tell.
  }
  stream.destroy();
  return Buffer.concat(parts).subarray(0, beginBytes);
}
