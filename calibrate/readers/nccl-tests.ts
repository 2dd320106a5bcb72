/**
 * Reads the output of nccl-tests and rccl-tests (one line per size, times out of place and in place) of every age: with and without the root column, the
 * last column "error" or "#wrong", decorated by mpirun or srun, amid library noise, cut off, or lines alone without their header.
 * The operation is not printed before 2025: it comes from the header, the command, the file's name, or the columns redop and root, in this order.
 */
import { cellIs, cellNumber, cellText, cellWhole, findCells, makeCells, type Cells } from "./cells.ts";
import { findOperation, type FoundOperation } from "./nccl-operation.ts";
import type { TakeSpan } from "./text.ts";
import { findRanks, readRankLine, type FoundRanks, type RankLine } from "./nccl-ranks.ts";

export interface CollectiveRow {
  readonly line: number;
  /** What the lines of a joined file say of this part: "2-node", or a first column put in by hand. Absent where the file has one table. */
  readonly part?: string;
  readonly bytes: number;
  readonly type: string;
  readonly reduction?: string;
  readonly root?: number;
  readonly outOfPlace_s?: number;
  readonly inPlace_s?: number;
  /** Size over time and bus bandwidth as printed, out of place. */
  readonly algorithmRate_bytes_per_s: number;
  readonly busRate_bytes_per_s: number;
  /** Wrong results that the program counted, out of place and in place together. */
  readonly wrong: number;
}

export type CollectiveRowRule = "no-bytes" | "cut-off";

export interface CollectiveTable {
  readonly operation: FoundOperation;
  readonly ranks: FoundRanks;
  /** Names of hosts in the list of ranks, and whether the list is whole. */
  readonly hosts: readonly string[];
  readonly wholeRankList: boolean;
  readonly devices: readonly string[];
  readonly software: readonly string[];
  readonly headless: boolean;
  readonly rows: readonly CollectiveRow[];
  readonly excluded: readonly { readonly rule: CollectiveRowRule; readonly count: number }[];
  readonly problems: readonly { readonly line: number; readonly got: string; readonly expected: string }[];
}

const types = "(?:u?int(?:8|16|32|64)|half|float|double|bfloat16|fp8_e4m3|fp8_e5m2|f8e4m3|f8e5m2)";
const isType = new RegExp(`^${types}$`);
const headLine = /\bsize\s+count\s+type\b.*\balgbw\s+busbw\b/;
/** What mpirun --tag-output and srun -l put before each line. */
const launcherTag = /^\s*(?:\[\d+,\d+\]<std(?:out|err)>:|\d+: )\s?/;
const reductions = /^(?:sum|prod|max|min|avg|mulsum|none|all)$/;

const plain = (line: string): string => line.replace(/\r$/, "").replace(launcherTag, "");

/** Lines of times alone, without their header, are taken where there are so many that they are no accident, or the name says what they are. */
const fewestHeadless = 3;

function accepts(head: string, name: string): boolean {
  const lines = head.split("\n").map(plain);
  if (lines.some((line) => headLine.test(line))) return true;
  const cells = makeCells();
  const seen = wordsSeen();
  const rows = lines.filter((line) => readLine(line.trim(), 1, cells, seen)?.whole).length;
  return rows >= fewestHeadless || (rows > 0 && /all_?reduce|all_?gather|reduce_?scatter|all_?to_?all|[nr]ccl/i.test(name));
}

interface ReadRow {
  readonly row: CollectiveRow;
  readonly first: string | undefined;
  readonly whole: boolean;
}

/** Columns between type and the first number are redop and root; the eight after them are two times (time, algbw, busbw, errors). */
function readRow(cells: Cells, line: number, seen: Seen, rootColumn?: boolean): ReadRow | undefined {
  // A first column may have been put in by hand before size, count and type.
  const at = seen.types.takes(cells, 2) ? 0 : seen.types.takes(cells, 3) ? 1 : -1;
  if (at < 0 || cells.count < at + 4) return undefined;
  for (let index = 0; index < at + 2; index++) if (Number.isNaN(cellWhole(cells, index))) return undefined;
  const type = seen.types.last;
  let next = at + 3;
  const reduction = seen.reductions.takes(cells, next) ? seen.reductions.last : undefined;
  if (reduction !== undefined) next++;
  const hasRoot = rootColumn ?? (cellIs(cells, next, "-1") || cells.count - next === 9);
  const printedRoot = !hasRoot ? undefined : cellIs(cells, next, "-1") ? -1 : Number(cellText(cells, next));
  if (hasRoot) next++;
  const root = Number.isInteger(printedRoot) ? printedRoot : undefined;
  const count = cells.count - next;
  const out_us = numberIn(cells, next);
  const place_us = numberIn(cells, next + 4);
  if (!(out_us > 0) && !(place_us > 0)) return undefined;
  const row: { -readonly [key in keyof CollectiveRow]: CollectiveRow[key] } = {
    line, bytes: cellWhole(cells, at), type,
    algorithmRate_bytes_per_s: numberIn(cells, next + 1) * 1e9,
    busRate_bytes_per_s: numberIn(cells, next + 2) * 1e9,
    wrong: (cellWhole(cells, next + 3) || 0) + (cellWhole(cells, next + 7) || 0),
  };
  if (reduction !== undefined) row.reduction = reduction;
  if (root !== undefined) row.root = root;
  if (out_us > 0 && count >= 4) row.outOfPlace_s = out_us / 1e6;
  if (place_us > 0 && count >= 8) row.inPlace_s = place_us / 1e6;
  // The eighth cell is the count of errors; a line cut inside a number before it cannot be told from a whole number, so its last half is not taken.
  return { row, first: at > 0 ? cellText(cells, 0) : undefined, whole: count === 8 };
}

