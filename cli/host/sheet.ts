/** A table as plain data with the names that JSON uses, and its CSV (RFC 4180, line feeds). Values stay in SI: rounding is for text tables only. */
export type Cell = string | number | boolean | null;

export interface Sheet {
  columns: string[];
  rows: Cell[][];
}

export function writeCsv(sheet: Sheet): string {
  return [sheet.columns, ...sheet.rows].map((row) => row.map(writeCell).join(",")).join("\n") + "\n";
}

function writeCell(cell: Cell): string {
  if (cell === null) return "";
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns from rows of records that all have the same keys. */
export function sheetOf<Key extends string>(columns: readonly Key[], records: ReadonlyArray<Record<Key, Cell>>): Sheet {
  return { columns: [...columns], rows: records.map((record) => columns.map((column) => record[column])) };
}
