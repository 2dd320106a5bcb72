/**
 * Writes catalogues of published runs as documents, one a source: `npx tsx cli/corpus.ts CATALOGUE... [--to DIR]`. All catalogues are given at once: documents of sources that
 * none of them has are removed. Before anything is written, documents are read back and must give the same cases.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { splitCatalogues } from "../calibrate/corpus/split-catalogues.ts";
import { writePublishedRuns } from "../calibrate/corpus/write-document.ts";
import { showProblem, type Problem } from "../model/problems.ts";
import { shelvedFolders } from "../model/schema/index.ts";
import { compareCases } from "./host/compare-cases.ts";
import { jsonFiles } from "./host/library.ts";
import { readJsonFile } from "./host/read-json.ts";
import { packageRoot } from "./host/root.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: "string" } } });
const stopAt = (problems: readonly Problem[]): void => {
  for (const problem of problems) console.error(showProblem(problem));
  if (problems.length > 0) process.exit(1);
};
if (positionals.length === 0) stopAt([{ code: "missing-key", path: "the command line", got: "no catalogue", expected: "JSON files of series with points" }]);

const read = positionals.map((file) => ({ name: basename(file), ...readJsonFile(file, basename(file)) }));
stopAt(read.flatMap(({ problems }) => problems));
const { documents, problems } = splitCatalogues(read.map(({ name, value }) => ({ name, value })));
stopAt(problems);
const scenarios = join(packageRoot, "scenarios");
const compared = compareCases(scenarios, read.map(({ value }) => value), documents);
stopAt(compared.problems);

const folder = values.to ?? join(scenarios, shelvedFolders["published-runs"]);
mkdirSync(folder, { recursive: true });
const names = new Set(documents.map(({ id }) => `${id}.json`));
const removed = jsonFiles(folder).filter((file) => !names.has(file));
for (const file of removed) rmSync(join(folder, file));
for (const document of documents) writeFileSync(join(folder, `${document.id}.json`), writePublishedRuns(document));
const leftOut = documents.flatMap((document) => document.leftOut);
const series = documents.reduce((sum, document) => sum + document.series.length, 0);
const points = documents.reduce((sum, document) => sum + document.series.reduce((own, one) => own + one.points.length, 0), 0);
console.log(`${documents.length} documents of ${series} series with ${points} points; ${removed.length} removed`);
console.log(`read back they give the same ${compared.cases} cases`);
for (const { id, points: count, why } of leftOut) console.log(`left out: ${id}, ${count} points: ${why}`);
