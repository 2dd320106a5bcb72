/** What imported files are and hold, as text. */
import { showProblem } from "../../model/problems.ts";
import { showQuantity } from "../../model/units.ts";
import type { FileReport, ImportResult } from "../import/import-files.ts";
import { showCount } from "./quantities.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { writeTable } from "./table.ts";

const storedWords = { new: "stored", known: "known already", no: "" } as const;

export function writeImport({ files: given, refused }: ImportResult, look: Look): string {
  const folder = commonFolder(given.map(({ file }) => file));
  const files = given.map((file) => ({ ...file, file: file.file.slice(folder.length) }));
  const table = writeTable(
    [
      { head: "file", align: "left", gives: true, cells: files.map(({ file }) => file) },
      { head: "is", align: "left", gives: true, cells: files.map(({ title }) => title) },
      { head: "size", cells: files.map(({ bytes }) => showQuantity(bytes, "data")) },
      { head: "rows", cells: files.map(({ rows }) => showCount(rows)) },
      { head: "marked", cells: files.map(({ marked }) => (marked === 0 ? "" : showCount(marked))) },
      { head: "problems", cells: files.map(({ problems }) => (problems.length === 0 ? "" : showCount(problems.length))) },
      { head: "", align: "left", cells: files.map(({ stored }) => storedWords[stored]) },
    ],
    look,
  );
  return [table, ...files.flatMap((file) => writeFile(file, look)), ...(refused.length > 0 ? ["", bold("Left out", look), ...refused.map((problem) => wrap(showProblem(problem), look.width, "  "))] : [])].join("\n");
}

/** The folders that all names begin with, with the last slash: said once by the user, so not shown again. */
function commonFolder(names: readonly string[]): string {
  const [first = ""] = names;
  if (names.length < 2) return "";
  const folders = first.split("/").slice(0, -1);
  while (folders.length > 0 && !names.every((name) => name.startsWith(`${folders.join("/")}/`))) folders.pop();
  return folders.length === 0 ? "" : `${folders.join("/")}/`;
}

/** What a table has no room for: what the file says, what it lacks, what was not taken. */
function writeFile({ file, facts, asks, documents, excluded, problems, benchmarks }: FileReport, look: Look): string[] {
  const line = (label: string, text: string) => (text === "" ? [] : [wrap(`  ${label}: ${text}`, look.width, "    ")]);
  const lines = [
    ...line("rows", Object.entries(benchmarks).map(([name, count]) => `${name} ${showCount(count)}`).join(", ")),
    ...line("says", Object.entries(facts).map(([key, value]) => `${key} ${value}`).join(", ")),
    ...line("does not say", asks.map(({ key, expected, choices }) => `${key} (${expected}${choices ? `: ${choices.join(", ")}` : ""})`).join(", ")),
    ...line("holds", documents.map(({ kind, document }) => `${kind} ${String((document as { id?: unknown }).id ?? "")}`).join(", ")),
    ...line("not taken", excluded.map(({ rule, count }) => `${showCount(count)} ${rule}`).join(", ")),
    ...problems.slice(0, 10).map(({ line: number, got, expected }) => wrap(`  line ${number}: got ${got}, expected ${expected}`, look.width, "    ")),
    ...(problems.length > 10 ? [dim(`  and ${showCount(problems.length - 10)} more problems`, look)] : []),
  ];
  return lines.length === 0 ? [] : ["", bold(file, look), ...lines];
}
