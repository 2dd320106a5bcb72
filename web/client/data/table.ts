/** A chart as a table: what its twin on the page shows and what its CSV holds, the same numbers that are drawn. */
export interface Column {
  name: string;
  unit?: string;
  /** Numbers of things, shown without decimals. */
  whole?: boolean;
}

export type Cell = string | number | null;

export interface Table {
  name: string;
  caption: string;
  columns: Column[];
  rows: Cell[][];
}

const quote = (text: string) => (/[",\n\r#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const heading = ({ name, unit }: Column) => (unit === undefined || unit === "" ? name : `${name} [${unit}]`);

/** Lines that begin with # say what this is and where it is from; then a head and one row a line. Numbers have all their digits. */
export function toCsv(table: Table, about: readonly string[]): string {
  const comment = about.map((text) => `# ${text.replaceAll(/[\r\n]+/g, " ")}`);
  const lines = [table.columns.map((column) => quote(heading(column))), ...table.rows.map((row) => row.map((cell) => (cell === null ? "" : quote(String(cell)))))];
  return `${[...comment, ...lines.map((cells) => cells.join(","))].join("\n")}\n`;
}
