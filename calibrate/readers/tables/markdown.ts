/** Tables of Markdown pages: header, rows of cells, the heading they stand under and the lines they are in. Columns may be separated with or without bars at the ends. */
export interface MarkdownTable {
  /** Words of the nearest heading above. */
  readonly heading: string;
  /** Text between the heading and the table. */
  readonly before: string;
  readonly line: number;
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<{ readonly line: number; readonly cells: readonly string[] }>;
}

const separator = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;
const headingLine = /^#{1,6}\s+(.*?)\s*#*\s*$/;

export const hasTable = (text: string): boolean => text.split("\n").some((line, index, lines) => line.includes("|") && separator.test(line) && (lines[index - 1] ?? "").includes("|"));

export function readTables(text: string): MarkdownTable[] {
  const tables: MarkdownTable[] = [];
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  let heading = "";
  let before = "";
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const found = headingLine.exec(line)?.[1];
    if (found !== undefined) [heading, before] = [found, ""];
    else if (!line.includes("|")) before = `${before} ${line}`.trim().slice(-2000);
    if (!line.includes("|") || !separator.test(lines[index + 1] ?? "")) continue;
    const columns = splitCells(line);
    const rows: Array<{ line: number; cells: string[] }> = [];
    let at = index + 2;
    for (; at < lines.length && (lines[at] ?? "").includes("|"); at++) {
      const cells = splitCells(lines[at] ?? "");
      // Rows of dashes divide a table; they hold nothing.
      if (cells.some((cell) => cell !== "") && !cells.every((cell) => /^\\?:?-*:?$/.test(cell))) rows.push({ line: at + 1, cells });
    }
    tables.push({ heading, before, line: index + 1, columns, rows });
    index = at - 1;
    before = "";
  }
  return tables;
}

function splitCells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split("|").map((cell) => cell.trim().replaceAll("**", "").replaceAll("`", ""));
}

/** A printed number; thousands separators are commas. */
export function printedNumber(cell: string | undefined): number | undefined {
  const text = (cell ?? "").replaceAll(",", "").replace(/\s*%$/, "").trim();
  const value = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
