/** Reader of Markdown pages that hold tables of measurements. */
import type { Ask, Reader } from "../reader.ts";
import { cleanText, wholeTextReader } from "../text.ts";
import { tableKinds, type Row } from "./kinds.ts";
import { hasTable, printedNumber, readTables, type MarkdownTable } from "./markdown.ts";

const kindOf = (table: MarkdownTable) => tableKinds.find(({ matches }) => matches(table.columns, table));

const markdownTables = wholeTextReader({
  id: "markdown-tables",
  title: "Pages in Markdown with tables of measurements",
  accepts: (text) => hasTable(text) && readTables(text).some((table) => kindOf(table) !== undefined),
  read(text, _name, emit) {
    const problems: Array<{ line: number; got: string; expected: string }> = [];
    const excluded = new Map<string, number>();
    const skip = (rule: string): void => void excluded.set(rule, (excluded.get(rule) ?? 0) + 1);
    const asks: Ask[] = [{ key: "machine", expected: "what the tables were measured on, where a row does not say" }];
    for (const table of readTables(cleanText(text))) {
      const kind = kindOf(table);
      if (!kind) {
        if (table.rows.length > 0) skip("table-not-known");
        continue;
      }
      for (const { line, cells } of table.rows) {
        const cell = (name: RegExp) => cells[table.columns.findIndex((column) => name.test(column))];
        const row: Row = { cell, number: (name) => printedNumber(cell(name)), cells, table };
        const found = kind.rows(row);
        if (found.length === 0) {
          if (cells.length > table.columns.length) problems.push({ line, got: cells.join(" | ").slice(0, 120), expected: `${table.columns.length} cells` });
          else skip("row-without-value");
        }
        for (const one of found) emit({ ...one, line });
        if (kind.id === "throughput-beside" && found.length > 0 && asks.length < 2) asks.push({ key: "per", expected: "whether a printed throughput is of one device or of all", choices: ["device", "all devices"] });
      }
    }
    return { facts: {}, asks, documents: [], excluded: [...excluded].map(([rule, count]) => ({ rule, count })), problems };
  },
});

export const tableReaders: readonly Reader[] = [markdownTables];