/** Words of one pattern in a column: the one of the row before is most often that of the next, and is known without looking it up. */
class Word {
  last = "";
  readonly #pattern: RegExp;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  takes(cells: Cells, index: number): boolean {
    if (this.last !== "" && cellIs(cells, index, this.last)) return true;
    const text = cellText(cells, index);
    if (text === undefined || !this.#pattern.test(text)) return false;
    this.last = text;
    return true;
  }
}

const wordsSeen = (): Seen => ({ types: new Word(isType), reductions: new Word(reductions) });

function readLine(text: string, line: number, cells: Cells, seen: Seen, rootColumn?: boolean): ReadRow | undefined {
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57 ? readRow(findCells(cells, text), line, seen, rootColumn) : undefined;
}

interface Seen {
  readonly types: Word;
  readonly reductions: Word;
}

/** Digits with a point and an exponent, and nothing else that JavaScript takes for a number. */
function numberIn(cells: Cells, index: number): number {
  if (index >= cells.count) return Number.NaN;
  const from = cells.from[index]!;
  const first = cells.line.charCodeAt(from);
  const second = cells.to[index]! - from > 1 ? cells.line.charCodeAt(from + 1) : 48;
  // A second letter other than e is that of another base.
  return (first < 48 && first !== 46) || first > 57 || (second > 57 && second !== 101 && second !== 69) ? Number.NaN : cellNumber(cells, index);
}

/** Lines in order; the table is known at the end, since operation and ranks may show in the last rows alone. */
export function startNcclTests(name: string): { line(text: string, at: number): void; span: TakeSpan; end(): CollectiveTable } {
  const rows: CollectiveRow[] = [];
  const excluded = new Map<CollectiveRowRule, number>();
  const ranks: RankLine[] = [];
  const software = new Set<string>();
  const titles: string[] = [];
  let headed = false;
  let rootColumn: boolean | undefined;
  let handColumn = false;
  let part: string | undefined;
  let first = "";
  const exclude = (rule: CollectiveRowRule): void => void excluded.set(rule, (excluded.get(rule) ?? 0) + 1);

  const cells = makeCells();
  const seen = wordsSeen();
  const takeRow = (line: string, at: number): void => {
    const found = readLine(line, at, cells, seen, rootColumn);
    if (!found) {
      if (headed && /^\d+\s+\d+\s+[a-z]/.test(line)) exclude("cut-off");
      return;
    }
    keep(found);
  };
  const keep = (found: ReadRow): void => {
    const { row, first: hand, whole } = found;
    if (row.bytes === 0) return exclude("no-bytes");
    if (!whole) exclude("cut-off");
    if (row.outOfPlace_s === undefined && row.inPlace_s === undefined) return whole ? exclude("cut-off") : undefined;
    const of = handColumn ? hand : part;
    rows.push(of === undefined ? row : { ...row, part: of });
  };

  return {
    line(raw, at) {
      const line = raw.trim();
      if (line === "") return;
      if (first === "") first = line;
      const rank = line.includes("Rank") ? readRankLine(line) : undefined;
      if (rank) ranks.push(rank);
      else if (line.includes("algbw") && headLine.test(line)) {
        headed = true;
        rootColumn = /\broot\b/.test(line);
        handColumn = !/^#?\s*size\b/.test(line);
      } else if (line.startsWith("=") && /^=+\s*.+?\s*=+$/.test(line)) part = line.replaceAll("=", "").trim();
      else if (mayBeTitle(line)) {
        titles.push(line);
        const version = /^#?\s*((?:NCCL|RCCL|HIP|ROCm|nccl-tests|rccl-tests)\b.*\bversion\b.*)$/i.exec(line)?.[1];
        if (version) software.add(version.trim());
      } else if (!line.startsWith("#")) takeRow(line, at);
    },
    span(piece, begin, end, at) {
      let from = begin;
      while (piece.charCodeAt(from) === 32) from++;
      const code = piece.charCodeAt(from);
      if (first === "" || code < 48 || code > 57) return false;
      const found = readRow(findCells(cells, piece, from, end), at, seen, rootColumn);
      if (!found?.whole) return false;
      keep(found);
      return true;
    },
    end() {
      const problems: { line: number; got: string; expected: string }[] = [];
      if (rows.length === 0) problems.push({ line: 1, got: first.slice(0, 40), expected: "rows of nccl-tests or rccl-tests: size, count, type, then times and bandwidths" });
      for (const { line, wrong } of rows) if (wrong > 0) problems.push({ line, got: `${wrong} wrong results`, expected: "none: the program found the collective's results wrong" });
      const operation = findOperation(titles, name, rows);
      const found = findRanks(operation.operation, rows, ranks);
      return {
        operation,
        ranks: found,
        hosts: [...new Set(ranks.map(({ host }) => host))],
        wholeRankList: ranks.length > 0 && ranks.length === found.ranks && ranks.every(({ rank }, index) => rank === index),
        devices: [...new Set(ranks.flatMap(({ device }) => (device === undefined ? [] : [device])))],
        software: [...software],
        headless: !headed,
        rows,
        excluded: [...excluded].map(([rule, count]) => ({ rule, count })),
        problems,
      };
    },
  };
}

/** A line that names the test or a version: rows begin with a digit and hold no such word, so a cheap look comes first. */
const mayBeTitle = (line: string): boolean => /^(?!\d+\s+\d+\s)/.test(line) && (line.includes("_perf") || /version|Collective test starting/i.test(line));

function read(text: string, name: string): CollectiveTable {
  const reading = startNcclTests(name);
  for (const [index, line] of text.split("\n").entries()) reading.line(plain(line), index + 1);
  return reading.end();
}

export const ncclTests = { id: "nccl-tests", accepts, read };
