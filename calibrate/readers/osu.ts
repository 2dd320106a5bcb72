/**
 * Reads the output of the OSU micro-benchmarks: a title line with test and version, a line that names the columns, then rows by size. Latencies are in
 * microseconds, bandwidths in 1e6 bytes per second. Ranks and nodes are not printed: who has the run must say them.
 */
export interface OsuRow {
  readonly line: number;
  readonly bytes: number;
  /** Of a latency test or a collective; the average over ranks of a collective. */
  readonly time_s?: number;
  readonly least_s?: number;
  readonly most_s?: number;
  readonly rate_bytes_per_s?: number;
  readonly messages_per_s?: number;
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

/** Printed value to SI. */
const toSi: Readonly<Record<Exclude<Column, "skip">, (printed: number) => number>> = {
  time_s: (us) => us / 1e6, least_s: (us) => us / 1e6, most_s: (us) => us / 1e6, rate_bytes_per_s: (megabytes) => megabytes * 1e6, messages_per_s: (count) => count,
};

function accepts(head: string, _name: string): boolean {
  return head.split("\n").some((line) => title.test(line.trim()));
}

function read(text: string): OsuTable {
  const rows: OsuRow[] = [];
  const problems: { line: number; got: string; expected: string }[] = [];
  let test = "";
  let version = "";
  let columns: readonly Column[] | undefined;
  let pairs: { pairs: number; window: number } | undefined;
  const lines = text.trimEnd().split("\n");
  for (const [index, raw] of lines.entries()) {
    const at = index + 1;
    const line = raw.trim();
    if (line === "") continue;
    if (line.startsWith("#")) {
      const found = title.exec(line);
      const window = pairsLine.exec(line);
      if (found) [test, version] = [found[1]!, found[2]!];
      else if (window) pairs = { pairs: Number(window[1]), window: Number(window[2]) };
      else if (columnsLine.test(line)) columns = readColumns(line);
      continue;
    }
    if (test === "" || !/^\d/.test(line)) continue;
    const cells = line.split(/\s+/);
    if (columns === undefined) {
      problems.push({ line: at, got: line.slice(0, 60), expected: "a line that names the columns before the first row" });
      continue;
    }
    const row = readRow(cells, columns, at);
    // Output that ends inside its last line is cut off, which is no fault of the reader's grammar.
    if (row) rows.push(row);
    else if (index < lines.length - 1 || cells.length > columns.length + 1) problems.push({ line: at, got: line.slice(0, 60), expected: `a size and ${columns.length} columns` });
    if (cells.includes("Fail")) problems.push({ line: at, got: "Fail", expected: "results that the program finds right" });
  }
  if (test === "") problems.push({ line: 1, got: text.slice(0, 40), expected: "a title line of the OSU micro-benchmarks" });
  const measures = columns?.includes("rate_bytes_per_s") === true ? "bandwidth" : /^(?:Multi )?Latency Test|^One Sided/i.test(test) ? "latency" : "collective";
  return { test, version, measures, ...pairs, rows, problems };
}

function readRow(cells: readonly string[], columns: readonly Column[], line: number): OsuRow | undefined {
  if (cells.length < columns.length + 1 || !/^\d+$/.test(cells[0]!)) return undefined;
  const values: Partial<Record<Exclude<Column, "skip">, number>> = {};
  for (const [index, column] of columns.entries()) {
    if (column === "skip") continue;
    const value = Number(cells[index + 1]);
    if (!Number.isFinite(value) || value < 0) return undefined;
    values[column] = toSi[column](value);
  }
  return { line, bytes: Number(cells[0]), ...values };
}

export const osu = { id: "osu", accepts, read };
