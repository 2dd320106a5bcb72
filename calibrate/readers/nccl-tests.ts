/**
 * Reads the output of nccl-tests and rccl-tests (one line per size, times out of place and in place) of every age: with and without the root column, the
 * last column "error" or "#wrong", decorated by mpirun or srun, amid library noise, cut off, or lines alone without their header.
 * The operation is not printed before 2025: it comes from the header, the command, the file's name, or the columns redop and root, in this order.
 */
import { findOperation, type FoundOperation } from "./nccl-operation.ts";
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
/** Size, count and type as a row has them, whatever stands before. */
const rowStart = new RegExp(`^(?:(\\d+)\\s+)?(\\d+)\\s+(\\d+)\\s+(${types})\\s+(.*)$`);
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
  const rows = lines.filter((line) => readRow(line.trim(), 1)?.whole).length;
  return rows >= fewestHeadless || (rows > 0 && /all_?reduce|all_?gather|reduce_?scatter|all_?to_?all|[nr]ccl/i.test(name));
}

type ReadRow = Omit<CollectiveRow, "part"> & { readonly first?: string; readonly whole: boolean };

/** Columns between type and the first number are redop and root; the eight after them are two times (time, algbw, busbw, errors). */
function readRow(text: string, line: number, rootColumn?: boolean): ReadRow | undefined {
  const match = rowStart.exec(text);
  if (!match) return undefined;
  const [, first, size, , type, rest] = match as unknown as [string, string | undefined, string, string, string, string];
  const cells = rest.trim().split(/\s+/);
  const reduction = reductions.test(cells[0] ?? "") ? cells.shift() : undefined;
  const hasRoot = rootColumn ?? (cells[0] === "-1" || cells.length === 9);
  const printedRoot = hasRoot ? Number(cells.shift()) : undefined;
  const root = Number.isInteger(printedRoot) ? printedRoot : undefined;
  const number = (index: number): number => (cells[index] === undefined || !/^[\d.]+(?:e[+-]?\d+)?$/i.test(cells[index]) ? Number.NaN : Number(cells[index]));
  const time = (index: number): number | undefined => (number(index) > 0 ? number(index) / 1e6 : undefined);
  const [out, place] = [time(0), time(4)];
  if (out === undefined && place === undefined) return undefined;
  // The eighth cell is the count of errors; a line cut inside a number before it cannot be told from a whole number, so its last half is not taken.
  const whole = cells.length === 8;
  return {
    line, bytes: Number(size), type, whole,
    ...(first === undefined ? {} : { first }),
    ...(reduction === undefined ? {} : { reduction }),
    ...(root === undefined ? {} : { root }),
    ...(out !== undefined && cells.length >= 4 ? { outOfPlace_s: out } : {}),
    ...(place !== undefined && cells.length >= 8 ? { inPlace_s: place } : {}),
    algorithmRate_bytes_per_s: number(1) * 1e9,
    busRate_bytes_per_s: number(2) * 1e9,
    wrong: [3, 7].reduce((sum, index) => sum + (/^\d+$/.test(cells[index] ?? "") ? number(index) : 0), 0),
  };
}

function read(text: string, name: string): CollectiveTable {
  const rows: CollectiveRow[] = [];
  const problems: { line: number; got: string; expected: string }[] = [];
  const excluded = new Map<CollectiveRowRule, number>();
  const ranks: RankLine[] = [];
  const software = new Set<string>();
  const titles: string[] = [];
  let headed = false;
  let rootColumn: boolean | undefined;
  let handColumn = false;
  let part: string | undefined;
  const exclude = (rule: CollectiveRowRule): void => void excluded.set(rule, (excluded.get(rule) ?? 0) + 1);

  for (const [index, raw] of text.split("\n").entries()) {
    const line = plain(raw).trim();
    if (line === "") continue;
    const rank = readRankLine(line);
    if (rank) ranks.push(rank);
    else if (headLine.test(line)) {
      headed = true;
      rootColumn = /\broot\b/.test(line);
      handColumn = !/^#?\s*size\b/.test(line);
    } else if (/^=+\s*.+?\s*=+$/.test(line)) part = line.replaceAll("=", "").trim();
    else if (/version|_perf(?:_mpi)?\b|Collective test starting/i.test(line)) {
      titles.push(line);
      const version = /^#?\s*((?:NCCL|RCCL|HIP|ROCm|nccl-tests|rccl-tests)\b.*\bversion\b.*)$/i.exec(line)?.[1];
      if (version) software.add(version.trim());
    } else if (!line.startsWith("#")) {
      const row = readRow(line, index + 1, rootColumn);
      if (!row) {
        if (headed && /^\d+\s+\d+\s+[a-z]/.test(line)) exclude("cut-off");
        continue;
      }
      if (row.bytes === 0) exclude("no-bytes");
      else if (row.outOfPlace_s === undefined && row.inPlace_s === undefined) exclude("cut-off");
      else {
        const { first, whole, ...kept } = row;
        if (!whole) exclude("cut-off");
        const of = handColumn ? first : part;
        rows.push({ ...kept, ...(of === undefined ? {} : { part: of }) });
      }
    }
  }
  if (rows.length === 0) problems.push({ line: 1, got: text.slice(0, 40), expected: "rows of nccl-tests or rccl-tests: size, count, type, then times and bandwidths" });
  for (const { line, wrong } of rows) if (wrong > 0) problems.push({ line, got: `${wrong} wrong results`, expected: "none: the program found the collective's results wrong" });
  const operation = findOperation(titles, name, rows);
  const found = findRanks(operation.operation, rows, ranks);
  const whole = ranks.length > 0 && ranks.length === found.ranks && ranks.every(({ rank }, index) => rank === index);
  return {
    operation,
    ranks: found,
    hosts: [...new Set(ranks.map(({ host }) => host))],
    wholeRankList: whole,
    devices: [...new Set(ranks.flatMap(({ device }) => (device === undefined ? [] : [device])))],
    software: [...software],
    headless: !headed,
    rows,
    excluded: [...excluded].map(([rule, count]) => ({ rule, count })),
    problems,
  };
}

export const ncclTests = { id: "nccl-tests", accepts, read };
