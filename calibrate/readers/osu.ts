/**
 * Reads the output of the OSU micro-benchmarks: a title line with test and version, a line that names the columns, then rows by size. Latencies are in
 * microseconds, bandwidths in 1e6 bytes per second. Ranks and nodes are not printed: who has the run must say them.
 */
import { cellNumber, cellText, cellWhole, findCells, makeCells, type Cells } from "./cells.ts";
import type { TakeSpan } from "./text.ts";

export interface OsuRow {
  readonly line: number;
  readonly bytes: number;
  /** Of a latency test or a collective; the average over ranks of a collective. */
  readonly time_s: number | undefined;
  readonly least_s: number | undefined;
  readonly most_s: number | undefined;
  readonly rate_bytes_per_s: number | undefined;
  readonly messages_per_s: number | undefined;
}

export interface OsuPairs {
  readonly pairs: number;
  readonly window: number;
}

export interface OsuTable {
  /** "Latency Test", "Bandwidth Test", "Allreduce Latency Test", as printed. */
  readonly test: string;
  readonly version: string;
  readonly measures: "latency" | "bandwidth" | "collective";
  readonly pairs?: number;
  readonly window?: number;
  readonly rows: readonly OsuRow[];
  readonly problems: readonly { readonly line: number; readonly got: string; readonly expected: string }[];
}

const title = /^#\s*OSU\s+(?:MPI\S*\s+)?(.+?)\s+v([\d.]+)\s*$/;
const columnsLine = /^#\s*Size\b/;
const pairsLine = /\[\s*pairs:\s*(\d+)\s*\]\s*\[\s*window size:\s*(\d+)\s*\]/;

type Column = "time_s" | "least_s" | "most_s" | "rate_bytes_per_s" | "messages_per_s" | "skip";

/** Names of the columns after the size: text with its unit where it has one, so that a unit's blank does not make a column. */
function readColumns(line: string): Column[] {
  const names = line.replace(columnsLine, "").replace(/\s+\(/g, "(").replace(/\b(Avg|Min|Max)\s+(?=Lat)/g, "$1").trim().split(/\s+/);
  return names.map((name) => {
    if (/^Min.*Lat/i.test(name)) return "least_s";
    if (/^Max.*Lat/i.test(name)) return "most_s";
    if (/Lat/i.test(name)) return "time_s";
    if (/^(?:Bandwidth|MB\/s)/i.test(name)) return "rate_bytes_per_s";
    if (/^Messages/i.test(name)) return "messages_per_s";
    return "skip";
  });
}

function accepts(head: string, _name: string): boolean {
  return head.split("\n").some((line) => title.test(line.trim()));
}

/** Lines in order, rows also where they stand in a piece (`span`); they are handed on as they come, so that a file of any size takes constant memory. */
export function startOsu(take: (row: OsuRow, test: string, pairs: OsuPairs | undefined) => void): { line(text: string, at: number): void; span: TakeSpan; end(): Omit<OsuTable, "rows"> } {
  const problems: { line: number; got: string; expected: string }[] = [];
  let test = "";
  let version = "";
  let columns: readonly Column[] | undefined;
  let pairs: OsuPairs | undefined;
  let first = "";
  const cells = makeCells();
  let doubtful: { line: number; got: string; expected: string } | undefined;
  return {
    line(text, at) {
      const code = text.charCodeAt(0);
      const line = code >= 48 && code <= 57 ? text : text.trim();
      if (line === "") return;
      if (first === "") first = line;
      if (doubtful) problems.push(doubtful);
      doubtful = undefined;
      if (line.startsWith("#")) {
        const found = title.exec(line);
        const window = pairsLine.exec(line);
        if (found) [test, version] = [found[1]!, found[2]!];
        else if (window) pairs = { pairs: Number(window[1]), window: Number(window[2]) };
        else if (columnsLine.test(line)) columns = readColumns(line);
        return;
      }
      if (test === "" || !/^\d/.test(line)) return;
      findCells(cells, line);
      if (columns === undefined) return void problems.push({ line: at, got: line.trim().slice(0, 60), expected: "a line that names the columns before the first row" });
      const row = readRow(cells, columns, at);
      if (row) take(row, test, pairs);
      else {
        const problem = { line: at, got: line.trim().slice(0, 60), expected: `a size and ${columns.length} columns` };
        // Output that ends inside its last line is cut off, which is no fault of the reader's grammar.
        if (cells.count > columns.length + 1) problems.push(problem);
        else doubtful = problem;
      }
      if (cells.count > 2 && line.includes("Fail") && hasCell(cells, "Fail")) problems.push({ line: at, got: "Fail", expected: "results that the program finds right" });
    },
    span(piece, begin, end, at) {
      const code = piece.charCodeAt(begin);
      if (columns === undefined || doubtful !== undefined || test === "" || code < 48 || code > 57) return false;
      const row = findCells(cells, piece, begin, end).count === columns.length + 1 ? readRow(cells, columns, at) : undefined;
      if (row === undefined) return false;
      take(row, test, pairs);
      return true;
    },
    end() {
      if (test === "") problems.push({ line: 1, got: first.slice(0, 40), expected: "a title line of the OSU micro-benchmarks" });
      const measures = columns?.includes("rate_bytes_per_s") === true ? "bandwidth" : /^(?:Multi )?Latency Test|^One Sided/i.test(test) ? "latency" : "collective";
      return { test, version, measures, ...pairs, problems };
    },
  };
}

function read(text: string): OsuTable {
  const rows: OsuRow[] = [];
  const reading = startOsu((row) => rows.push(row));
  for (const [index, line] of text.split("\n").entries()) reading.line(line, index + 1);
  return { ...reading.end(), rows };
}

const hasCell = (cells: Cells, text: string): boolean => Array.from({ length: cells.count }, (_, index) => cellText(cells, index)).includes(text);

function readRow(cells: Cells, columns: readonly Column[], line: number): OsuRow | undefined {
  const bytes = cellWhole(cells, 0);
  if (cells.count < columns.length + 1 || Number.isNaN(bytes)) return undefined;
  let time_s: number | undefined, least_s: number | undefined, most_s: number | undefined, rate_bytes_per_s: number | undefined, messages_per_s: number | undefined;
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    if (column === "skip") continue;
    const value = cellNumber(cells, index + 1);
    if (!Number.isFinite(value) || value < 0) return undefined;
    // Times are printed in microseconds, rates in 1e6 bytes per second.
    if (column === "time_s") time_s = value / 1e6;
    else if (column === "least_s") least_s = value / 1e6;
    else if (column === "most_s") most_s = value / 1e6;
    else if (column === "rate_bytes_per_s") rate_bytes_per_s = value * 1e6;
    else messages_per_s = value;
  }
  return { line, bytes, time_s, least_s, most_s, rate_bytes_per_s, messages_per_s };
}

export const osu = { id: "osu", accepts, read };
