/**
 * Fits the parameters of layer networks to a catalogue of published runs, and writes the calibration document and docs/accuracy.md:
 * `npx tsx cli/fit-layers.ts CATALOGUE [--rules FILE] [--to DIR] [--page FILE] [--recorded FILE] [--quick]`. --quick leaves out the refits and writes nothing. Figures of
 * transformers on the page are those that cli/fit-transformers.ts wrote last.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fitLayers, layerProtocols, predictFromSmallest } from "../calibrate/fit/layers/fit-layers.ts";
import { describeAccuracy } from "../calibrate/fit/layers/page.ts";
import { recordAccuracy } from "../calibrate/fit/layers/recorded.ts";
import { layerNoise } from "../calibrate/fit/layers/runs.ts";
import { describeCorpus } from "../calibrate/fit/transformer/document.ts";
import { describeErrors } from "../calibrate/fit/transformer/statistics.ts";
import { showProblem, type Problem } from "../model/problems.ts";
import { readLayerHost } from "./host/layer-catalogue.ts";
import { readJsonFile } from "./host/read-json.ts";
import { readTransformerScores } from "./host/transformer-scores.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rules: { type: "string" }, to: { type: "string" }, page: { type: "string" }, recorded: { type: "string" }, quick: { type: "boolean", default: false } } });
const [file] = positionals;
if (file === undefined) {
  console.error("fit-layers: a catalogue is missing: a JSON file of series with points");
  process.exit(1);
}
const root = new URL("../", import.meta.url);
const inRoot = (path: string): string => fileURLToPath(new URL(path, root));
const scenarios = inRoot("scenarios");
const stopAt = (problems: readonly Problem[]): void => {
  for (const problem of problems) console.error(showProblem(problem));
  if (problems.length > 0) process.exit(1);
};

const read = readJsonFile(file, basename(file));
const host = readLayerHost(scenarios, values.rules);
stopAt([...read.problems, ...host.problems]);
const catalogue = host.read(read.value);
for (const problem of catalogue.problems) console.error(showProblem(problem));
console.error(`${catalogue.points} points of ${catalogue.series} series: ${catalogue.cases.length} cases, ${catalogue.skipped.length} skipped`);

let last = 0;
const progress = (what: string, done: number, of: number): void => {
  const now = performance.now();
  if (now - last < 1000) return;
  last = now;
  console.error(`${what}: ${done} of ${of}`);
};
const layers = fitLayers(catalogue, host.documents, values.quick ? ["in-sample", "cold"] : layerProtocols, progress);
const good = new Set(layers.fitted.runs.filter(({ case: { flags } }) => flags.length === 0).map(({ case: { id } }) => id));
for (const [protocol, predictions] of Object.entries(layers.fitted.predictions)) {
  const errors = describeErrors(predictions.filter(({ id }) => good.has(id)));
  if (errors) console.log(`${protocol}: ${errors.points} points of ${errors.series} series, MAPE ${(100 * errors.mape).toFixed(1)} %, median ${(100 * errors.median).toFixed(1)} %, 95 % intervals hold ${(100 * errors.coverage95).toFixed(0)} %`);
}
if (values.quick) process.exit(0);

const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
const from = [{ file: basename(file), sha256, series: catalogue.series, points: catalogue.points }];
const document = describeCorpus({ id: "layer-runs", title: "Published runs of vision and science networks, all scopes at once", from }, "layers", layerNoise.discrepancy, layers.fitted);
const lines = Object.entries({ $schema: "../schemas/calibration.schema.json", ...document }).map(([key, value]) => `  ${JSON.stringify(key)}: ${Array.isArray(value) ? `[\n${value.map((one) => `    ${JSON.stringify(one)}`).join(",\n")}\n  ]` : JSON.stringify(value)}`);
writeFileSync(join(values.to ?? join(scenarios, "calibrations"), `${document.id}.json`), `{\n${lines.join(",\n")}\n}\n`);
const transformers = readTransformerScores(inRoot("web/client/public/transformer-accuracy.json"));
writeFileSync(values.page ?? inRoot("docs/accuracy.md"), describeAccuracy({ catalogue, layers, fromSmallest: predictFromSmallest(layers.fitted, progress), transformers }));
writeFileSync(values.recorded ?? inRoot("test/fixtures/catalogue/layer-accuracy.json"), `${JSON.stringify(recordAccuracy(layers.fitted), null, 2)}\n`);
