/**
 * Fits the network's parameters to published nccl-tests outputs and writes docs/network-fits.md: `npx tsx cli/fit-collectives.ts --from DIR [--to FILE]`.
 * DIR holds the files that calibrate/fit/collective/published.ts names. Files that are missing are named and left out.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeFits } from "../calibrate/fit/collective/page.ts";
import { publishedSeries } from "../calibrate/fit/collective/published.ts";
import { makeSeries, type CollectiveSeries } from "../calibrate/fit/collective/series.ts";
import { ncclTests } from "../calibrate/readers/nccl-tests.ts";

const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" } } });
if (values.from === undefined) {
  console.error("fit-collectives: --from DIR is missing: the folder of the nccl-tests outputs");
  process.exit(1);
}
const series: CollectiveSeries[] = [];
for (const published of publishedSeries) {
  const file = join(values.from, published.file);
  if (!existsSync(file)) {
    console.error(`${published.file}: not there, left out`);
    continue;
  }
  const made = makeSeries(published, ncclTests.read(readFileSync(file, "utf8"), published.file));
  if (made.series) series.push(made.series);
  else console.error(made.problem);
}
const page = describeFits(series);
writeFileSync(values.to ?? fileURLToPath(new URL("../docs/network-fits.md", import.meta.url)), page.markdown);
console.log(page.summary);
