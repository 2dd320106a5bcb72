/**
 * Remakes the convolution calibrations from DeepBench sheets: `npx tsx cli/fit-convolution.ts --from DIR [--to DIR]`.
 * DIR holds the csv files that calibrate/fit/convolution-document.ts names. Writes scenarios/calibrations by default.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { convolutionTargets, describeConvolutionFit } from "../calibrate/fit/convolution-document.ts";
import { fitConvolution, labelApplications } from "../calibrate/fit/convolution.ts";
import { deepbench } from "../calibrate/readers/deepbench.ts";

const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" } } });
if (values.from === undefined) {
  console.error("fit-convolution: --from DIR is missing: the folder of the DeepBench csv files");
  process.exit(1);
}
const from = values.from;
const to = values.to ?? fileURLToPath(new URL("../scenarios/calibrations", import.meta.url));

for (const target of convolutionTargets) {
  const text = readFileSync(join(from, target.file), "utf8");
  const table = deepbench.read(text);
  for (const { line, got, expected } of table.problems) console.error(`${target.file}:${line}: got ${got}, expected ${expected}`);
  const rows =
    target.applicationsFrom === undefined
      ? table.convolutions
      : labelApplications(table.convolutions, deepbench.read(readFileSync(join(from, target.applicationsFrom), "utf8")).convolutions);
  const fit = fitConvolution(rows, target);
  const document = describeConvolutionFit(target, table, createHash("sha256").update(text).digest("hex"), fit);
  const file = join(to, `${target.id}.json`);
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  const percent = (value: number): string => (100 * value).toFixed(1);
  console.log(
    `${target.id}: n ${fit.overall.n}, MAPE ${percent(fit.overall.mape)} %, median ${percent(fit.overall.median)} %, sum ${percent(fit.overall.sumError)} %, ` +
      `left out ${percent(fit.crossValidated.mape)}/${percent(fit.crossValidated.median)} %${fit.converged ? "" : ", NOT CONVERGED"}`,
  );
}
