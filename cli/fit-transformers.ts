/**
 * Fits the parameters of the transformer model to catalogues of published runs, and writes the calibration document, docs/accuracy-transformers.md and the points of the
 * page's parity plot: `npx tsx cli/fit-transformers.ts CATALOGUE... [--peers FILE] [--rules FILE] [--to DIR] [--page FILE] [--parity FILE] [--quick]`. --quick leaves out the
 * refits and writes nothing.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeTransformerCorpus } from "../calibrate/fit/transformer/document.ts";
import { fitCatalogue } from "../calibrate/fit/transformer/fit-catalogue.ts";
import { describeAccuracy, meanings } from "../calibrate/fit/transformer/page.ts";
import { describeParity } from "../calibrate/fit/transformer/parity.ts";
import { readPeers } from "../calibrate/fit/transformer/peers.ts";
import { protocols } from "../calibrate/fit/transformer/protocols.ts";
import { describeErrors } from "../calibrate/fit/transformer/statistics.ts";
import { readCatalogue } from "../calibrate/readers/catalogue/read-catalogue.ts";
import { showProblem, type Problem } from "../model/problems.ts";
import { readCatalogueRules, readFitDocuments } from "./host/catalogue.ts";
import { readJsonFile } from "./host/read-json.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { peers: { type: "string" }, rules: { type: "string" }, to: { type: "string" }, page: { type: "string" }, parity: { type: "string" }, quick: { type: "boolean", default: false } } });
if (positionals.length === 0) {
  console.error("fit-transformers: a catalogue is missing: a JSON file of series with points");
  process.exit(1);
}
const root = new URL("../", import.meta.url);
const scenarios = fileURLToPath(new URL("scenarios", root));
const stopAt = (problems: readonly Problem[]): void => {
  for (const problem of problems) console.error(showProblem(problem));
  if (problems.length > 0) process.exit(1);
};

const files = positionals.map((file) => ({ file, ...readJsonFile(file, basename(file)) }));
const rules = readCatalogueRules(values.rules ?? join(scenarios, "catalogues", "transformer-runs.json"));
const documents = readFitDocuments(scenarios);
stopAt([...files.flatMap(({ problems }) => problems), ...rules.problems, ...documents.problems]);
const series = files.flatMap(({ value }) => value);
const catalogue = readCatalogue(series, rules.rules!, rules.launches, documents.architectureOf);
for (const problem of catalogue.problems) console.error(showProblem(problem));
console.error(`${catalogue.points} points of ${catalogue.series} series: ${catalogue.cases.length} cases, ${catalogue.skipped.length} skipped`);

let last = 0;
const progress = (what: string, done: number, of: number): void => {
  const now = performance.now();
  if (now - last < 1000) return;
  last = now;
  console.error(`${what}: ${done} of ${of}`);
};
const fitted = fitCatalogue(catalogue, documents.documents, values.quick ? ["in-sample", "cold"] : protocols, progress);
const good = new Set(fitted.measured.runs.filter(({ case: { flags } }) => flags.length === 0).map(({ case: { id } }) => id));
for (const [protocol, predictions] of Object.entries(fitted.measured.predictions)) {
  const errors = describeErrors(predictions.filter(({ id }) => good.has(id)));
  if (errors) console.log(`${protocol}: ${errors.points} points of ${errors.series} series, MAPE ${(100 * errors.mape).toFixed(1)} %, median ${(100 * errors.median).toFixed(1)} %, 95 % intervals hold ${(100 * errors.coverage95).toFixed(0)} %`);
}
if (values.quick) process.exit(0);

const sha256Of = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");
const sizes = files.map(({ file, value }) => {
  const { series: count, points } = readCatalogue(value, rules.rules!, rules.launches, documents.architectureOf);
  return { file: basename(file), sha256: sha256Of(readFileSync(file)), series: count, points };
});
const document = describeTransformerCorpus({ id: "transformer-runs", title: "Published transformer runs, all scopes at once", from: sizes }, fitted.measured);
const to = values.to ?? join(scenarios, "calibrations");
const lines = Object.entries({ $schema: "../schemas/calibration.schema.json", ...document }).map(([key, value]) => `  ${JSON.stringify(key)}: ${Array.isArray(value) ? `[\n${value.map((one) => `    ${JSON.stringify(one)}`).join(",\n")}\n  ]` : JSON.stringify(value)}`);
writeFileSync(join(to, `${document.id}.json`), `{\n${lines.join(",\n")}\n}\n`);
const peers = values.peers === undefined ? [] : readPeers(readJsonFile(values.peers, basename(values.peers)).value);
writeFileSync(values.page ?? fileURLToPath(new URL("docs/accuracy-transformers.md", root)), describeAccuracy(catalogue, fitted, peers));
const sources = new Map((series as ReadonlyArray<{ id: string; source?: { title?: string; url?: string } }>).map(({ id, source }) => [id, { title: source?.title ?? id, url: source?.url ?? "" }]));
/** Columns and entries of lists on a line each. */
const layOut = (value: unknown, depth: number, indent: string): string => {
  if (depth === 0 || value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((one) => `${inner}${JSON.stringify(one)}`).join(",\n")}\n${indent}]`;
  return `{\n${Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${layOut(one, depth - 1, inner)}`).join(",\n")}\n${indent}}`;
};
const parity = describeParity(fitted, { file: sizes.map(({ file }) => file).join(", "), sha256: sizes.length === 1 ? sizes[0]!.sha256 : sha256Of(sizes.map((one) => one.sha256).join("\n")) }, sources, meanings);
writeFileSync(values.parity ?? fileURLToPath(new URL("web/client/public/transformer-accuracy.json", root)), `${layOut(parity, 2, "")}\n`);
