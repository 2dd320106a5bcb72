/** Remakes the stack calibrations from the runs in scenarios/: `npx tsx cli/fit-stack.ts`. Writes scenarios/calibrations; a test compares them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeStackDocuments } from "../calibrate/fit/stack-document.ts";
import { showProblem } from "../model/problems.ts";
import { readLibrary } from "./host/library.ts";
import { scenariosFolder } from "./host/root.ts";

const { library, folder, problems } = readLibrary(scenariosFolder(process.cwd(), undefined, process.env));
for (const problem of problems) console.error(showProblem(problem));
for (const document of makeStackDocuments(library)) {
  const text = `${JSON.stringify({ $schema: "../schemas/calibration.schema.json", ...document }, null, 2)}\n`;
  writeFileSync(join(folder, "calibrations", `${document.id}.json`), text);
  for (const { run, value, standardError } of document.estimates) console.log(`${document.id}: ${value} (standard error of the log ${standardError}) from ${run}`);
}
