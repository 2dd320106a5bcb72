/**
 * Compares predictions of device memory with published readings and writes docs/memory-accuracy.md: `npx tsx cli/validate-memory.ts [--page FILE]`.
 * Readings are in scenarios/memory-readings, what frameworks keep in scenarios/memory.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMemoryAccuracy } from "../calibrate/memory/accuracy-page.ts";
import { scoreReadings } from "../calibrate/memory/score-readings.ts";
import { showProblem } from "../model/problems.ts";
import { readMemoryReadings } from "./host/memory-readings.ts";

const { values } = parseArgs({ options: { page: { type: "string" } } });
const root = new URL("../", import.meta.url);
const { readings, memories, problems } = readMemoryReadings(fileURLToPath(new URL("scenarios", root)));
for (const problem of problems) console.error(showProblem(problem));
if (problems.length > 0) process.exit(1);
const scores = readings.map((document) => scoreReadings(document, memories));
const page = values.page ?? join(fileURLToPath(root), "docs", "memory-accuracy.md");
writeFileSync(page, describeMemoryAccuracy(scores, "npx tsx cli/validate-memory.ts"));
for (const { title, count, meanError, worst } of scores) console.log(`${(100 * meanError).toFixed(2).padStart(6)} %  worst ${(100 * worst).toFixed(1).padStart(6)} %  ${String(count).padStart(4)}  ${title}`);
