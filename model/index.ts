/** The public surface of the model: documents in, predictions out. Pure: no files, no clock, no randomness. */
export { predict, type PredictOptions } from "./predict/predict.ts";
export { predictSafely, type SafePrediction } from "./predict/predict-safely.ts";
export { resolveScenario, type Resolved } from "./resolve/resolve.ts";
export { protocols, type Protocol } from "./resolve/parameters.ts";
export { checkDocument, checkLibrary, guessKind } from "./resolve/check.ts";
export { knobs, type Knob } from "./explain/knobs.ts";
export { explain, type Explanation, type ExplainedOperation } from "./explain/explain.ts";
export { simulate, type SimulateOptions } from "./simulate/simulate.ts";
export type { PathPart, RankRecord, Simulation } from "./simulate/simulation.ts";
export { chromeTrace } from "./simulate/chrome-trace.ts";
export { placements, type Placement } from "./simulate/placement.ts";
export * from "./prediction.ts";
export type { Changes, Library, Scenario, Selection } from "./scenario.ts";
export { InputError, nearest, showProblem, type Problem } from "./problems.ts";
export { documentFolders, documentKinds, storedKinds, type DocumentKind, type DocumentOf, type StoredKind } from "./schema/index.ts";
export { parseDocument, parseJson } from "./schema/parse.ts";
export { jsonSchema } from "./schema/json-schema.ts";
export { dimensions, formatNumber, formatQuantity, parseQuantity, showQuantity, type Dimension } from "./units.ts";
