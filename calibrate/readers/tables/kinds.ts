/** What a Markdown table may hold: a test of its columns, and one row to one or more measurements. The first kind that matches takes the table. */
import { given } from "../json.ts";
import type { ImportedRow } from "../reader.ts";
import { parseSize } from "../size.ts";
import { benchmarkName } from "../text.ts";
import { printedNumber, type MarkdownTable } from "./markdown.ts";

export interface Row {
  /** Cell of the first column whose name fits. */
  cell(name: RegExp): string | undefined;
  number(name: RegExp): number | undefined;
  readonly cells: readonly string[];
  readonly table: MarkdownTable;
}

export interface TableKind {
  readonly id: string;
  readonly matches: (columns: readonly string[], table: MarkdownTable) => boolean;
  /** Nothing where the row lacks what makes a measurement. */
  readonly rows: (row: Row) => ReadonlyArray<Omit<ImportedRow, "line">>;
}

const has = (columns: readonly string[], ...names: readonly RegExp[]): boolean => names.every((name) => columns.some((column) => name.test(column)));
const positive = (value: number | undefined): number | undefined => (value !== undefined && value > 0 ? value : undefined);
const share = (percent: number | undefined): number | undefined => (percent === undefined || percent < 0 ? undefined : percent / 100);
const rates: Readonly<Record<string, number>> = { "KB/S": 1e3, "MB/S": 1e6, "GB/S": 1e9, "TB/S": 1e12, GBPS: 1e9, MBPS: 1e6, TFLOPS: 1e12, "TFLOP/S": 1e12, GFLOPS: 1e9 };

/** "0.92GBps", or a bare number whose unit stands in the head of the column: "(GB/s)". */
function rateOf(cell: string | undefined, column: string): number | undefined {
  const found = /^([\d.,]+)\s*([A-Za-z/]+)?$/.exec(cell ?? "");
  const factor = rates[(found?.[2] ?? /\(([A-Za-z/]+)\)/.exec(column)?.[1] ?? "").toUpperCase()];
  const value = printedNumber(found?.[1]);
  return factor === undefined ? undefined : positive(value === undefined ? undefined : value * factor);
}

/** "33M" is 32 MiB: labels of powers of two written with thousands. */
function binaryLabel(text: string): number | undefined {
  const bytes = parseSize(text.replaceAll(",", ""));
  const decimal = parseSize(text.replaceAll(",", ""), { decimal: true });
  if (bytes === undefined || decimal === undefined) return undefined;
  const near = 2 ** Math.round(Math.log2(decimal));
  return Math.abs(near / decimal - 1) < 0.08 ? near : bytes;
}

const throughput = /\btokens\s*\/\s*s(?:ec(?:ond)?)?\b/i;

