/** Compares predictions with published figures of data, failures, energy and money, and writes docs/checks.md: `npx tsx cli/checks.ts [--page FILE]`. Figures are in scenarios/facts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkRooms } from "../calibrate/checks/index.ts";
import { describeChecks } from "../calibrate/checks/page.ts";
import { showProblem } from "../model/problems.ts";
import { readLibrary } from "./host/library.ts";
import { readPublishedFacts } from "./host/published-facts.ts";

const { values } = parseArgs({ options: { page: { type: "string" } } });
const root = fileURLToPath(new URL("../", import.meta.url));
const scenarios = join(root, "scenarios");
const { library, problems: unread } = readLibrary(scenarios);
const { facts, problems } = readPublishedFacts(scenarios, library.sources);
for (const problem of [...unread, ...problems]) console.error(showProblem(problem));
if (unread.length + problems.length > 0) process.exit(1);
writeFileSync(values.page ?? join(root, "docs", "checks.md"), describeChecks(checkRooms, { library, facts }, library.sources, "npx tsx cli/checks.ts"));
