/** The real scenarios, read once, and short ways from a name to a scenario or a prediction in tests. */
import { fileURLToPath } from "node:url";
import { readLibrary } from "../../cli/host/library.ts";
import { validate } from "../../calibrate/validate.ts";
import { predict, type PredictOptions } from "../../model/predict/predict.ts";
import type { Prediction, Validation } from "../../model/prediction.ts";
import { showProblem } from "../../model/problems.ts";
import type { Protocol } from "../../model/resolve/parameters.ts";
import { resolveScenario } from "../../model/resolve/resolve.ts";
import type { Changes, Library, Scenario } from "../../model/scenario.ts";

export const scenariosFolder = fileURLToPath(new URL("../../scenarios/", import.meta.url));

const loaded = readLibrary(scenariosFolder);
if (loaded.problems.length > 0) throw new Error(loaded.problems.map(showProblem).join("\n"));

export const library: Library = loaded.library;
export const allRunNames = Object.keys(library.documents.run);
const isOwn = (name: string): boolean => (library.documents.run[name] as { source?: string }).source === "own-training-2026";
/** Runs of hosts whose operations were measured: small networks over few ranks, with tests of their own. */
export const ownRunNames = allRunNames.filter(isOwn);
/** Published runs: whole machines, with inputs that are read, decoded and copied. */
export const runNames = allRunNames.filter((name) => !isOwn(name));

/** The documents of one kind may be edited freely in a copy. */
export const copyLibrary = (): Library => structuredClone({ documents: Object.fromEntries(Object.entries(library.documents).map(([kind, documents]) => [kind, { ...documents }])) as Library["documents"], sources: library.sources });

export function scenarioOf(run: string, changes: Changes = {}, from: Library = library): Scenario {
  const resolved = resolveScenario(from, { run, changes });
  if (!resolved.scenario) throw new Error(resolved.problems.map(showProblem).join("\n"));
  return resolved.scenario;
}

export const predictRun = (run: string, changes: Changes = {}, options: PredictOptions = {}): Prediction => predict(scenarioOf(run, changes), options);

const validations = new Map<Protocol, Validation>();

/** The validation of all runs, made once for each protocol. */
export function validationUnder(protocol: Protocol): Validation {
  const known = validations.get(protocol);
  if (known) return known;
  const { validation, problems } = validate(library, { protocol });
  if (!validation) throw new Error(problems.map(showProblem).join("\n"));
  validations.set(protocol, validation);
  return validation;
}