export const tableKinds: readonly TableKind[] = [
  {
    // Published bus bandwidth by size; the number of ranks is not in the table, so it is no time.
    id: "all-reduce-bench",
    matches: (columns) => has(columns, /^payload$/i, /busbw/i, /algbw/i),
    rows: ({ cell }) => {
      const bytes = parseSize(cell(/^payload$/i) ?? "");
      const algorithm = rateOf(cell(/algbw/i), "(GB/s)");
      return bytes === undefined || algorithm === undefined ? [] : [{ benchmark: "all-reduce", case: { bytes }, values: given({ time_s: bytes / algorithm, algorithmRate_bytes_per_s: algorithm, busRate_bytes_per_s: rateOf(cell(/busbw/i), "(GB/s)") }) }];
    },
  },
  {
    id: "nccl-bus-bandwidth",
    matches: (columns) => has(columns, /^message size/i) && columns.length >= 2,
    rows: ({ cell, cells, table }) => {
      const bytes = binaryLabel(cell(/^message size/i) ?? "");
      const rate = rateOf(cells[1], table.columns[1] ?? "");
      return bytes === undefined || rate === undefined ? [] : [{ benchmark: "all-reduce", case: { bytes, system: systemOf(table.columns[1]) }, values: { busRate_bytes_per_s: rate } }];
    },
  },
  {
    id: "mamf",
    matches: (columns) => has(columns, /^accelerator$/i, /^mamf$/i, /^theory$/i),
    rows: ({ cell, number }) => {
      const rate = positive(number(/^mamf$/i));
      const sizes = /^(\d+)x(\d+)x(\d+)$/.exec(cell(/best shape/i) ?? "");
      return rate === undefined ? [] : [{
        benchmark: "matrix-product-most",
        case: given<string | number>({ device: cell(/^accelerator$/i), m: sizes ? Number(sizes[1]) : undefined, n: sizes ? Number(sizes[2]) : undefined, k: sizes ? Number(sizes[3]) : undefined, software: cell(/torch version/i) || undefined, notes: cell(/^notes$/i) || undefined }),
        values: given({ rate_flop_per_s: rate * 1e12, peak_flop_per_s: scaled(positive(number(/^theory$/i)), 1e12) }),
      }];
    },
  },
  {
    id: "matrix-product",
    matches: (columns) => has(columns, /^m$/i, /^n$/i, /^k$/i) && columns.some((column) => /flop/i.test(column)),
    rows: ({ number, cells, table }) => {
      const [m, n, k] = [positive(number(/^m$/i)), positive(number(/^n$/i)), positive(number(/^k$/i))];
      const column = table.columns.findIndex((name) => /flop/i.test(name));
      const rate = rateOf(cells[column], table.columns[column] ?? "");
      return m === undefined || n === undefined || k === undefined || rate === undefined ? [] : [{ benchmark: "matrix-product", case: { m, n, k, system: systemOf(table.columns[column]) }, values: { rate_flop_per_s: rate } }];
    },
  },
  {
    id: "llm-foundry",
    matches: (columns) => has(columns, /^model$/i, /seqlen/i, /# ?gpus/i, /throughput \(t\/s\)/i),
    rows: ({ cell, number }) => {
      const tokens = positive(number(/throughput \(t\/s\)$/i));
      return tokens === undefined ? [] : [{
        benchmark: "training-step",
        case: given<string | number>({
          model: cell(/^model$/i), sequence: positive(number(/seqlen/i)), devices: positive(number(/# ?gpus/i)), device: cell(/^gpu$/i), microBatch: positive(number(/microbatchsize/i)), accumulation: positive(number(/gradaccum/i)),
          globalBatch: positive(number(/^globalbatchsize$/i)), precision: cell(/^precision$/i), sharding: cell(/sharding|^mp mode$/i), checkpointing: cell(/activation checkpointing|^activ/i), parameters: positive(number(/params|parameters/i)),
        }),
        values: given({ throughput_tokens_per_s: tokens, throughput_samples_per_s: positive(number(/throughput \(s\/s\)/i)), rate_flop_per_s: scaled(positive(number(/model tflop/i)), 1e12), mfu_fraction: share(number(/^mfu$/i)), hfu_fraction: share(number(/^hfu$/i)) }),
      }];
    },
  },
  {
    id: "torchtitan",
    matches: (columns) => columns.some((column) => /tps\s*\/\s*gpu/i.test(column)),
    rows: ({ cells, table }) => {
      const column = table.columns.findIndex((name) => /tps\s*\/\s*gpu/i.test(name));
      const tokens = positive(printedNumber(cells[column]));
      if (tokens === undefined) return [];
      const memory = table.columns.findIndex((name) => /memory/i.test(name));
      const gib = positive(printedNumber(cells[memory]));
      const setting = Object.fromEntries(table.columns.flatMap((name, index) => (index === column || index === memory || name === "" || (cells[index] ?? "") === "" ? [] : [[name, cells[index] ?? ""]])));
      return [{ benchmark: "training-step", case: { ...setting, table: table.heading || "not said" }, values: given({ throughputPerDevice_tokens_per_s: tokens, memory_bytes: gib === undefined ? undefined : gib * 2 ** 30 }) }];
    },
  },
  {
    // A throughput for each way to run, side by side; of one device or of all is not said.
    id: "throughput-beside",
    matches: (columns) => columns.filter((column) => throughput.test(column)).length > 0,
    rows: ({ cells, table }) => {
      const setting = Object.fromEntries(table.columns.flatMap((name, index) => (throughput.test(name) || /speed-?up/i.test(name) || name === "" || (cells[index] ?? "") === "" ? [] : [[name, cells[index] ?? ""]])));
      return table.columns.flatMap((column, index) => {
        const tokens = throughput.test(column) ? positive(printedNumber(cells[index])) : undefined;
        return tokens === undefined ? [] : [{ benchmark: "training-step", case: { ...setting, way: column.replace(throughput, "").trim() || "not said", table: table.heading || "not said" }, values: { printedThroughput_tokens_per_s: tokens } }];
      });
    },
  },
  {
    id: "gloo-algorithms",
    matches: (columns) => has(columns, /^elements$/i, /ring|halving|nccl/i),
    rows: ({ number, cells, table }) => {
      const elements = positive(number(/^elements$/i));
      if (elements === undefined) return [];
      return table.columns.flatMap((algorithm, index) => {
        const rate = positive(printedNumber(cells[index]));
        return /^elements$/i.test(algorithm) || rate === undefined ? [] : [{ benchmark: "all-reduce", case: { bytes: elements * 4, algorithm }, values: { algorithmRate_bytes_per_s: rate * 1e9 } }];
      });
    },
  },
  {
    id: "memory-kernels",
    matches: (columns, { rows }) => columns.length === 2 && /\([TGM]B\/s\)/i.test(columns[1] ?? "") && rows.some(({ cells }) => /^(?:copy|triad)$/i.test(cells[0] ?? "")),
    rows: ({ cells, table }) => named("memory", cells, table),
  },
  {
    id: "copies",
    matches: (columns, { rows }) => columns.length === 2 && /\([TGM]B\/s\)/i.test(columns[1] ?? "") && rows.some(({ cells }) => /\bto (?:host|device)/i.test(cells[0] ?? "")),
    rows: ({ cells, table }) => named("copy", cells, table),
  },
  {
    id: "fio-table",
    matches: (columns) => has(columns, /^test$/i, /batch size|block size/i) && columns.some((column) => /\([TGM]B\/s\)/i.test(column)),
    rows: ({ cell, cells, table }) => {
      const column = table.columns.findIndex((name) => /\([TGM]B\/s\)/i.test(name));
      const rate = rateOf(cells[column], table.columns[column] ?? "");
      const bytes = parseSize(cell(/batch size|block size/i) ?? "");
      return rate === undefined || bytes === undefined ? [] : [{ benchmark: benchmarkName("fio", cell(/^test$/i) ?? ""), case: { blockBytes: bytes, system: systemOf(table.columns[column]) }, values: { rate_bytes_per_s: rate } }];
    },
  },
  {
    id: "attention-kernels",
    matches: (columns, { rows }) => columns.length === 2 && /\(TFLOPS\)/i.test(columns[1] ?? "") && rows.some(({ cells }) => /attention/i.test(cells[0] ?? "")),
    rows: ({ cells, table }) => {
      const rate = rateOf(cells[1], table.columns[1] ?? "");
      return rate === undefined ? [] : [{ benchmark: benchmarkName(cells[0] ?? ""), case: { system: systemOf(table.columns[1]) }, values: { rate_flop_per_s: rate } }];
    },
  },
];

const scaled = (value: number | undefined, factor: number): number | undefined => (value === undefined ? undefined : value * factor);

/** The words of a column's head without its unit: the machine it is of. */
const systemOf = (column: string | undefined): string => (column ?? "").replace(/\([^)]*\)/, "").trim() || "not said";

function named(kind: string, cells: readonly string[], table: MarkdownTable): ReadonlyArray<Omit<ImportedRow, "line">> {
  const rate = rateOf(cells[1], table.columns[1] ?? "");
  return rate === undefined ? [] : [{ benchmark: benchmarkName(kind, cells[0] ?? ""), case: { system: systemOf(table.columns[1]) }, values: { rate_bytes_per_s: rate } }];
}
