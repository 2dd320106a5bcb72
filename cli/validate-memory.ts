/**
 * Compares predictions of device memory with published readings and writes docs/memory-accuracy.md: `npx tsx cli/validate-memory.ts [--page FILE] [CATALOGUE...]`.
 * Readings are in scenarios/memory-readings, what frameworks keep in scenarios/memory. Of each catalogue of published runs, counts those that would be refused although they ran.
 */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMemoryAccuracy } from "../calibrate/memory/accuracy-page.ts";
import { countAnswers, judgeCases } from "../calibrate/memory/judge-cases.ts";
import { scoreReadings } from "../calibrate/memory/score-readings.ts";
import { readCatalogue } from "../calibrate/readers/catalogue/read-catalogue.ts";
import { showProblem, type Problem } from "../model/problems.ts";
import { readCatalogueRules, readFitDocuments } from "./host/catalogue.ts";
import { readMemoryReadings } from "./host/memory-readings.ts";
import { readJsonFile } from "./host/read-json.ts";

const { values, positionals } = parseArgs({ options: { page: { type: "string" } }, allowPositionals: true });
const root = fileURLToPath(new URL("../", import.meta.url));
const scenarios = join(root, "scenarios");
const stopAt = (problems: readonly Problem[]): void => {
  for (const problem of problems) console.error(showProblem(problem));
  if (problems.length > 0) process.exit(1);
};

const { readings, memories, problems } = readMemoryReadings(scenarios);
stopAt(problems);
const scores = readings.map((document) => scoreReadings(document, memories));
writeFileSync(values.page ?? join(root, "docs", "memory-accuracy.md"), describeMemoryAccuracy(scores, "npx tsx cli/validate-memory.ts"));
for (const { title, count, meanError, worst } of scores) console.log(`${(100 * meanError).toFixed(2).padStart(6)} %  worst ${(100 * worst).toFixed(1).padStart(6)} %  ${String(count).padStart(4)}  ${title}`);

for (const file of positionals) {
  const read = readJsonFile(file, basename(file));
  const { rules, launches, problems: unread } = readCatalogueRules(join(scenarios, "catalogues", "transformer-runs.json"));
  const { documents, problems: broken } = readFitDocuments(scenarios);
  stopAt([...read.problems, ...unread, ...broken]);
  if (rules === undefined) process.exit(1);
  const { cases, problems: found } = readCatalogue(read.value, rules, launches);
  for (const problem of found) console.error(showProblem(problem));
  const memoryOf = (stack: string) => memories[documents.stacks[stack]?.memory ?? ""];
  const capacityOf = (device: string) => (documents.devices[device]?.memory.visible ?? documents.devices[device]?.memory.capacity)?.value;
  const judged = judgeCases(cases, memoryOf, capacityOf);
  console.log(`\n${basename(file)}: ${judged.length} of ${cases.length} runs have a device and a memory document`);
  for (const { family, fits, tight, refused, inferred } of countAnswers(judged)) console.log(`${family.padEnd(18)} fits ${fits}, tight ${tight}, refused ${refused}; recomputation inferred in ${inferred}`);
  for (const { id, device_bytes, capacity_bytes } of judged.filter(({ answer }) => answer === "does not fit")) console.log(`refused: ${id}, ${(device_bytes / 1e9).toFixed(1)} of ${(capacity_bytes / 1e9).toFixed(1)} GB`);
}
