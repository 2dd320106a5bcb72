/** JSON documents among logs: found behind chatter, told with a line where they are cut, and read without trust in any value. */
import type { LineProblem } from "./reader.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The first object of a text and the line it begins in; chatter before and after it is left out. */
export function parseFirstObject(text: string): { value: Json; line: number; problem?: undefined } | { value?: undefined; problem: LineProblem } {
  const begin = text.search(/^\s*[{[]/m);
  if (begin < 0) return { problem: { line: 1, got: text.slice(0, 60), expected: "a JSON document" } };
  const line = lineAt(text, begin);
  for (const end of ends(text)) {
    try {
      return { value: JSON.parse(text.slice(begin, end)) as Json, line };
    } catch {
      // Perhaps something stands behind it: try a shorter text.
    }
  }
  return { problem: { line, got: "JSON that does not parse", expected: "a whole JSON document" } };
}

/** Where a document may end: at the end of the text, or at a closing bracket at the beginning of a line, the last ones first. */
function* ends(text: string): Generator<number> {
  yield text.length;
  const closing = [...text.matchAll(/^[}\]]/gm)].map(({ index }) => index + 1);
  for (const end of closing.toReversed().slice(0, 4)) yield end;
}

export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** Lines in which a key stands, in order. */
export function linesOfKey(text: string, key: string): number[] {
  const lines: number[] = [];
  const wanted = `"${key}"`;
  let line = 1;
  let from = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    for (let end = text.indexOf("\n", from); end >= 0 && end < at; end = text.indexOf("\n", from)) {
      line++;
      from = end + 1;
    }
    lines.push(line);
  }
  return lines;
}

export const objectOf = (value: Json | undefined): Readonly<Record<string, Json>> => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>) : {});
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** A finite number, written as one or as text. */
export function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A number above zero. */
export function positive(value: Json | undefined): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number > 0 ? number : undefined;
}

export const textOf = (value: Json | undefined): string | undefined => (typeof value === "string" && value !== "" ? value : typeof value === "number" && Number.isFinite(value) ? String(value) : undefined);

/** Only the entries that have a value. */
export function given<T>(entries: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Record<string, T>;
}
