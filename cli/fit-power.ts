/** Remakes the calibration of power from the metered nodes in scenarios/facts: `npx tsx cli/fit-power.ts`. Writes scenarios/calibrations; a test compares it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitPower } from "../calibrate/fit/power.ts";
import { meteredNodes } from "../calibrate/checks/energy-models.ts";
import { showProblem } from "../model/problems.ts";
import { readLibrary } from "./host/library.ts";
import { readPublishedFacts } from "./host/published-facts.ts";
import { scenariosFolder } from "./host/root.ts";

const { library, folder, problems } = readLibrary(scenariosFolder(process.cwd(), undefined, process.env));
const { facts, problems: wrong } = readPublishedFacts(folder, library.sources);
for (const problem of [...problems, ...wrong]) console.error(showProblem(problem));
const { document, runs, rest } = fitPower(meteredNodes(library, facts), facts);
writeFileSync(join(folder, "calibrations", `${document.id}.json`), `${JSON.stringify({ $schema: "../schemas/calibration.schema.json", ...document }, null, 2)}\n`);
for (const { benchmark, nodes, working, node_w, fitted_w, leftOut_w } of runs) {
  console.log(`${benchmark} on ${nodes}: working ${working.toFixed(2)}, metered ${node_w.toFixed(0)} W, fitted ${fitted_w.toFixed(0)} W, left out ${leftOut_w.toFixed(0)} W`);
}
for (const [name, { value, standardError }] of Object.entries(document.parameters)) console.log(`${name}: ${value} (standard error of the log ${standardError})`);
console.log(`parts besides devices: ${rest.toFixed(2)} times what the document says`);
console.log(document.residuals);
