/**
 * Fits the parameters of the transformer model to the published runs of scenarios/runs/published, or to catalogues, and writes the calibration document,
 * docs/accuracy-transformers.md and the points that the page shows and a test guards: `npx tsx cli/fit-transformers.ts [CATALOGUE...] [--rules FILE] [--to DIR] [--page FILE]
 * [--parity FILE] [--quick]`. --quick leaves out the refits and writes nothing.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeTransformerCorpus } from "../calibrate/fit/transformer/document.ts";
import { fitCatalogue } from "../calibrate/fit/transformer/fit-catalogue.ts";
import { describeAccuracy, meanings } from "../calibrate/fit/transformer/page.ts";
import { describeParity, transformerRows } from "../calibrate/fit/transformer/parity.ts";
import { peersAmong } from "../calibrate/fit/transformer/peers.ts";
import { protocols } from "../calibrate/fit/transformer/protocols.ts";
import { readCatalogue } from "../calibrate/readers/catalogue/read-catalogue.ts";
import { showProblem } from "../model/problems.ts";
import { readCatalogueRules, readFitDocuments } from "./host/catalogue.ts";
import { joinFrom, makeProgress, printScores, readSeries, sourcesOf, stopAt, tellWorse, writeCalibration, writeParity } from "./host/fit-files.ts";
import { readLibrary } from "./host/library.ts";
import { readPublishedFacts } from "./host/published-facts.ts";
import { packageRoot } from "./host/root.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rules: { type: "string" }, to: { type: "string" }, page: { type: "string" }, parity: { type: "string" }, quick: { type: "boolean", default: false } } });
const inRoot = (path: string): string => join(packageRoot, path);
const scenarios = inRoot("scenarios");
const { series, from, problems } = readSeries(scenarios, positionals, "transformers");
const rules = readCatalogueRules(values.rules ?? join(scenarios, "catalogues", "transformer-runs.json"));
const documents = readFitDocuments(scenarios);
const published = readPublishedFacts(scenarios, readLibrary(scenarios).library.sources);
stopAt([...problems, ...rules.problems, ...documents.problems, ...published.problems]);
const catalogue = readCatalogue(series, rules.rules!, rules.launches, documents.architectureOf);
for (const problem of catalogue.problems) console.error(showProblem(problem));
console.error(`${catalogue.points} points of ${catalogue.series} series: ${catalogue.cases.length} cases, ${catalogue.skipped.length} skipped`);

const fitted = fitCatalogue(catalogue, documents.documents, values.quick ? ["in-sample", "cold"] : protocols, makeProgress());
printScores(fitted.measured.runs, fitted.measured.predictions);
if (values.quick) process.exit(0);

writeCalibration(values.to ?? join(scenarios, "calibrations"), describeTransformerCorpus({ id: "transformer-runs", title: "Published transformer runs, all scopes at once", from }, fitted.measured));
writeFileSync(values.page ?? inRoot("docs/accuracy-transformers.md"), describeAccuracy(catalogue, fitted, peersAmong(published.facts)));
const about = "Step times of published transformer runs beside predictions, written by npm run fit with the calibration transformer-runs; do not edit.";
const rows = transformerRows(fitted.measured);
const recorded = inRoot("web/client/public/transformer-accuracy.json");
tellWorse(recorded, rows, fitted.measured.predictions);
writeParity(values.parity ?? recorded, describeParity(rows, fitted.measured.predictions, { about, from: joinFrom(from), sources: sourcesOf(series), meanings }));
