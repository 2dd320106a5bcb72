/**
 * Makes convolution calibrations of one device from what native/pytorch/convolution_table.py measured on it:
 * `npx tsx cli/fit-torch-convolution.ts --from FILE --device ID --source ID [--to DIR]`, one document per precision of the file.
 * Peaks, bandwidth and cache come from the device's document. Prints the quality of the fits, and what else the file says of the device.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeConvolutionFit } from "../calibrate/fit/convolution-document.ts";
import { fitConvolution } from "../calibrate/fit/convolution.ts";
import { implyDepthwiseTraffic, targetsOf } from "../calibrate/fit/torch-convolution.ts";
import { torchConvolution } from "../calibrate/readers/torch-convolution.ts";
import { parseDocument } from "../model/schema/parse.ts";

const { values } = parseArgs({ options: { from: { type: "string" }, device: { type: "string" }, source: { type: "string" }, to: { type: "string" } } });
const { from, device: deviceId, source } = values;
if (from === undefined || deviceId === undefined || source === undefined) {
  console.error("fit-torch-convolution: --from FILE, --device ID and --source ID are needed: the measured lines, a device document, and who measured");
  process.exit(1);
}
const scenarios = fileURLToPath(new URL("../scenarios", import.meta.url));
const to = values.to ?? join(scenarios, "calibrations");
const { document: device, problems } = parseDocument("device", JSON.parse(readFileSync(join(scenarios, "devices", `${deviceId}.json`), "utf8")), `devices/${deviceId}`);
if (!device) {
  for (const { path, got, expected } of problems) console.error(`${path}: got ${got}, expected ${expected}`);
  process.exit(1);
}
const text = readFileSync(from, "utf8");
const sha256 = createHash("sha256").update(text).digest("hex");
const measured = torchConvolution.read(text);
for (const { line, got, expected } of measured.problems) console.error(`${from}:${line}: got ${got}, expected ${expected}`);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

for (const { target, table } of targetsOf(device, measured, basename(from), source)) {
  const fit = fitConvolution(table.convolutions, target);
  writeFileSync(join(to, `${target.id}.json`), `${JSON.stringify(describeConvolutionFit(target, table, sha256, fit), null, 2)}\n`);
  const { overall, crossValidated, byPass } = fit;
  console.log(
    `${target.id}: n ${overall.n}, MAPE ${percent(overall.mape)}, median ${percent(overall.median)}, sum ${percent(overall.sumError)}, ` +
      `left out ${percent(crossValidated.mape)} and ${percent(crossValidated.median)}${fit.converged ? "" : ", NOT CONVERGED"}`,
  );
  for (const [pass, errors] of Object.entries(byPass)) console.log(`  ${pass}: n ${errors.n}, MAPE ${percent(errors.mape)}, median ${percent(errors.median)}, sum ${percent(errors.sumError)}`);
  const traffic = implyDepthwiseTraffic(table.depthwise, fit.constants, target);
  if (traffic !== undefined) console.log(`  depth-wise traffic over the ideal: median ${traffic.toFixed(2)} of ${table.depthwise.length} kernels`);
}
for (const { operation, precision, rate_bytes_per_s } of measured.memory) {
  console.log(`${operation}, ${precision}: ${(rate_bytes_per_s / 1e9).toFixed(0)} GB/s, ${percent(rate_bytes_per_s / device.memory.bandwidth.value)} of the bandwidth`);
}
for (const { mode, time_s } of measured.launches) console.log(`small kernel, ${mode}: ${(1e6 * time_s).toFixed(2)} us`);
