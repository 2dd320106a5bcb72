/** Titles and tables of the import page, each computed from what was read. */
import type { ImportedRow } from "../../../calibrate/readers/index.ts";
import type { ImportReport } from "../import/protocol.ts";
import { count } from "../format.ts";
import type { Picture, SizePicture } from "./import-picture.ts";
import { fitFinding } from "./fit-findings.ts";
import { showSi } from "./si.ts";
import type { Column, Table } from "./table.ts";

export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;
const markWords: Readonly<Record<string, string>> = { "warm-up": "warm-up", outlier: "outliers", "in-place": "in place", "wrong-result": "wrong results", incomplete: "incomplete", repeated: "repeated", computed: "computed" };

const endings = [["_bytes_per_s", " of bytes"], ["_flop_per_s", " of FLOP"], ["_samples_per_s", " of samples"], ["_tokens_per_s", " of tokens"], ["_per_s", ""], ["_bytes", ""], ["_s", ""], ["_w", ""], ["_j", ""]] as const;

/** Name of a quantity without its unit, which stands beside its values: "time_s" is time, "rate_bytes_per_s" rate of bytes. */
export function quantityWords(name: string): string {
  const [ending, more] = endings.find(([one]) => name.toLowerCase().endsWith(one)) ?? ["", ""];
  return `${name.slice(0, name.length - ending.length).replaceAll("_", " ")}${more}`;
}

/** "537 in place, 3 outliers"; nothing where no row is marked. */
export const marksSaid = (marks: ImportReport["marks"]): string => Object.entries(marks).map(([mark, rows]) => `${count(rows)} ${markWords[mark] ?? mark}`).join(", ");

export function fileFinding({ title, rows, problems, documents }: ImportReport): string {
  const what = title.split(":")[0] ?? title;
  const holds = rows > 0 ? plural(rows, "row") : documents.length > 0 ? documents.map(({ kind }) => `a ${kind}`).join(", ") : "nothing";
  return `${what}: ${holds}${problems.length > 0 ? `, ${plural(problems.length, "problem")}` : ""}`;
}

export function pictureFinding(picture: Picture, chosen: SizePicture["series"][number] | undefined): string {
  if (picture.kind === "by-size") return chosen ? fitFinding(chosen.fit) : "";
  if (picture.kind === "steps") return `A step takes ${showSi(picture.median, "s")}, eight of ten ${showSi(picture.low, "s")} to ${showSi(picture.high, "s")}`;
  const best = picture.levels.toSorted((a, b) => b.median - a.median)[0];
  return picture.levels.length === 1 && best ? `${best.name}: ${showSi(best.median, picture.unit)}` : best ? `The largest of ${picture.levels.length} is ${best.name}: ${showSi(best.median, picture.unit)}` : "";
}

export function pictureTable(picture: Picture, chosen: SizePicture["series"][number] | undefined): Table {
  if (picture.kind === "levels") return { name: "picture", caption: "Values by benchmark", columns: [{ name: "benchmark" }, { name: "median", unit: picture.unit }, { name: "least", unit: picture.unit }, { name: "most", unit: picture.unit }, { name: "rows", whole: true }], rows: picture.levels.map(({ name, median, low, high, rows }) => [name, median, low, high, rows]) };
  const x: Column = picture.kind === "steps" ? { name: "step", whole: true } : { name: "bytes", whole: true };
  const plain = picture.kind === "steps" ? [] : (chosen?.fit.points ?? []).map(({ x: at, y, min, p90, line, excluded }) => [at, y, min, p90, line, excluded === undefined ? "" : `kept out: ${excluded}`]);
  const marked = (picture.kind === "steps" ? picture.points : (chosen?.marked ?? [])).map(({ x: at, y, line, marks }) => [at, y, y, y, line, marks.join(", ")]);
  return { name: "picture", caption: "Points of the picture", columns: [x, { name: "value", unit: picture.unit }, { name: "least", unit: picture.unit }, { name: "most", unit: picture.unit }, { name: "line", whole: true }, { name: "marks" }], rows: [...plain, ...marked] };
}

/** Rows as a table: cases and values in columns of their own, in the order in which they come. */
export function rowsTable(rows: readonly ImportedRow[]): Table {
  const cases = namesOf(rows, (row) => row.case);
  const values = namesOf(rows, (row) => row.values);
  const others = namesOf(rows, (row) => row.other ?? {});
  const marked = rows.some((row) => (row.marks ?? []).length > 0);
  return {
    name: "rows", caption: "Rows as they would be stored",
    columns: [{ name: "line", whole: true }, { name: "what" }, ...cases.map((name) => ({ name, whole: true })), ...values.map((name) => ({ name })), ...(marked ? [{ name: "marks" }] : []), ...others.map((name) => ({ name: `${name} (as printed)` }))],
    rows: rows.map((row) => [row.line, row.benchmark, ...cases.map((name) => plainCell(row.case[name])), ...values.map((name) => row.values[name] ?? null), ...(marked ? [(row.marks ?? []).join(", ")] : []), ...others.map((name) => row.other?.[name] ?? null)]),
  };
}

const plainCell = (value: string | number | boolean | undefined): string | number | null => (value === undefined ? null : typeof value === "boolean" ? String(value) : value);

/** More columns than these hide the rest of a table. */
const mostNames = 40;
const namesOf = (rows: readonly ImportedRow[], of: (row: ImportedRow) => object): string[] => [...new Set(rows.flatMap((row) => Object.keys(of(row))))].slice(0, mostNames);

export const problemsTable = ({ problems }: Pick<ImportReport, "problems">): Table => ({ name: "problems", caption: "Problems by line", columns: [{ name: "line", whole: true }, { name: "got" }, { name: "expected" }], rows: problems.map(({ line, got, expected }) => [line === 0 ? null : line, got, expected]) });

export function aboutTable({ name, bytes, sha256, reader, facts, asks, excluded, documents, benchmarks }: ImportReport): Table {
  return {
    name: "about", caption: "What the file says of itself", columns: [{ name: "kind" }, { name: "name" }, { name: "value" }],
    rows: [
      ["file", "name", name], ["file", "bytes", String(bytes)], ...(sha256 === null ? [] : [["file", "sha256", sha256]]), ["file", "reader", reader],
      ...Object.entries(benchmarks).map(([benchmark, rows]) => ["rows", benchmark, String(rows)]),
      ...Object.entries(facts).map(([key, value]) => ["said", key, String(value)]), ...asks.map(({ key, expected }) => ["not said", key, expected]), ...excluded.map(({ rule, count: rows }) => ["left out", rule, String(rows)]),
      ...documents.map(({ kind, document }) => ["document", kind, String((document as { title?: unknown; id?: unknown } | null)?.title ?? (document as { id?: unknown } | null)?.id ?? "")]),
    ],
  };
}
