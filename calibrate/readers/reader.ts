/**
 * What every reader of a foreign file is: a name, a test whether it takes a file by its beginning, and a reading that is fed line by line or in chunks and gives rows as
 * it goes, so that a file of any size takes constant memory. A row is in SI and keeps the line it came from. Nothing is dropped silently: what is not a row is a
 * fact, something to ask for, a counted exclusion by a named rule, or a problem with its line.
 */

/** Why a row should not be fitted as it stands; the row is kept. */
export type Mark = "warm-up" | "outlier" | "in-place" | "wrong-result" | "incomplete" | "repeated" | "computed";

export interface ImportedRow {
  /** 1-based line of the decompressed text; the number of the record where the file has no lines. */
  readonly line: number;
  /** What was measured, such as "all-reduce", "ior-write", "training-step". */
  readonly benchmark: string;
  /** Independent variables. Numbers are in SI and their names say so: bytes, ranks, queueDepth. */
  readonly case: Readonly<Record<string, string | number | boolean>>;
  /** What was found, in SI; names end with the unit: time_s, rate_bytes_per_s, flop_per_s, energy_j, operations_per_s. */
  readonly values: Readonly<Record<string, number>>;
  readonly marks?: readonly Mark[];
  /** Columns that no reader knows, as printed. */
  readonly other?: Readonly<Record<string, string>>;
}

export interface LineProblem {
  readonly line: number;
  readonly got: string;
  readonly expected: string;
}

/** What the file does not say and the rows are not complete without. */
export interface Ask {
  readonly key: string;
  readonly expected: string;
  /** Values that fit what the file says. */
  readonly choices?: readonly (string | number)[];
}

export interface ImportedHead {
  /** What the file says of itself: tool, version, operation, hosts, devices, ranks, nodes, date, software. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly asks: readonly Ask[];
  /** Workloads, devices, machines or runs that the file describes, as raw documents. */
  readonly documents: ReadonlyArray<{ readonly kind: string; readonly document: unknown }>;
  readonly excluded: ReadonlyArray<{ readonly rule: string; readonly count: number }>;
  readonly problems: readonly LineProblem[];
}

export type Emit = (row: ImportedRow) => void;

export interface Reading<Piece> {
  /** Pieces of the file in order, decompressed; a piece may end anywhere. */
  write(piece: Piece): void;
  end(): ImportedHead;
}

interface About {
  readonly id: string;
  /** Tool and what of it, for people. */
  readonly title: string;
  /** `head`: the beginning of the file as text, cleaned of launcher prefixes and colours (text.ts). `name` is a hint only: it may be hidden. */
  readonly accepts: (head: string, name: string) => boolean;
}

/** A host decodes text (UTF-8) before a reader sees it; binary files come as bytes. */
export interface TextReader extends About {
  readonly kind: "text";
  readonly start: (name: string, emit: Emit) => Reading<string>;
}
export interface BinaryReader extends About {
  readonly kind: "binary";
  readonly start: (name: string, emit: Emit) => Reading<Uint8Array>;
}
export type Reader = TextReader | BinaryReader;

export interface Imported extends ImportedHead {
  readonly rows: readonly ImportedRow[];
}

/** Problems beyond this number are counted, not listed, so that a wrong file of a gigabyte stays small. */
export const mostProblems = 200;
