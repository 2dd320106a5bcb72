/**
 * Text of log files: decoded piece by piece, byte-order mark, carriage returns, colours and what launchers put before each line taken away. Progress bars that
 * overwrite a line keep what was last on it.
 */
import { mostProblems, type Emit, type ImportedHead, type LineProblem, type TextReader } from "./reader.ts";

/** Characters of a file that readers choose by. */
export const headLength = 524_288;
/** A line is cut here: no tool prints longer ones that matter. */
const longestLine = 4 * 2 ** 20;

const escape = String.fromCharCode(27);
/** ANSI colours and cursor moves (ECMA-48, CSI sequences). */
const colours = new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, "g");
/** mpirun --tag-output and --timestamp-output, srun -l, torchrun, kubectl and journal prefixes. */
const launcherTags = /^\s*(?:\[\d+,\d+\](?:<std(?:out|err|diag)>)?:?|\d{1,6}: |\[(?:rank|default)?\d+\]:|<std(?:out|err)>:?)\s?/;

export function cleanLine(line: string): string {
  let clean = line.endsWith("\r") ? line.slice(0, -1) : line;
  const overwritten = clean.lastIndexOf("\r");
  if (overwritten >= 0) clean = clean.slice(overwritten + 1);
  if (clean.includes(escape)) clean = clean.replace(colours, "");
  return withoutTag(clean);
}

/** A tag begins with a bracket, an angle or digits and a colon, after blanks or at once: seen without a regular expression, since most lines have none. */
function withoutTag(line: string): string {
  let at = 0;
  let code = line.charCodeAt(0);
  if (code > 57 && code !== 91 && code !== 60) return line;
  while (code === 32) code = line.charCodeAt(++at);
  if (code >= 48 && code <= 57) {
    while (code >= 48 && code <= 57) code = line.charCodeAt(++at);
    if (code !== 58) return line;
  } else if (code !== 91 && code !== 60 && code !== 9) return line;
  return line.replace(launcherTags, "");
}

export const cleanText = (text: string): string => withoutMark(text).split("\n").map(cleanLine).join("\n");

/** Text without its byte-order mark. */
export const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/** The beginning of a file as readers see it. */
export const headOf = (text: string): string => cleanText(text.slice(0, headLength));

/** A line where it stands in its piece; true where it was taken, and need not be cut out. Only lines without returns and colours come this way. */
export type TakeSpan = (piece: string, begin: number, end: number, number: number) => boolean;

/** Calls `line` for each line of the pieces written, cleaned, with its number; `end` gives the last one, if it has no line end, as cut off. */
export function splitLines(line: (text: string, number: number, cutOff: boolean) => void, span?: TakeSpan): { write(piece: string): void; end(): void } {
  let open = "";
  let number = 0;
  let plain = true;
  const take = (piece: string): void => {
    const text = number === 0 && open === "" ? withoutMark(piece) : piece;
    // Whole pieces without returns and colours are most: their lines need no look for either.
    plain = (open === "" || plain) && !text.includes("\r") && !text.includes(escape);
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      number++;
      if (span !== undefined && plain && open === "" && span(text, from, at, number)) {
        from = at + 1;
        continue;
      }
      const whole = open === "" ? text.slice(from, at) : open + text.slice(from, at);
      line(plain ? withoutTag(whole) : cleanLine(whole), number, false);
      open = "";
      from = at + 1;
    }
    if (open.length < longestLine) open += text.slice(from);
  };
  return {
    write: take,
    end: () => {
      if (open !== "") line(cleanLine(open), ++number, true);
    },
  };
}

/** Collects problems up to the limit and counts the rest. */
export function problemList(): { add(line: number, got: string, expected: string): void; list(): LineProblem[] } {
  const problems: LineProblem[] = [];
  let more = 0;
  return {
    add: (line, got, expected) => {
      if (problems.length < mostProblems) problems.push({ line, got: got.length > 120 ? `${got.slice(0, 117)}...` : got, expected });
      else more++;
    },
    list: () => (more === 0 ? problems : [...problems, { line: 0, got: `${more} more problems`, expected: "a file of this tool" }]),
  };
}

/** Words of a tool as the name of a benchmark: small letters, digits and single dashes. */
export const benchmarkName = (...words: readonly string[]): string => words.join("-").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "unknown";

export const emptyHead: ImportedHead = { facts: {}, asks: [], documents: [], excluded: [], problems: [] };

/** More text than this is not read whole. */
const mostWholeCharacters = 512 * 2 ** 20;

type Described = Pick<TextReader, "id" | "title" | "accepts">;

/** The first number that is not finite, in words. */
function endless(values: Readonly<Record<string, unknown>>): string | undefined {
  for (const key in values) {
    const value = values[key];
    if (typeof value === "number" && !Number.isFinite(value)) return `${key} = ${value}`;
  }
  return undefined;
}

/** Lets only rows through whose numbers are finite: one that is too large for a number is a problem of its line, whatever the reader. */
export function guardRows(emit: Emit): { emit: Emit; close(head: ImportedHead): ImportedHead } {
  const problems = problemList();
  return {
    emit(row) {
      const wrong = endless(row.case) ?? endless(row.values);
      if (wrong === undefined) emit(row);
      else problems.add(row.line, wrong, "a finite number");
    },
    close(head) {
      const found = problems.list();
      return found.length === 0 ? head : { ...head, problems: [...head.problems, ...found] };
    },
  };
}

/** A reader that needs the whole text: tables of web pages, JSON documents, results of one run. */
export function wholeTextReader({ read, ...about }: Described & { readonly read: (text: string, name: string, emit: Emit) => ImportedHead }): TextReader {
  return {
    ...about,
    kind: "text",
    start(name, emit) {
      const guard = guardRows(emit);
      const parts: string[] = [];
      let length = 0;
      return {
        write(piece) {
          length += piece.length;
          if (length <= mostWholeCharacters) parts.push(piece);
        },
        end() {
          if (length > mostWholeCharacters) return { ...emptyHead, problems: [{ line: 0, got: `${length} characters`, expected: `at most ${mostWholeCharacters} characters of ${about.title}` }] };
          return guard.close(read(withoutMark(parts.join("")), name, guard.emit));
        },
      };
    },
  };
}

/** A reader that looks at one line at a time. */
export function lineReader({ begin, ...about }: Described & { readonly begin: (name: string, emit: Emit) => { line(text: string, number: number, cutOff: boolean): void; readonly span?: TakeSpan; end(): ImportedHead } }): TextReader {
  return {
    ...about,
    kind: "text",
    start(name, emit) {
      const guard = guardRows(emit);
      const reading = begin(name, guard.emit);
      const lines = splitLines((text, number, cutOff) => reading.line(text, number, cutOff), reading.span);
      return {
        write: (piece) => lines.write(piece),
        end() {
          lines.end();
          return guard.close(reading.end());
        },
      };
    },
  };
}
