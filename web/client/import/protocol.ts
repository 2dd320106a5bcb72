/** What the import page asks its worker and what it gets. All plain data; a file goes as a handle and is read there. */
import type { ImportedHead, ImportedRow, Mark } from "../../../calibrate/readers/index.ts";
import type { Problem } from "../../../model/problems.ts";
import type { Picture } from "../data/import-picture.ts";

export interface ImportReport extends ImportedHead {
  name: string;
  bytes: number;
  /** Of the bytes of the file; null where the browser gives no means to compute it, or the file is too large to hold. */
  sha256: string | null;
  reader: string;
  title: string;
  rows: number;
  /** Rows with a mark. */
  marked: number;
  /** Rows by what was measured, and by mark. */
  benchmarks: Record<string, number>;
  marks: Partial<Record<Mark, number>>;
  /** The first rows. */
  preview: ImportedRow[];
  picture: Picture | null;
  elapsed_ms: number;
}

/** `all`: every row as JSON beside the report, to be saved as a file. */
export interface ImportRequest {
  type: "read" | "all";
  id: number;
  file: File;
}

export type ImportAnswer =
  | { type: "progress"; id: number; share: number }
  | { type: "report"; id: number; report: ImportReport }
  | { type: "refused"; id: number; problem: Problem }
  | { type: "all"; id: number; json: Blob };
