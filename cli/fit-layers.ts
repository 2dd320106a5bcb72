/**
 * Fits the parameters of layer networks to the published runs of scenarios/runs/published, or to catalogues, and writes the calibration document, docs/accuracy.md and the
 * points that the page shows and a test guards: `npx tsx cli/fit-layers.ts [CATALOGUE...] [--rules FILE] [--to DIR] [--page FILE] [--parity FILE] [--quick]`. --quick leaves out
 * the refits and writes nothing. Figures of transformers on the page are those that cli/fit-transformers.ts wrote last.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fitLayers, layerProtocols, predictFromSmallest } from "../calibrate/fit/layers/fit-layers.ts";
import { describeAccuracy, meanings } from "../calibrate/fit/layers/page.ts";
import { layerRows } from "../calibrate/fit/layers/parity-rows.ts";
import { layerNoise } from "../calibrate/fit/layers/runs.ts";
import { describeCorpus } from "../calibrate/fit/transformer/document.ts";
import { describeParity } from "../calibrate/fit/transformer/parity.ts";
import { showProblem } from "../model/problems.ts";
import { joinFrom, makeProgress, printScores, readSeries, sourcesOf, stopAt, tellWorse, writeCalibration, writeParity } from "./host/fit-files.ts";
import { readLayerHost } from "./host/layer-catalogue.ts";
import { packageRoot } from "./host/root.ts";
import { readTransformerScores } from "./host/transformer-scores.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rules: { type: "string" }, to: { type: "string" }, page: { type: "string" }, parity: { type: "string" }, quick: { type: "boolean", default: false } } });
const inRoot = (path: string): string => join(packageRoot, path);
const { series, from, problems } = readSeries(inRoot("scenarios"), positionals, "layers");
const host = readLayerHost(inRoot("scenarios"), values.rules);
stopAt([...problems, ...host.problems]);
const catalogue = host.read(series);
for (const problem of catalogue.problems) console.error(showProblem(problem));
console.error(`${catalogue.points} points of ${catalogue.series} series: ${catalogue.cases.length} cases, ${catalogue.skipped.length} skipped`);

const progress = makeProgress();
const layers = fitLayers(catalogue, host.documents, values.quick ? ["in-sample", "cold"] : layerProtocols, progress);
printScores(layers.fitted.runs, layers.fitted.predictions);
if (values.quick) process.exit(0);

writeCalibration(values.to ?? inRoot("scenarios/calibrations"), describeCorpus({ id: "layer-runs", title: "Published runs of vision and science networks, all scopes at once", from }, "layers", layerNoise.discrepancy, layers.fitted, ({ case: { layout } }) => ({ devices: layout.devices, samplesPerDevice: layout.samplesPerDevice })));
const transformers = readTransformerScores(inRoot("web/client/public/transformer-accuracy.json"));
writeFileSync(values.page ?? inRoot("docs/accuracy.md"), describeAccuracy({ catalogue, layers, fromSmallest: predictFromSmallest(layers.fitted, progress), transformers }));
const about = "Step times of published runs of vision and science networks beside predictions, written by npm run fit with the calibration layer-runs; do not edit.";
const rows = layerRows(layers.fitted);
const recorded = inRoot("web/client/public/layer-accuracy.json");
tellWorse(recorded, rows, layers.fitted.predictions);
writeParity(values.parity ?? recorded, describeParity(rows, layers.fitted.predictions, { about, from: joinFrom(from), sources: sourcesOf(series), meanings }));
