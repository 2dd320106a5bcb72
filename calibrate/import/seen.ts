/** What imported files hold that tells of a machine: rows with the counts of nodes and ranks that hold for them, and where each is from. */
import { median } from "../fit/errors.ts";
import type { ImportedRow } from "../readers/index.ts";
import type { Noted } from "../facts.ts";

export interface ImportedFile {
  readonly name: string;
  readonly sha256: string;
  readonly reader: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly rows: readonly ImportedRow[];
}

/** What the user says that files do not. */
export interface Told {
  /** Of files that do not say over how many nodes their ranks were spread. */
  readonly nodes?: number;
  readonly ranks?: number;
}

export interface Seen {
  readonly file: ImportedFile;
  readonly row: ImportedRow;
  readonly nodes: number | undefined;
  readonly ranks: number | undefined;
}

/** Rows that say something of a machine: all others, such as the millions of a trace, need not be kept. */
export const benchmarksOfMachines = "^(all-reduce|all-gather|reduce-scatter|send-recv|osu-(latency|bandwidth|message-rate)|imb-pingpong|perftest-|iperf-(sent|received)|ior-|mdtest-|io500-|fio-|dlio-run|babelstream-|stream-|nvbandwidth-(host|device)|cuda-copy|shoc-bspeed|matrix-product|system$|device-query|cuda-p2p)";
const ofMachines = new RegExp(benchmarksOfMachines);
export const tellsOfMachine = ({ benchmark }: ImportedRow): boolean => ofMachines.test(benchmark);

const countOf = (value: unknown): number | undefined => (typeof value === "number" && value >= 1 ? Math.round(value) : undefined);

export function lookAt(files: readonly ImportedFile[], told: Told): Seen[] {
  return files.flatMap((file) =>
    file.rows.map((row) => ({
      file,
      row,
      nodes: countOf(row.case["nodes"]) ?? countOf(file.facts["nodes"]) ?? told.nodes,
      ranks: countOf(row.case["ranks"]) ?? countOf(file.facts["ranks"]) ?? told.ranks,
    })),
  );
}

/** Rows of benchmarks that nothing speaks against; repetitions that are marked as such count. */
export const rowsLike = (seen: readonly Seen[], benchmark: RegExp): Seen[] =>
  seen.filter(({ row }) => benchmark.test(row.benchmark) && (row.marks ?? []).every((mark) => mark === "repeated"));

/** One run does not show its spread: a tenth to either side is a judgement. */
const unknownSpread = 0.1;

/** Middle of repeats of one case, with the ends of what was seen. */
export function figureOf(found: readonly Seen[], value: (row: ImportedRow) => number | undefined, what: string): Noted | undefined {
  const values = found.flatMap(({ row }) => value(row) ?? []).filter((one) => one > 0);
  if (values.length === 0) return undefined;
  const middle = median(values);
  const [low, high] = values.length > 1 ? [Math.min(...values), Math.max(...values)] : [middle * (1 - unknownSpread), middle * (1 + unknownSpread)];
  return { value: middle, low, high, note: `${what}: ${whereOf(found)}${values.length > 1 ? `, ${values.length} values` : ", one run, its spread a judgement"}` };
}

export const whereOf = (found: readonly Seen[]): string => {
  const lines = new Map<string, number>();
  for (const { file, row } of found) if (!lines.has(file.name)) lines.set(file.name, row.line);
  return [...lines].slice(0, 3).map(([name, line]) => `${name}:${line}`).join(", ");
};

/** Those of the case whose middle is best: repeats of one case stay together. */
export function bestCase(found: readonly Seen[], value: (row: ImportedRow) => number | undefined): Seen[] {
  const cases = new Map<string, Seen[]>();
  for (const one of found) {
    if (value(one.row) === undefined) continue;
    const { iteration: _, ...rest } = one.row.case;
    const key = `${one.file.name} ${one.row.benchmark} ${JSON.stringify(rest)}`;
    cases.set(key, [...(cases.get(key) ?? []), one]);
  }
  const middle = (rows: readonly Seen[]) => median(rows.flatMap(({ row }) => value(row) ?? []));
  return [...cases.values()].toSorted((a, b) => middle(b) - middle(a))[0] ?? [];
}

export const rateOf = (row: ImportedRow): number | undefined => row.values["rate_bytes_per_s"];
