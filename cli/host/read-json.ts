/**
 * Bytes -> JSON value, or problems. Everything that can be wrong with a file before its content is looked at ends here: missing, a directory,
 * too large (before it is read), not text, not JSON, nested so deep that walking it would exhaust the stack.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { nearest, notJson, unreadableFile, wrongValue, type Problem } from "../../model/problems.ts";
import { isDeeperThan, maximumDepth, maximumDocumentBytes, parseJson } from "../../model/schema/parse.ts";

export type ReadJson = { readonly value: unknown; readonly problems: readonly [] } | { readonly value?: undefined; readonly problems: readonly Problem[] };

export function readJsonFile(path: string, name: string): ReadJson {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    return { problems: [missingFile(path, name, error)] };
  }
  try {
    const status = fstatSync(file);
    if (status.isDirectory()) return { problems: [unreadableFile(name, "a directory")] };
    if (status.size > maximumDocumentBytes) return { problems: [tooLarge(name, status.size)] };
    return parseBytes(readFileSync(file), name);
  } catch (error) {
    return { problems: [unreadableFile(name, reasonOf(error))] };
  } finally {
    closeSync(file);
  }
}

export async function readJsonStream(stream: AsyncIterable<Uint8Array | string>, name: string): Promise<ReadJson> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    const chunk = typeof part === "string" ? Buffer.from(part) : part;
    bytes += chunk.length;
    if (bytes > maximumDocumentBytes) return { problems: [tooLarge(name, bytes)] };
    parts.push(chunk);
  }
  return parseBytes(Buffer.concat(parts), name);
}

export function parseBytes(bytes: Uint8Array, name: string): ReadJson {
  if (bytes.length > maximumDocumentBytes) return { problems: [tooLarge(name, bytes.length)] };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return { problems: [notJson(name, "the bytes are not UTF-8 text")] };
  }
  if (text.includes("\u0000")) return { problems: [notJson(name, "there are NUL bytes in it: a binary file, or text that is not UTF-8")] };
  const { value, problems } = parseJson(text, name);
  if (problems.length > 0) return { problems: problems.map((problem) => withLine(problem, text)) };
  return isDeeperThan(value, maximumDepth) ? { problems: [wrongValue(name, `values nested more than ${maximumDepth} deep`, `a document nested at most ${maximumDepth} deep`)].map(unquoted) } : { value, problems: [] };
}

export function tooLarge(name: string, bytes: number): Problem {
  return unquoted(wrongValue(name, `${bytes > maximumDocumentBytes * 1.05 ? (bytes / 2 ** 20).toFixed(1) : "more than 2"} MiB`, `a document of at most ${maximumDocumentBytes / 2 ** 20} MiB`));
}

const unquoted = (problem: Problem): Problem => ({ ...problem, got: problem.got.replace(/^"(.*)"$/, "$1") });

/** Turns the engine's character position into the line and column that an editor shows. */
function withLine(problem: Problem, text: string): Problem {
  const position = /at position (\d+)/.exec(problem.hint ?? "");
  if (!position || problem.hint === undefined) return problem;
  const before = text.slice(0, Number(position[1])).split("\n");
  const place = `at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return { ...problem, hint: problem.hint.replace(/at position \d+( \(line \d+ column \d+\))?/, place) };
}

function missingFile(path: string, name: string, error: unknown): Problem {
  const problem = unreadableFile(name, reasonOf(error));
  const near = nearest(basename(path), siblings(path));
  return near !== undefined && near !== basename(path) ? { ...problem, hint: `did you mean "${near}"?` } : problem;
}

function siblings(path: string): string[] {
  try {
    return readdirSync(dirname(path)).toSorted();
  } catch {
    return [];
  }
}

export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const reasons: Record<string, string> = { ENOENT: "no such file", EISDIR: "a directory", EACCES: "a file that may not be read", ENOTDIR: "no such file", ELOOP: "a loop of links", ENAMETOOLONG: "a name that is too long" };
  return (typeof code === "string" ? reasons[code] : undefined) ?? (error instanceof Error ? error.message : String(error));
}
