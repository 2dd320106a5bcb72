/**
 * Fits the network's parameters to published nccl-tests outputs and writes docs/network-fits.md and calibration documents:
 * `npx tsx cli/fit-collectives.ts --from DIR [--page FILE] [--to DIR]`. DIR has folders nccl-tests and osu with the files that scenarios/series names; files that
 * are missing are named and left out. Short tables, those of Polaris, stand in scenarios/series themselves.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeCollectiveFit } from "../calibrate/fit/collective/document.ts";
import { fitCollective } from "../calibrate/fit/collective/fit.ts";
import { fitMessages, messageTimes } from "../calibrate/fit/collective/message.ts";
import { describeFits, type FittedMessages } from "../calibrate/fit/collective/page.ts";
import { makeSeries, type CollectiveSeries } from "../calibrate/fit/collective/series.ts";
import { describeScales } from "../calibrate/fit/collective/transfer.ts";
import { ncclTests } from "../calibrate/readers/nccl-tests.ts";
import { osu } from "../calibrate/readers/osu.ts";
import { showProblem } from "../model/problems.ts";
import type { CollectiveCalibration } from "../model/schema/calibration.ts";
import { readSeries } from "./host/series.ts";

const { values } = parseArgs({ options: { from: { type: "string" }, page: { type: "string" }, to: { type: "string" } } });
if (values.from === undefined) {
  console.error("fit-collectives: --from DIR is missing: the folder with nccl-tests and osu");
  process.exit(1);
}
const root = new URL("../", import.meta.url);
const { published, problems } = readSeries(fileURLToPath(new URL("scenarios", root)));
const [scales] = published.scales;
for (const problem of problems) console.error(showProblem(problem));
if (problems.length > 0 || scales === undefined) process.exit(1);
const to = values.to ?? fileURLToPath(new URL("scenarios/calibrations", root));
const write = (document: CollectiveCalibration): void => writeFileSync(join(to, `${document.id}.json`), `${JSON.stringify(document, null, 2)}\n`);

const series: CollectiveSeries[] = [];
for (const described of published.collectives) {
  const path = join(values.from, "nccl-tests", described.file);
  if (!existsSync(path)) {
    console.error(`${described.file}: not there, left out`);
    continue;
  }
  const text = readFileSync(path, "utf8");
  const made = makeSeries(described, ncclTests.read(text, described.file));
  if (!made.series) {
    console.error(made.problem);
    continue;
  }
  series.push(made.series);
  const { id, title, rows, hits } = made.series;
  if (!described.documented) continue;
  const from = [{ file: described.file, sha256: createHash("sha256").update(text).digest("hex"), published: described.published, rows: rows.length }];
  write(describeCollectiveFit({ id: `collective-${id}`, title: `${title}, ${described.library}`, of: described, from, rows, hits }, fitCollective(rows)));
}
for (const one of published.scales) write(describeScales(one));
const messages: FittedMessages[] = [];
for (const { title, published: where, file } of published.messages) {
  const path = join(values.from, "osu", file);
  if (existsSync(path)) messages.push({ title, published: where, fit: fitMessages(messageTimes(osu.read(readFileSync(path, "utf8")))) });
  else console.error(`${file}: not there, left out`);
}
const page = describeFits(series, messages, scales);
writeFileSync(values.page ?? fileURLToPath(new URL("docs/network-fits.md", root)), page.markdown);
console.log(page.summary);
