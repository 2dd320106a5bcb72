/**
 * Which collective an output of nccl-tests is of. The header says it from 2025 on; the command line of a launcher's echo and the file's name may say it
 * before; the columns redop and root with the ratio of the two bandwidths tell some operations apart and leave others open.
 */
export type CollectiveOperation = "all-reduce" | "all-gather" | "reduce-scatter" | "broadcast" | "reduce" | "all-to-all" | "send-recv" | "gather" | "scatter";

export interface FoundOperation {
  /** Absent where nothing says it. */
  readonly operation?: CollectiveOperation;
  readonly from: "title" | "file name" | "columns" | "nothing";
}

const patterns: readonly (readonly [RegExp, CollectiveOperation])[] = [
  [/all[-_]?reduce/i, "all-reduce"],
  [/all[-_]?gather/i, "all-gather"],
  [/reduce[-_]?scatter/i, "reduce-scatter"],
  [/all[-_]?to[-_]?all/i, "all-to-all"],
  [/broadcast|bcast/i, "broadcast"],
  [/send[-_]?recv/i, "send-recv"],
  [/reduce/i, "reduce"],
  [/gather/i, "gather"],
  [/scatter/i, "scatter"],
];

const inText = (text: string): CollectiveOperation | undefined => patterns.find(([pattern]) => pattern.test(text))?.[1];

interface OperationColumns {
  readonly reduction?: string;
  readonly root?: number;
  readonly algorithmRate_bytes_per_s: number;
  readonly busRate_bytes_per_s: number;
}

export function findOperation(titles: readonly string[], name: string, rows: readonly OperationColumns[]): FoundOperation {
  for (const title of titles) {
    const test = /\b([a-z_]+)_perf(?:_mpi)?\b/i.exec(title)?.[1] ?? /test starting:\s*(\S+)/i.exec(title)?.[1];
    const operation = test === undefined ? undefined : inText(test);
    if (operation) return { operation, from: "title" };
  }
  const named = inText(name.split(/[\\/]/).at(-1) ?? "");
  if (named) return { operation: named, from: "file name" };
  const read = fromColumns(rows);
  return read ? { operation: read, from: "columns" } : { from: "nothing" };
}

/** All-reduce alone has more bus than algorithm bandwidth; with a reduction and less of it, it is a reduce-scatter. */
function fromColumns(rows: readonly OperationColumns[]): CollectiveOperation | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const reduces = first.reduction !== undefined && first.reduction !== "none";
  if (first.root !== undefined && first.root >= 0) return reduces ? "reduce" : "broadcast";
  const large = rows.reduce((a, b) => (b.algorithmRate_bytes_per_s > a.algorithmRate_bytes_per_s ? b : a));
  const ratio = large.busRate_bytes_per_s / large.algorithmRate_bytes_per_s;
  if (!reduces || !(large.algorithmRate_bytes_per_s >= 1e9)) return undefined;
  return ratio > 1.02 ? "all-reduce" : ratio < 0.98 ? "reduce-scatter" : undefined;
}
