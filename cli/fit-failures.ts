/** Fits the law of interruptions to published counts: writes docs/failure-law.md and scenarios/calibrations/interruptions-ai-clusters.json: `npx tsx cli/fit-failures.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeLawDocument } from "../calibrate/fit/reliability/law-document.ts";
import { describeLaws } from "../calibrate/fit/reliability/page.ts";
import { showProblem } from "../model/problems.ts";
import { readLibrary } from "./host/library.ts";
import { readPublishedFacts } from "./host/published-facts.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const scenarios = join(root, "scenarios");
const { facts, problems } = readPublishedFacts(scenarios, readLibrary(scenarios).library.sources);
for (const problem of problems) console.error(showProblem(problem));
if (problems.length > 0) process.exit(1);
const file = join(scenarios, "calibrations", "interruptions-ai-clusters.json");
writeFileSync(file, `${JSON.stringify(makeLawDocument(facts, JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>), null, 2)}\n`);
writeFileSync(join(root, "docs", "failure-law.md"), describeLaws(facts, "npx tsx cli/fit-failures.ts"));
