/**
 * Writes docs/readers.md: per tool the files that are read, their rows, problems, what is asked for and what is left out by rule, and which files are refused and why.
 * `npx tsx cli/readers-table.ts [--from DIR] [--page FILE]`; DIR is a folder of real logs. Without it only the fixtures of the project are counted, and the page says so.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readers } from "../calibrate/readers/index.ts";
import { importFiles, type FileReport, type ImportResult } from "./import/import-files.ts";

const { values } = parseArgs({ options: { from: { type: "string" }, page: { type: "string" } } });
const root = fileURLToPath(new URL("../", import.meta.url));
const from = values.from === undefined ? undefined : resolve(values.from);
const page = values.page ?? join(root, "docs/readers.md");
const isNote = (name: string): boolean => /^README\.md$|\.source\.json$|^index\.json$|^FORMATS\.md$/.test(basename(name));

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !isNote(entry.name));
  return names.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

const importAll = (folder: string): Promise<ImportResult> => importFiles(filesIn(folder), { cwd: folder, store: null, skipUnknown: true, now: "" });

const sum = (list: readonly FileReport[], value: (file: FileReport) => number): number => list.reduce((total, file) => total + value(file), 0);
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
const row = (cells: readonly (string | number)[]): string => `| ${cells.map((one) => cell(typeof one === "number" ? one.toLocaleString("en") : one)).join(" | ")} |`;
const table = (heads: readonly string[], rows: ReadonlyArray<readonly (string | number)[]>): string => [row(heads), row(heads.map((_, index) => (typeof rows[0]?.[index] === "number" ? "--:" : "---"))), ...rows.map(row)].join("\n");
const listed = (names: Iterable<string>): string => [...new Set(names)].toSorted().join(", ") || "nothing";

function excludedBy(list: readonly FileReport[]): string {
  const rules = new Map<string, number>();
  for (const { excluded } of list) for (const { rule, count } of excluded) rules.set(rule, (rules.get(rule) ?? 0) + count);
  return [...rules].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([rule, count]) => `${rule} ${count.toLocaleString("en")}`).join(", ");
}

function writePage(fixtures: ImportResult, real: ImportResult | undefined, folder: string | undefined): string {
  const all = [...fixtures.files, ...(real?.files ?? [])];
  const rows = readers.map(({ id }) => {
    const [ours, theirs, both] = [fixtures.files, real?.files ?? [], all].map((list) => list.filter(({ reader }) => reader === id)) as [FileReport[], FileReport[], FileReport[]];
    return [`\`${id}\``, ours.length, theirs.length, sum(both, (file) => file.rows), sum(both, (file) => file.marked), sum(both, (file) => file.documents.length), sum(both, (file) => file.problems.length)];
  });
  const asks = readers.map(({ id, title }) => {
    const own = all.filter(({ reader }) => reader === id);
    return [`\`${id}\``, title, listed(own.flatMap((file) => file.asks.map(({ key }) => key))), excludedBy(own) || "nothing"];
  });
  const problems = (real?.files ?? []).filter((file) => file.problems.length > 0).map((file) => [`\`${nameOf(file.file, folder)}\``, file.reader, file.problems.length, file.problems[0] ? `line ${file.problems[0].line}: got ${file.problems[0].got}, expected ${file.problems[0].expected}` : ""]);
  return [
    "# Readers",
    "",
    `Made by \`npx tsx cli/readers-table.ts${real ? " --from DIR" : ""}\`. ${readers.length} readers; each file is taken by exactly one, by what is in it and not by its name.`,
    `Files of ours are \`test/fixtures/logs\`, one for each era and quirk of a tool${real ? "; real files are published outputs of sites and projects, which are not part of the repository" : ". Real files were not there when this page was made"}. \`exatwin import --list\` tells the same on the command line.`,
    "",
    "## Files, rows, problems",
    "",
    "Rows and what follows are of both kinds of files. Marked rows (warm-up, outliers, in-place times, wrong results) are kept; documents are models, devices or machines that a file describes; problems are told with their lines.",
    "",
    table(["reader", "files of ours", "real files", "rows", "marked", "documents", "problems"], rows),
    "",
    "## What is asked for, what is left out",
    "",
    "Asked for: what a file of this tool may not say and its rows are not complete without. Left out: by rule, counted.",
    "",
    table(["reader", "reads", "asked for", "left out by rule"], asks),
    "",
    ...(problems.length > 0 ? ["## Problems in real files", "", table(["file", "reader", "problems", "the first"], problems), ""] : []),
    ...(real ? ["## Real files that are refused", "", real.refused.length === 0 ? "None." : table(["file", "reason"], real.refused.map(({ path, got }) => [`\`${nameOf(path, folder)}\``, got])), ""] : []),
  ].join("\n");
}

const nameOf = (file: string, folder: string | undefined): string => (folder === undefined ? basename(file) : relative(folder, file));

const real = from === undefined ? undefined : await importAll(from);
writeFileSync(page, writePage(await importAll(join(root, "test/fixtures/logs")), real, from));
console.log(`wrote ${relative(process.cwd(), page)}`);
