/**
 * Any table of comma-, semicolon- or tab-separated values, with what its columns mean told by the user: a quantity by its name with its unit (time_s=step time@ms), a part
 * of the case (case.ranks=world), or the benchmark. Columns that are not mapped are kept as printed.
 */
import { unknownName, wrongValue, type Problem } from "../../../model/problems.ts";
import { parseQuantity, type Dimension } from "../../../model/units.ts";
import { splitCsv } from "../csv.ts";
import { unitOf } from "../quantity.ts";
import type { ImportedRow, LineProblem, TextReader } from "../reader.ts";
import { benchmarkName, problemList, wholeTextReader } from "../text.ts";

export interface ColumnMap {
  readonly benchmark?: string;
  readonly values: ReadonlyArray<{ readonly quantity: string; readonly column: string; readonly factor: number }>;
  readonly cases: ReadonlyArray<{ readonly name: string; readonly column: string }>;
}

const dimensions: Readonly<Record<string, Dimension>> = { s: "time", B: "data", "B/s": "bandwidth", FLOP: "work", "FLOP/s": "rate", W: "power", J: "energy" };

/** "time_s=step time@ms", "case.ranks=world", "benchmark=test"; one word may hold several, divided by commas. */
export function readColumnMap(words: readonly string[]): { map: ColumnMap; problems: Problem[] } {
  const problems: Problem[] = [];
  const values: Array<ColumnMap["values"][number]> = [];
  const cases: Array<ColumnMap["cases"][number]> = [];
  let benchmark: string | undefined;
  // A comma in the name of a column does not divide.
  for (const word of words.flatMap((text) => text.split(/,(?=[A-Za-z_][\w.]*=)/))) {
    const [, target = "", column = "", unit] = /^([^=]+)=(.+?)(?:@([^@]*))?$/.exec(word) ?? [];
    if (target === "") problems.push(wrongValue("--map", word, "NAME=COLUMN, such as time_s=\"step time\""));
    else if (target === "benchmark") benchmark = column;
    else if (/^case\.\w+$/.test(target)) cases.push({ name: target.slice("case.".length), column });
    else if (!/^[A-Za-z]\w*$/.test(target) || unitOf(target) === undefined) problems.push(wrongValue(`--map ${target}`, word, "a quantity whose name ends with its unit, such as time_s, rate_bytes_per_s, throughput_tokens_per_s, or case.NAME, or benchmark"));
    else {
      const factor = unit === undefined ? 1 : factorOf(unit, unitOf(target) ?? "");
      if (factor === undefined) problems.push(wrongValue(`--map ${target}`, `@${unit ?? ""}`, `a unit of ${target}, such as @${{ s: "ms", B: "MiB", "B/s": "GB/s" }[unitOf(target) ?? ""] ?? "none"}`));
      else values.push({ quantity: target, column, factor });
    }
  }
  if (problems.length === 0 && values.length === 0) problems.push(wrongValue("--map", words.join(","), "at least one quantity, such as time_s=COLUMN"));
  return { map: { ...(benchmark === undefined ? {} : { benchmark }), values, cases }, problems };
}

function factorOf(unit: string, si: string): number | undefined {
  const dimension = dimensions[si];
  const parsed = dimension === undefined ? undefined : parseQuantity(`1 ${unit}`, dimension);
  return parsed?.ok ? parsed.value : undefined;
}

const separators = [",", ";", "\t"] as const;

/** The one that divides the first line into most cells. */
function separatorOf(head: string): string {
  const first = head.split("\n", 1)[0] ?? "";
  return separators.toSorted((a, b) => first.split(b).length - first.split(a).length)[0] ?? ",";
}

const headOf = (text: string): string[] => (splitCsv(text.split("\n", 1)[0] ?? "", separatorOf(text))[0] ?? []).map((name) => name.trim());

/** Columns that the table does not have, each with the nearest one that it has. */
export function missingColumns({ benchmark, values, cases }: ColumnMap, beginning: string, file: string): Problem[] {
  const head = headOf(beginning.replace(/^\uFEFF/, ""));
  const wanted = [...new Set([...values, ...cases].map(({ column }) => column).concat(benchmark === undefined ? [] : [benchmark]))];
  return wanted.filter((column) => !head.includes(column)).map((column) => unknownName(`${file}: --map`, "column", column, head.filter((name) => name !== "")));
}

export function mappedCsv(map: ColumnMap): TextReader {
  return wholeTextReader({
    id: "mapped-csv",
    title: "CSV with a column mapping",
    accepts: () => true,
    read(text, _name, emit) {
      const separator = separatorOf(text);
      const [, ...lines] = splitCsv(text, separator);
      const head = headOf(text);
      const at = (column: string): number => head.indexOf(column);
      const problems = problemList();
      const last = text.split("\n").length;
      const mapped = new Set([...map.values, ...map.cases].map(({ column }) => column).concat(map.benchmark ?? []));
      const [values, cases, benchmark] = [map.values.map((one) => ({ ...one, at: at(one.column) })), map.cases.map((one) => ({ ...one, at: at(one.column) })), map.benchmark === undefined ? -1 : at(map.benchmark)];
      let empty = 0;
      lines.forEach((cells, index) => {
        if (cells.every((cell) => cell.trim() === "")) return;
        const row = rowOf(cells, Math.min(index + 2, last), { values, cases, benchmark });
        if (row.problems.length > 0) for (const { line, got, expected } of row.problems) problems.add(line, got, expected);
        if (Object.keys(row.row.values).length === 0) {
          if (row.problems.length === 0) empty++;
          return;
        }
        const other = Object.fromEntries(head.flatMap((name, place) => (name === "" || mapped.has(name) || (cells[place] ?? "") === "" ? [] : [[name, cells[place] ?? ""]])));
        emit(Object.keys(other).length > 0 ? { ...row.row, other } : row.row);
      });
      const facts = Object.fromEntries([...map.values.map(({ quantity, column }) => [quantity, column] as const), ...map.cases.map(({ name, column }) => [`case.${name}`, column] as const)].map(([target, column]) => [`column of ${target}`, column]));
      return { facts, asks: [], documents: [], excluded: empty > 0 ? [{ rule: "row-without-value", count: empty }] : [], problems: problems.list() };
    },
  });
}

interface Places {
  readonly values: ReadonlyArray<ColumnMap["values"][number] & { readonly at: number }>;
  readonly cases: ReadonlyArray<ColumnMap["cases"][number] & { readonly at: number }>;
  readonly benchmark: number;
}

function rowOf(cells: readonly string[], line: number, { values, cases, benchmark }: Places): { row: ImportedRow; problems: LineProblem[] } {
  const problems: LineProblem[] = [];
  const found: Record<string, number> = {};
  for (const { quantity, column, factor, at } of values) {
    const cell = cells[at]?.trim() ?? "";
    if (cell === "") continue;
    const value = Number(cell) * factor;
    if (Number.isFinite(value)) found[quantity] = value;
    else problems.push({ line, got: `${column}: ${cell}`, expected: "a number" });
  }
  const given = Object.fromEntries(cases.flatMap(({ name, at }) => {
    const cell = cells[at]?.trim() ?? "";
    return cell === "" ? [] : [[name, Number.isFinite(Number(cell)) ? Number(cell) : cell] as const];
  }));
  const name = benchmarkName(cells[benchmark] ?? "");
  return { row: { line, benchmark: benchmark < 0 ? "csv-row" : /^[a-z]/.test(name) ? name : `csv-${name}`, case: given, values: found }, problems };
}
